"""Learning: what became of procedures, and rates with their intervals."""

from paulatim.learning.outcomes import Ending, Outcome, Reaction, Total, outcome
from paulatim.learning.rates import Proportion, Summary, by_entry, summary, wilson

__all__ = [
    "Ending", "Outcome", "Proportion", "Reaction", "Summary", "Total", "by_entry", "outcome", "summary", "wilson",
]  # fmt: skip
