"""Published protocols, one file each, as data: loader, sources on every number, review status."""

from paulatim.library.entry import (
    Action,
    Band,
    Cited,
    Dose,
    Entry,
    Erratum,
    Kind,
    LastBag,
    MadeWith,
    Meaning,
    Purpose,
    Reference,
    Review,
    Route,
    Scaling,
    SolutionRule,
    Source,
    StepRule,
    Target,
    Transcription,
    Until,
)  # fmt: skip
from paulatim.library.loading import load
from paulatim.library.reading import Node, Problem, Unreadable, read
from paulatim.library.shelf import NotOnShelf, entries, entry, ids

__all__ = [
    "Action", "Band", "Cited", "Dose", "Entry", "Erratum", "Kind", "LastBag", "MadeWith", "Meaning", "Node",
    "NotOnShelf", "Problem", "Purpose", "Reference", "Review", "Route", "Scaling", "SolutionRule", "Source",
    "StepRule", "Target", "Transcription", "Unreadable", "Until", "entries", "entry", "ids", "load", "read",
]  # fmt: skip
