"""What all pages share: the lake that is open, the bar of filters, tiles. Streamlit is known here and in pages."""
