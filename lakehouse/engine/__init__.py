"""What runs frames: Spark (its session, JARs and Java), or Sail within this process, each in a room of its own."""
