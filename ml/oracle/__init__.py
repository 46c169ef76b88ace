"""The ceiling: what a forecaster reaches who knows how the generated shop was planted."""
