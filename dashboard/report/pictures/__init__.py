"""The pictures of the executive report, drawn by matplotlib, which is asked for only when one is drawn."""

from dashboard.report.pictures.draw import draw_pictures
from dashboard.report.pictures.picture import Picture, PicturesMissing

__all__ = ["Picture", "PicturesMissing", "draw_pictures"]
