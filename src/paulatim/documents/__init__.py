"""Documents: order, pharmacy sheet, bag labels, run sheet, record, and the ladder as a picture."""

from paulatim.documents.chart import ladder_svg

__all__ = ["ladder_svg"]
