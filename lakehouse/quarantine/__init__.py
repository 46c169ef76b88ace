"""The quarantine as a workflow: which rows wait, what a person decides about them, and what became of them."""
