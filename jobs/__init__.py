"""Jobs for spark-submit, and the `lakehouse` command."""
