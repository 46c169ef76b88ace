"""What pages show, as pure questions: filters and a publication in, Arrow out. No Streamlit, no Spark."""
