"""The star schema: dimensions and facts, each derived from silver as far as silver changed."""
