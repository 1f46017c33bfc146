"""Rates over outcomes, each with the interval that says how little a few procedures prove."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

from paulatim.learning.outcomes import Ending, Outcome

__all__ = ["Proportion", "Summary", "by_entry", "summary", "wilson"]


@dataclass(frozen=True, slots=True)
class Proportion:
    """`count` of `of`, and the bounds of its 95 % interval, each a share from 0 to 1.

    These are the only floats of the room: they describe, and nothing is dosed from them.
    """

    count: int
    of: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """The observed share, from 0 to 1."""
        return self.count / self.of


@dataclass(frozen=True, slots=True)
class Summary:
    """Rates among procedures that have ended. `ungraded` of them have a reaction that nobody graded and none of grade
    2 or more: the last rate may be too low by as many."""

    ended: int
    running: int
    not_started: int
    completed: Proportion | None
    any_reaction: Proportion | None
    grade_2_or_more: Proportion | None
    ungraded: int


def wilson(count: int, of: int, confidence: float = 0.95) -> Proportion:
    """A proportion with its score interval, without a correction for continuity.

    Source: Wilson EB. J Am Stat Assoc 1927;22:209-12. Raises ValueError unless 0 <= count <= of and of >= 1.
    """
    if of < 1 or not 0 <= count <= of:
        raise ValueError(f"{count} of {of} is no proportion. Count at most as many as there are, and at least one.")
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    middle = (count + z * z / 2) / (of + z * z)
    half = z / (of + z * z) * sqrt(count * (of - count) / of + z * z / 4)
    low = 0.0 if count == 0 else middle - half  # exactly: the difference of two floats would miss it
    high = 1.0 if count == of else middle + half
    return Proportion(count, of, low, high)


def summary(outcomes: Iterable[Outcome]) -> Summary:
    """The rates over some outcomes; None where none has ended. A procedure under way counts in no rate."""
    all_of_them = tuple(outcomes)
    ended = [each for each in all_of_them if each.ended]
    moderate = [each for each in ended if (each.worst or 0) >= 2]

    def rate(count: int) -> Proportion | None:
        return wilson(count, len(ended)) if ended else None

    return Summary(
        ended=len(ended),
        running=sum(each.ending is Ending.RUNNING for each in all_of_them),
        not_started=sum(each.ending is Ending.NOT_STARTED for each in all_of_them),
        completed=rate(sum(each.ending is Ending.COMPLETED for each in ended)),
        any_reaction=rate(sum(bool(each.reactions) for each in ended)),
        grade_2_or_more=rate(len(moderate)),
        ungraded=sum(each.ungraded for each in ended if each not in moderate),
    )


def by_entry(outcomes: Iterable[Outcome]) -> dict[str, Summary]:
    """The rates by the published entry that each procedure was made from, by its id."""
    groups: dict[str, list[Outcome]] = {}
    for each in outcomes:
        groups.setdefault(each.entry, []).append(each)
    return {entry: summary(groups[entry]) for entry in sorted(groups)}
