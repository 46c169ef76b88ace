"""One document as Markdown, as text and as HTML: the same words and the same numbers."""
