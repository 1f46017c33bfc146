"""The ladder as a picture: planned dose rate (or dose by mouth) on a log scale over time, the same at every size."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction
from html import escape
from itertools import groupby
from typing import Literal

from paulatim.documents.svg import hatch, line, number, outline, words
from paulatim.documents.treads import DAY, Tread, in_words, treads
from paulatim.documents.words import by_day, figure, is_oral
from paulatim.plan import Plan
from paulatim.quantity import Quantity

__all__ = ["Given", "Size", "ladder_svg"]

Size = Literal["full", "strip", "thumbnail", "print"]
Given = tuple[Quantity, Quantity, Quantity]  # start, end, dose rate (or dose by mouth)

_EXACT = Context(prec=28)  # decimal logarithms are correctly rounded, so each platform draws the same picture
_APART = (15, 30, 60, 120, 180, 360, 720, DAY, 7 * DAY)  # minutes between two marks of the time axis


@dataclass(frozen=True, slots=True)
class _Frame:
    """The room that a size gives the picture, in its own units."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    font: int
    worded: bool  # rates and numbers on the steps, axis titles
    ticked: bool


_FRAMES: dict[str, _Frame] = {
    "full": _Frame(960, 380, 64, 16, 60, 40, 13, True, True),
    "print": _Frame(760, 250, 56, 10, 50, 32, 11, True, True),
    "strip": _Frame(1200, 104, 64, 16, 30, 20, 13, False, True),
    "thumbnail": _Frame(160, 40, 2, 2, 3, 3, 9, False, False),
}


def ladder_svg(
    plan: Plan,
    size: Size = "full",
    at: Quantity | None = None,
    given: tuple[Given, ...] = (),
    reactions: tuple[Quantity, ...] = (),
) -> str:
    """The plan's ladder as SVG text. `at` and `reactions` are times since the start.

    The same call gives the same text on every platform. The picture has no ground, is drawn in the colour of
    the text around it, and its classes `ladder-...` let a page colour its parts.
    """
    return _Picture(plan, size).svg(at, given, reactions)


def _log(level: Quantity) -> Decimal:
    return _EXACT.log10(_EXACT.divide(Decimal(level.number.numerator), Decimal(level.number.denominator)))


class _Picture:
    """One drawing: where times and levels fall, and each part of the picture as text."""

    def __init__(self, plan: Plan, size: Size) -> None:
        self.plan, self.size, self.frame = plan, size, _FRAMES[size]
        self.treads = treads(plan)
        levels = [tread.level for tread in self.treads if tread.level is not None]
        self.unit = levels[0].unit
        self.oral = is_oral(plan)
        self.first = next(iter(plan.targets))
        self.by_day = by_day(plan)
        self.length = max(tread.end for tread in self.treads)
        self.low = (_log(min(levels)) - Decimal("0.1")).__floor__()  # whole decades, with air around the line
        self.high = (_log(max(levels)) + Decimal("0.1")).__ceil__()
        self.floor, self.end = self.frame.height - self.frame.bottom, self.frame.width - self.frame.right

    def x(self, minutes: Fraction) -> Fraction:
        inside = min(max(minutes, Fraction(0)), self.length)
        return self.frame.left + (self.end - self.frame.left) * inside / self.length

    def y(self, level: Quantity) -> Fraction:
        share = (Fraction(_log(level.to(self.unit))) - self.low) / (self.high - self.low)
        return self.floor - (self.floor - self.frame.top) * min(max(share, Fraction(0)), Fraction(1))

    def svg(self, at: Quantity | None, given: tuple[Given, ...], reactions: tuple[Quantity, ...]) -> str:
        frame, parts = self.frame, [*self.scales(), *self.filled(given), *self.purges(), *self.stairs(), *self.bags()]
        if frame.worded:
            parts += self.step_words()
        parts += [*self.reacted(reactions), *self.here(at)]
        title = f"Ladder of {self.plan.drugs}, plan {self.plan.short}"
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="ladder ladder-{self.size}" role="img" '
            f'viewBox="0 0 {frame.width} {frame.height}" font-family="IBM Plex Sans, sans-serif" '
            f'font-size="{frame.font}" fill="currentColor">\n'
            f"<title>{escape(title)}</title>\n<desc>{escape(in_words(self.plan, at, reactions))}</desc>\n"
            + "\n".join(parts)
            + "\n</svg>\n"
        )

    def scales(self) -> Iterator[str]:
        frame = self.frame
        for power in range(self.low, self.high + 1) if frame.ticked else ():
            label = Quantity(Fraction(10) ** power, self.unit)
            y = self.y(label)
            yield line("ladder-grid", (frame.left, y), (self.end, y), "0.75", ' stroke-opacity="0.3"')
            if frame.worded or power in (self.low, self.high):
                yield words("ladder-tick", frame.left - 6, y + Fraction(frame.font, 3), figure(label), "end")
        for minutes, said in self.hours() if frame.ticked else ():
            x = self.x(minutes)
            yield line("ladder-tick-mark", (x, self.floor), (x, self.floor + 4), "0.75")
            place, anchor = (x, "middle") if x + len(said) * 3 < self.end else (self.end, "end")
            yield words("ladder-tick", place, self.floor + frame.font + 4, said, anchor)
        yield line("ladder-axis", (frame.left, self.floor), (self.end, self.floor), "1")
        if frame.worded:
            said = f"planned dose{'' if self.oral else ' rate'} in {self.unit.words}, each line ten times the one below"
            yield words("ladder-axis-title", 4, frame.font + 1, said)
            told = f"on each step its {'dose' if self.oral else 'pump rate in mL/h'}, under it its number"
            yield words("ladder-axis-title", self.end, frame.font + 1, told, "end")
        elif frame.ticked:
            yield words("ladder-axis-title", 4, frame.top - 12, self.unit.words)

    def hours(self) -> Iterator[tuple[Fraction, str]]:
        """The marks of the time axis (min) and what they say; a day is named in its middle."""
        if self.by_day:
            count = -(-self.length // DAY)
            for day in range(0, count, -(-count // 14)):
                yield Fraction(day * DAY + DAY // 2), f"day {day + 1}"
            return
        apart = next((step for step in _APART if self.length / step <= 10), _APART[-1])
        for minutes in range(0, int(self.length) + 1, apart):
            yield Fraction(minutes), f"{minutes} min" if apart < 60 else f"{minutes // 60} h"

    def stairs(self) -> Iterator[str]:
        """The line: one for each drug, broken where the line is purged; a dot where a dose is taken."""
        wide = {"thumbnail": "1.5", "strip": "2.5"}.get(self.size, "2")
        for place, drug in enumerate(self.plan.targets):
            dash = ' stroke-dasharray="7 4"' if place else ""
            treads = [tread for tread in self.treads if tread.step.drug == drug]
            for gap, run in groupby(treads, key=lambda tread: tread.level is None):
                if not gap:
                    path = " ".join(self.climb(run))
                    yield (f'<path class="ladder-planned" d="{path}" fill="none" stroke="currentColor" '
                           f'stroke-width="{wide}"{dash}/>')  # fmt: skip
        for tread in self.treads if self.oral else ():
            yield from self.dose(tread)

    def dose(self, tread: Tread) -> Iterator[str]:
        """A dot where a dose is taken; a hollow square for the second drug, which may lie on the first."""
        assert tread.level is not None
        x, y, radius = self.x(tread.start), self.y(tread.level), Fraction(3 if self.size == "thumbnail" else 7, 2)
        if tread.step.drug == self.first:
            yield f'<circle class="ladder-dose" cx="{number(x)}" cy="{number(y)}" r="{number(radius)}"/>'
            return
        place, side = f'x="{number(x - 2 * radius)}" y="{number(y - 2 * radius)}"', number(radius * 4)
        yield (f'<rect class="ladder-dose" {place} width="{side}" height="{side}" fill="none" stroke="currentColor" '
               'stroke-width="1.5"/>')  # fmt: skip

    def climb(self, run: Iterator[Tread]) -> Iterator[str]:
        for place, tread in enumerate(run):
            assert tread.level is not None
            y = number(self.y(tread.level))
            yield f"V{y}" if place else f"M{number(self.x(tread.start))} {y}"
            yield f"H{number(self.x(tread.end))}"

    def purges(self) -> Iterator[str]:
        """A hatched column: time passes, and nothing of it is a dose."""
        for tread in self.treads:
            if tread.level is None:
                left, right = self.x(tread.start), self.x(tread.end)
                yield from hatch("ladder-purge", left, right, self.frame.top, self.floor)
                if self.frame.worded:
                    x, y = number((left + right) / 2 + 4), number(self.floor - 10)
                    turn = f' transform="rotate(-90 {x} {y})" stroke="none"'
                    yield words("ladder-purge-word", Fraction(x), Fraction(y), "purge, no dose", "start", turn)

    def bags(self) -> Iterator[str]:
        """Above the steps: which bag (or drug) each belongs to, by shape and number; a thin line where it changes."""
        if not self.frame.ticked:
            return
        font, radius = self.frame.font, 9
        y = self.frame.top - radius - 5
        for _, run in groupby(sorted(self.treads, key=lambda t: (t.mark, t.start)), key=lambda t: t.mark):
            treads = list(run)
            first, left, right = treads[0], self.x(treads[0].start), self.x(treads[-1].end)
            said = first.step.drug
            if first.step.solution:
                said = self.plan.batch(first.step.solution).solution.concentration.show()
                yield line("ladder-change", (left, y - radius), (left, self.floor), "0.75", ' stroke-dasharray="2 3"')
            yield outline(first.mark, left + radius + 4, y, radius)
            if self.frame.worded and len(said) * font * Fraction(55, 100) < right - left - 3 * radius:
                yield words("ladder-bag-word", left + 2 * radius + 10, y + Fraction(font, 3), said)

    def step_words(self) -> Iterator[str]:
        """The pump rate (or the dose) over each step and its number under it, where there is room."""
        font = self.frame.font
        for tread in self.treads:
            if tread.level is None:
                continue
            left, right, y = self.x(tread.start), self.x(tread.end), self.y(tread.level)
            said, told = figure(tread.step.rate or tread.level), str(tread.step.number)
            room, bold = right - left, ' font-weight="600"'
            other = tread.step.drug != self.first  # the second drug's words stand left, the first one's right
            if Fraction(len(said) * font, 2) <= 2 * room:
                side, anchor = (left + 12, "start") if other else (right - 3, "end")
                yield words("ladder-rate", side, y - 4, said, anchor, bold)
            if Fraction(len(told) * font * 6, 10) <= room and self.floor - y > font + 2:
                side, anchor = (left + 12, "start") if other else ((left + right) / 2, "middle")
                yield words("ladder-step", side, y + font + 1, told, anchor, f' font-size="{font - 2}"')

    def filled(self, given: tuple[Given, ...]) -> Iterator[str]:
        for start, end, level in given:
            if not level:  # a hold: time passes, and nothing is given
                continue
            left, right, top = self.x(start.to("min").number), self.x(end.to("min").number), self.y(level)
            wide = Fraction(number(right)) - Fraction(number(left))  # as drawn: two that meet leave no seam
            size = f'width="{number(wide)}" height="{number(self.floor - top)}"'
            yield f'<rect class="ladder-given" x="{number(left)}" y="{number(top)}" {size} fill-opacity="0.3"/>'

    def reacted(self, reactions: tuple[Quantity, ...]) -> Iterator[str]:
        for time in reactions:
            x, top = self.x(time.to("min").number), self.frame.top
            yield line("ladder-reaction", (x, top), (x, self.floor), "1.5", ' stroke-dasharray="4 2"')
            yield f'<path class="ladder-reaction" d="M{number(x - 6)} {number(top)} h12 l-6 10 z"/>'
            yield from self.beside("ladder-reaction-word", x, "reaction")

    def here(self, at: Quantity | None) -> Iterator[str]:
        if at is None:
            return
        x, top = self.x(at.to("min").number), self.frame.top
        yield line("ladder-here", (x, top), (x, self.floor), "1.5" if self.size == "thumbnail" else "3")
        yield from self.beside("ladder-here-word", x, "you are here")

    def beside(self, name: str, x: Fraction, said: str) -> Iterator[str]:
        """A word beside an upright line, where the ladder is not: below it on the right, above it on the left."""
        if self.frame.ticked:
            below = x < (self.frame.left + self.end) / 2
            level = min((self.y(t.level) for t in self.treads if t.level and self.x(t.start) <= x), default=self.floor)
            y = self.floor - 6 if self.floor - level > 2 * self.frame.font else self.frame.top + self.frame.font
            side, anchor = (x + 7, "start") if below else (x - 7, "end")
            yield words(name, side, y, said, anchor)
