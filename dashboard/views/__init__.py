"""The pages, one file each. Streamlit runs a page as a script; imported, it does nothing.

Not called pages: Streamlit would take a folder of that name for pages of its own making, beside the navigation.
"""
