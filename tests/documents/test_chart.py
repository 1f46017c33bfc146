"""The ladder is one picture at four sizes, says what it shows, and is the same text each time."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal, getcontext, localcontext
from fractions import Fraction
from xml.etree import ElementTree

import pytest

from paulatim import Plan, Quantity
from paulatim.documents import ladder_svg
from paulatim.documents.chart import Size

Q = Quantity
Plans = Callable[[str], Plan]
SIZES: tuple[Size, ...] = ("full", "strip", "thumbnail", "print")
SHAPES = ("ceftazidime", "infliximab", "penicillin", "aspirin", "tb", "tenfold", "no-stock", "long")
NS = "{http://www.w3.org/2000/svg}"


def tree(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def named(svg: str, name: str) -> list[ElementTree.Element]:
    return [part for part in tree(svg).iter() if part.get("class") == name]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", SHAPES)
def test_the_picture_stays_in_its_frame_and_has_two_decimals(plan: Plans, name: str, size: Size) -> None:
    svg = ladder_svg(plan(name), size)
    _, _, width, height = (Decimal(side) for side in tree(svg).attrib["viewBox"].split())
    for part in tree(svg).iter():
        for key in ("x", "x1", "x2", "cx"):
            assert 0 <= Decimal(part.get(key, "0")) <= width
        for key in ("y", "y1", "y2", "cy"):
            assert 0 <= Decimal(part.get(key, "0")) <= height
    assert not re.search(r"\d\.\d{3}|\d[eE][-+]?\d|NaN", re.sub(r"<(title|desc)>.*?</\1>|>[^<]*<", "><", svg))


def test_it_does_not_depend_on_the_settings_of_decimals(plan: Plans) -> None:
    usual = ladder_svg(plan("ceftazidime"))
    with localcontext(getcontext()) as context:
        context.prec = 3
        assert ladder_svg(plan("ceftazidime")) == usual


def test_each_riser_is_as_high_as_its_fold_on_a_log_scale(plan: Plans) -> None:
    made = plan("ceftazidime")
    (line,) = named(ladder_svg(made), "ladder-planned")
    heights = [Decimal(y) for y in re.findall(r"(?:M\S+ |V)(\S+)", line.attrib["d"])]
    assert len(heights) == 12
    decade = [Decimal(part.attrib["y1"]) for part in named(ladder_svg(made), "ladder-grid")]
    apart = decade[0] - decade[1]
    for step, below, above in zip(made.steps[1:], heights, heights[1:], strict=False):
        assert step.fold
        ratio = Decimal(step.fold.numerator) / Decimal(step.fold.denominator)
        assert abs((below - above) - ratio.log10() * apart) < Decimal("0.02")


def test_a_tread_is_as_long_as_its_step(plan: Plans) -> None:
    made = plan("ceftazidime")
    (line,) = named(ladder_svg(made), "ladder-planned")
    start = Fraction(re.findall(r"M(\S+)", line.attrib["d"])[0])
    ends = [Fraction(x) for x in re.findall(r"H(\S+)", line.attrib["d"])]
    whole = made.duration.to("min").number
    for step, end in zip(made.steps, ends, strict=True):
        share = (step.begins + step.lasts).to("min").number / whole
        assert abs(start + (ends[-1] - start) * share - end) < Fraction(1, 50)


def test_a_purge_is_hatched_and_breaks_the_line(plan: Plans) -> None:
    svg = ladder_svg(plan("infliximab"))
    assert len(named(svg, "ladder-planned")) == 3
    assert [part.text for part in named(svg, "ladder-purge-word")] == ["purge, no dose"] * 3
    assert named(svg, "ladder-purge")
    assert not named(ladder_svg(plan("ceftazidime")), "ladder-purge")


def test_each_bag_has_a_number_and_a_shape_of_its_own(plan: Plans) -> None:
    svg = ladder_svg(plan("tenfold"), "strip")
    assert [part.text for part in named(svg, "ladder-bag-number")] == [str(number) for number in range(1, 8)]
    shapes = {re.sub(r"[\d.,]+", "", part.get("points", "round")).count(" ") for part in named(svg, "ladder-bag")}
    assert len(shapes) >= 5  # square and diamond have four corners each


def test_steps_carry_their_rates_and_numbers(plan: Plans) -> None:
    svg = ladder_svg(plan("ceftazidime"), "print")
    rates = [part.text for part in named(svg, "ladder-rate")]
    assert rates == ["2", "5", "10", "20", "5", "10", "20", "40", "10", "20", "40", "80"]
    # step 1 lies too near the axis to have its number under it
    assert [part.text for part in named(svg, "ladder-step")] == [str(number) for number in range(2, 13)]


def test_the_axes_say_their_units(plan: Plans) -> None:
    said = [part.text for part in named(ladder_svg(plan("ceftazidime")), "ladder-axis-title")]
    assert said == [
        "planned dose rate in mg/h, each line ten times the one below",
        "on each step its pump rate in mL/h, under it its number",
    ]
    ticks = [part.text for part in named(ladder_svg(plan("ceftazidime")), "ladder-tick")]
    assert ticks == ["0.1", "1", "10", "100", "1000", "0 h", "1 h", "2 h", "3 h", "4 h", "5 h"]
    assert [part.text for part in named(ladder_svg(plan("penicillin"), "strip"), "ladder-axis-title")] == ["units"]


def test_a_ladder_over_days_is_marked_in_days_and_has_a_line_for_each_drug(plan: Plans) -> None:
    svg = ladder_svg(plan("tb"))
    assert [p.text for p in named(svg, "ladder-tick") if p.text and "day" in p.text] == [
        f"day {n}" for n in range(1, 8)
    ]
    assert [part.get("stroke-dasharray") for part in named(svg, "ladder-planned")] == [None, "7 4"]
    assert [part.text for part in named(svg, "ladder-bag-word")] == ["isoniazid", "rifampicin"]
    assert len(named(svg, "ladder-dose")) == 11


@pytest.mark.parametrize("size", SIZES)
def test_it_reads_itself_aloud(plan: Plans, size: Size) -> None:
    svg = tree(ladder_svg(plan("infliximab"), size, at=Q("80 min"), reactions=(Q("70 min"),)))
    assert svg.get("role") == "img"
    assert svg[0].tag == f"{NS}title"
    assert svg[0].text == f"Ladder of infliximab, plan {plan('infliximab').short}"
    said = svg[1].text or ""
    assert said.startswith(
        "10 steps in ≈ 3 h 57 min. Step 1 at 0 min: purge from bag 1 (A), no dose. Step 2 at 15 min: 100 mL/h"
    )
    assert "Step 10 at 2 h 15 min: 125 mL/h from bag 3 (C), 250 mg/h." in said
    assert said.endswith("Reaction at 1 h 10 min. Now at 1 h 20 min.")


def test_it_shows_where_we_are_what_was_given_and_reactions(plan: Plans) -> None:
    given = ((Q("0 min"), Q("15 min"), Q("0.16 mg/h")), (Q("15 min"), Q("30 min"), Q("400 mcg/h")))
    svg = ladder_svg(plan("ceftazidime"), "strip", at=Q("0.5 h"), given=given, reactions=(Q("20 min"),))
    (now,) = named(svg, "ladder-here")
    first, second = named(svg, "ladder-given")
    assert Decimal(second.attrib["x"]) + Decimal(second.attrib["width"]) == Decimal(now.attrib["x1"])
    assert Decimal(second.attrib["height"]) > Decimal(first.attrib["height"]) > 0
    assert [part.text for part in named(svg, "ladder-here-word")] == ["you are here"]
    assert [part.text for part in named(svg, "ladder-reaction-word")] == ["reaction"]
    assert not named(ladder_svg(plan("ceftazidime")), "ladder-here")


def test_a_hold_is_filled_with_nothing(plan: Plans) -> None:
    given = ((Q("0 min"), Q("15 min"), Q("0.16 mg/h")), (Q("15 min"), Q("30 min"), Q("0 mg/h")))
    assert len(named(ladder_svg(plan("ceftazidime"), given=given), "ladder-given")) == 1


def test_times_beyond_the_end_stay_at_the_end(plan: Plans) -> None:
    late = named(ladder_svg(plan("ceftazidime"), at=Q("9 h")), "ladder-here")[0]
    assert late.get("x1") == "944"


def test_it_takes_its_colour_from_the_page_and_needs_no_style(plan: Plans) -> None:
    svg = ladder_svg(plan("infliximab"), at=Q("1 h"), reactions=(Q("1 h"),))
    colours = set(re.findall(r'(?:fill|stroke)="([^"]+)"', svg))
    assert colours == {"currentColor", "none"}
    assert "style" not in svg
    assert " id=" not in svg


def test_a_name_cannot_break_out_of_the_picture(plan: Plans) -> None:
    from paulatim import Request, entry, make_plan

    svg = ladder_svg(make_plan(entry("bwh-12-step-3-bag"), Request('<b>&"x', Q("2 mg"))))
    assert tree(svg)[0].text == f'Ladder of <b>&"x, plan {svg.partition("plan ")[2][:8]}'
