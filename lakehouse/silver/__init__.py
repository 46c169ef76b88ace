"""Silver: typed, canonical, one latest version per key; what cannot be accepted is in quarantine with its reasons."""
