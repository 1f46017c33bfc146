"""What the paper sheets say: order, pharmacy sheet, run sheet, record; texts only, templates lay them out."""

from paulatim.documents.sheets.order import order_words
from paulatim.documents.sheets.pharmacy import pharmacy_words
from paulatim.documents.sheets.record import Record, RecordLine, record_words
from paulatim.documents.sheets.run import run_words

__all__ = ["Record", "RecordLine", "order_words", "pharmacy_words", "record_words", "run_words"]
