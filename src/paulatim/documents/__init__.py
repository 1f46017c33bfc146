"""Documents: order, pharmacy sheet, bag labels, run sheet, record, and the ladder as a picture."""

from paulatim.documents.chart import ladder_svg
from paulatim.documents.folder import NAMES, pdf, record_pdf, write_all
from paulatim.documents.press import CannotPrint, NothingToPrint

__all__ = ["NAMES", "CannotPrint", "NothingToPrint", "ladder_svg", "pdf", "record_pdf", "write_all"]
