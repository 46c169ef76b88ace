"""Great Expectations at work: the one room that imports it."""
