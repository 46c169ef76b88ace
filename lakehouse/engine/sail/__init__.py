"""Sail as the engine: a server within this process that speaks Spark Connect. No Java."""
