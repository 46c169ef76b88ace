"""Bronze: files of the landing folder become tables of strings, exactly as sent."""
