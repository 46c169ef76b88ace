"""Bronze: files of the landing folder become tables of strings, exactly as sent. Imports nothing: see json_fields."""
