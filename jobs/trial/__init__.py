"""What a source becomes, tried on the first rows of its files before any run: `lakehouse source check`."""
