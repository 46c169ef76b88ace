"""Spark as the engine: its session and options, Delta's JARs, and the Java that it needs."""
