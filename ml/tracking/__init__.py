"""Experiments, model versions and aliases in MLflow. The one room that imports it."""
