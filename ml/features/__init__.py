"""What is known of a customer at a day, for models: point-in-time correct features."""
