"""The tables of the lake, declared once. Standard library only."""
