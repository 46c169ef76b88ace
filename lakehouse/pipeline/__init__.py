"""A run: its stages, the steps that build tables, and the publication that ends it.

Gate, row rules and steps are handed in: see lakehouse.pipeline.parts.
"""
