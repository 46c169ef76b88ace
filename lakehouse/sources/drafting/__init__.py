"""Drafts of declarations: what files look like, and what their columns may mean."""
