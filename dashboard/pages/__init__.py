"""One file per page. Streamlit runs a page as a script; imported, it does nothing."""
