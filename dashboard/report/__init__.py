"""The executive report: what is published, told in two minutes."""
