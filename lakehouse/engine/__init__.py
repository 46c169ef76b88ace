"""What runs frames. Spark (its session, JARs and Java) has a room of its own, so that another can stand beside it."""
