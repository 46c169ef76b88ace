"""The tokens as Streamlit, Plotly, matplotlib and CSS want them."""
