"""Sources: what a merchant's files look like and how they become canonical feeds."""
