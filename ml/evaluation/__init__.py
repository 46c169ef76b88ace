"""How good a model is: measures with intervals, curves, plots."""
