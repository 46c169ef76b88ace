"""Figures, as pure functions of frames and a look. Each mark carries its id and a sentence; each figure a text."""
