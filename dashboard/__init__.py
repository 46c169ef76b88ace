"""What people look at: pages over published gold, read without Spark. Needs the extra `dashboard`."""
