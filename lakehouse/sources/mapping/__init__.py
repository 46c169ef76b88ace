"""From the columns of files to the canonical ones: expressions, values, codes, countries, and the check of them all."""
