"""The sections of the report, a file each: facts in, paragraphs and tables out."""
