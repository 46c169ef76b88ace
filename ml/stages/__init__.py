"""What a run does with models: train what is due, score with the champions, and what it tells of it."""
