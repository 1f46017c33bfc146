"""The few marks that a picture is drawn with, as SVG text: lines, words, numbered shapes; two decimals, no floats."""

from __future__ import annotations

from fractions import Fraction
from html import escape

__all__ = ["hatch", "line", "number", "outline", "shape_svg", "words"]

Length = Fraction | int

# Corners on a circle of radius 1, as exact decimals; the shape of a bag's number. The first is a circle.
_CORNERS: tuple[tuple[tuple[str, str], ...], ...] = (
    (),
    (("-0.9", "-0.9"), ("0.9", "-0.9"), ("0.9", "0.9"), ("-0.9", "0.9")),
    (("0", "-1.3"), ("1.25", "0.85"), ("-1.25", "0.85")),
    (("0", "-1.2"), ("1.2", "0"), ("0", "1.2"), ("-1.2", "0")),
    (("0", "-1.1"), ("1.05", "-0.34"), ("0.65", "0.89"), ("-0.65", "0.89"), ("-1.05", "-0.34")),
    (("-0.55", "-0.95"), ("0.55", "-0.95"), ("1.1", "0"), ("0.55", "0.95"), ("-0.55", "0.95"), ("-1.1", "0")),
    (("-0.45", "-1"), ("0.45", "-1"), ("1", "-0.45"), ("1", "0.45"), ("0.45", "1"), ("-0.45", "1"), ("-1", "0.45"),
     ("-1", "-0.45")),
)  # fmt: skip


def number(length: Length) -> str:
    """A length with at most two decimals, the same on each platform."""
    exact = Fraction(length) * 100
    rounded = (exact.numerator * 2 + exact.denominator) // (2 * exact.denominator)
    whole, rest = divmod(abs(rounded), 100)
    return f"{'-' if rounded < 0 else ''}{whole}.{rest:02}".rstrip("0").rstrip(".")


def line(name: str, start: tuple[Length, Length], end: tuple[Length, Length], width: str, more: str = "") -> str:
    """A line from one point to another."""
    (x1, y1), (x2, y2) = start, end
    ends = f'x1="{number(x1)}" y1="{number(y1)}" x2="{number(x2)}" y2="{number(y2)}"'
    return f'<line class="{name}" {ends} stroke="currentColor" stroke-width="{width}"{more}/>'


def words(name: str, x: Length, y: Length, said: str, anchor: str = "start", more: str = "") -> str:
    """Words that begin (`start`), end (`end`) or are centred (`middle`) at a point on their baseline."""
    place = f'x="{number(x)}" y="{number(y)}"' + (f' text-anchor="{anchor}"' if anchor != "start" else "")
    return f'<text class="{name}" {place}{more}>{escape(said)}</text>'


def hatch(name: str, left: Length, right: Length, top: Length, bottom: Length) -> list[str]:
    """A hatched box: lines at 45 degrees, cut to it."""
    wide, high = right - left, bottom - top
    return [
        line(
            name,
            (left + max(offset - high, 0), bottom - min(offset, high)),
            (left + min(offset, wide), bottom - max(offset - wide, 0)),
            "0.6",
            ' stroke-opacity="0.4"',
        )
        for offset in range(6, int(wide + high), 6)
    ]


def outline(mark: int, x: Length, y: Length, radius: Length) -> str:
    """The shape that belongs to a bag's number, with the number in it; shapes begin anew after seven."""
    corners = _CORNERS[(mark - 1) % len(_CORNERS)]
    stroke = f'class="ladder-bag" fill="none" stroke="currentColor" stroke-width="{number(Fraction(radius) / 7)}"'
    if corners:
        points = " ".join(f"{number(x + radius * Fraction(a))},{number(y + radius * Fraction(b))}" for a, b in corners)
        shape = f'<polygon {stroke} points="{points}"/>'
    else:
        shape = f'<circle {stroke} cx="{number(x)}" cy="{number(y)}" r="{number(radius)}"/>'
    size = number(Fraction(radius) * 5 / 4)
    more = f' font-size="{size}" font-weight="600"'
    return shape + words("ladder-bag-number", x, y + Fraction(radius) * 9 / 20, str(mark), "middle", more)


def shape_svg(mark: int) -> str:
    """A bag's shape and number as a picture of its own, for labels and sheets."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48" font-family="IBM Plex Sans, sans-serif" '
        f'fill="currentColor"><title>{mark}</title>{outline(mark, 24, 25, 17)}</svg>\n'
    )
