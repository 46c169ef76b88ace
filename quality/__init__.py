"""Quality: row rules, and the gate that a publication must pass."""
