"""A published protocol as frozen data: what the source says, where it says it, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from paulatim.quantity import Quantity


class Meaning(StrEnum):
    """What a protocol means by its target."""

    CUMULATIVE = "cumulative_equals_target"  # all steps together give the target (infusions)
    LAST_DOSE = "last_dose_equals_target"  # the last single dose is the target (oral ladders)
    DAILY = "daily_dose"  # the last day's dose is the target
    ON_TOP = "full_dose_on_top"  # the last bag holds the whole target, on top of what was given
    ENDPOINT = "endpoint_rule"  # done when a rule says so; the last planned dose is the target


class LastBag(StrEnum):
    """What a protocol does about the drug given before its last bag."""

    LOWER_CONCENTRATION = "lower_concentration"  # c = (target - given before) / volume; the bag runs empty
    LOWER_AMOUNT = "lower_amount"  # holds target - given before; the bag runs empty
    STOP_AT_TARGET = "stop_at_target"  # full strength; stopped when the target is in, the rest thrown away
    FULL_ON_TOP = "full_dose_on_top"  # full strength, run empty; more than the target is given
    NOT_A_BAG = "not_a_bag"  # single doses


class Kind(StrEnum):
    """A `table` is one printed ladder; a `family` makes a ladder from a drug and a target."""

    TABLE = "table"
    FAMILY = "family"


class Route(StrEnum):
    """How the drug goes in."""

    INTRAVENOUS = "intravenous"
    ORAL = "oral"


class Purpose(StrEnum):
    """What the ladder is for."""

    RAPID = "rapid desensitization"
    SLOW = "slow desensitization"
    REINTRODUCTION = "reintroduction after a reaction, not a desensitization"


class Transcription(StrEnum):
    """How much of the source was read."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    UNVERIFIED = "unverified"


class Action(StrEnum):
    """What a step does."""

    INFUSE = "infuse"
    PURGE = "purge"  # fills the line; counted as no dose
    TAKE = "take"  # by mouth


class Until(StrEnum):
    """When a step ends that has no printed time of its own."""

    EMPTY = "empty"
    TARGET = "target"


class Scaling(StrEnum):
    """Whether an entry may be made for another target than the printed one."""

    TO_TARGET = "to_target"
    FIXED = "fixed"


@dataclass(frozen=True, slots=True)
class Reference:
    """A publication."""

    key: str
    authors: str
    where: str
    year: str = ""
    title: str = ""
    doi: str = ""
    pmcid: str = ""
    url: str = ""

    def __str__(self) -> str:
        said = [self.authors, self.title, self.where, self.year]
        ids = [f"doi:{self.doi}" if self.doi else "", self.pmcid, "" if self.doi else self.url]
        return ". ".join(part.rstrip(".") for part in said + ids if part) + "."


@dataclass(frozen=True, slots=True)
class Source:
    """Where a number was read: a reference's key and a place in it."""

    ref: str
    at: str


@dataclass(frozen=True, slots=True)
class Cited:
    """An amount and its source."""

    amount: Quantity
    source: Source


@dataclass(frozen=True, slots=True)
class Band:
    """An amount for the body weights strictly between two limits; None is no limit."""

    above: Quantity | None
    below: Quantity | None
    cited: Cited


@dataclass(frozen=True, slots=True)
class Dose:
    """One amount, or one by body weight. A weight that the source leaves out has none."""

    bands: tuple[Band, ...]

    @property
    def by_weight(self) -> bool:
        """Whether the patient's weight is needed."""
        return any(band.above or band.below for band in self.bands)

    def for_weight(self, weight: Quantity | None) -> Cited | None:
        """The amount for a body weight; None when the weight is unknown or in a gap of the source."""
        for band in self.bands:
            if band.above is None and band.below is None:
                return band.cited
            if weight and not (band.above and weight <= band.above) and not (band.below and weight >= band.below):
                return band.cited
        return None


@dataclass(frozen=True, slots=True)
class Target:
    """What the ladder leads to, by drug, and what that means. A family has no amount of its own."""

    meaning: Meaning
    by_drug: Mapping[str, Dose]


@dataclass(frozen=True, slots=True)
class SolutionRule:
    """A bag or stock: its volume, and its strength said in one of four ways."""

    name: str
    source: Source
    volume: Cited | None = None
    amount: Cited | None = None  # at the published target; scales with it
    share: Fraction | None = None  # of the target
    concentration: Cited | None = None  # fixed
    rest: bool = False  # the target less what was given before


@dataclass(frozen=True, slots=True)
class StepRule:
    """A step as the source defines it: any two of rate, time and volume, or a dose, or an end."""

    number: int
    action: Action
    drug: str
    source: Source
    solution: str = ""
    rate: Cited | None = None
    time: Cited | None = None
    volume: Cited | None = None
    dose: Dose | None = None
    until: Until | None = None
    day: int | None = None


@dataclass(frozen=True, slots=True)
class Erratum:
    """A misprint: where, what is printed, what is right (if it can be said), and why."""

    at: str
    printed: str
    corrected: str
    reason: str


@dataclass(frozen=True, slots=True)
class Review:
    """Who has looked at the entry: each of four readings is `done`, `todo`, or `exempt: reason`."""

    transcribed: str
    second_reader: str
    arithmetic: str
    pharmacist: str

    @property
    def open(self) -> tuple[str, ...]:
        """The readings still to be done."""
        names = ("transcribed", "second_reader", "arithmetic", "pharmacist")
        return tuple(name.replace("_", " ") for name in names if getattr(self, name) == "todo")


@dataclass(frozen=True, slots=True)
class MadeWith:
    """The family that a printed table was made with, and how."""

    entry: str
    target: Quantity
    volume: Quantity | None
    final_rate: Quantity | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One published protocol. `printed` keeps each derived cell as text, by path (`steps.10.volume`)."""

    id: str
    title: str
    kind: Kind
    drugs: tuple[str, ...]  # empty: any drug
    route: Route
    purpose: Purpose
    transcription: Transcription
    review: Review
    references: Mapping[str, Reference]
    source: Source
    target: Target
    scaling: Scaling
    last_bag: LastBag
    solutions: tuple[SolutionRule, ...]
    steps: tuple[StepRule, ...]
    interval: Cited | None  # from the start of one dose to the start of the next
    vitals: Cited | None
    observe: Cited | None
    made_with: MadeWith | None
    printed: Mapping[str, str]
    errata: tuple[Erratum, ...]
    notes: tuple[str, ...]
    on_reaction: tuple[str, ...]
    digest: str  # sha256 of the file

    @property
    def startable(self) -> str:
        """Why no procedure may be started from it, or nothing."""
        if self.transcription is not Transcription.COMPLETE:
            return f"{self.id} is {self.transcription}: compare it with the source before any use."
        return ""
