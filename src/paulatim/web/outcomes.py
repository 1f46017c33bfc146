"""The outcomes page: what became of the ward's procedures, with rates and their intervals."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from paulatim.clinic import Clinic
from paulatim.documents.words import span
from paulatim.learning import Outcome, Proportion, Reaction, Summary, Total, by_entry, outcome, summary

__all__ = ["routes"]

_RATES = {
    "completed": "Completed",
    "any_reaction": "Any reaction",
    "grade_2_or_more": "Reaction of grade 2 or more",
}


def _outcomes(request: Request) -> Response:
    """Demonstrations and procedures for care are counted apart, and never together."""
    clinic: Clinic = request.app.state.clinic
    known = [(id, outcome(clinic.facts(id))) for id in clinic.procedures()]
    groups = []
    for demo, word in ((False, "Procedures"), (True, "Demonstrations")):
        members = [(id, each) for id, each in known if each.demo is demo]
        if members:
            groups.append(_group(word, demo, members))
    answer: Response = request.app.state.templates.TemplateResponse(request, "outcomes.html", {"groups": groups})
    return answer


def _group(word: str, demo: bool, members: list[tuple[str, Outcome]]) -> dict[str, object]:
    outcomes = [each for _, each in members]
    titles = {each.entry: each.title for each in outcomes}
    return {
        "word": word, "demo": demo, "all": _rates(summary(outcomes)), "summary": summary(outcomes),
        "by_entry": [(id, titles[id], found, _rates(found)) for id, found in by_entry(outcomes).items()],
        "rows": [_row(id, each) for id, each in reversed(members)],
    }  # fmt: skip


def _rates(found: Summary) -> list[tuple[str, Proportion | None, str]]:
    return [(word, getattr(found, name), _percent(getattr(found, name))) for name, word in _RATES.items()]


def _percent(rate: Proportion | None) -> str:
    """`67 % (21 to 94 %)`: whole percents, for no ward has enough procedures to know more."""
    if rate is None:
        return "none has ended"
    return f"{100 * rate.share:.0f} % ({100 * rate.low:.0f} to {100 * rate.high:.0f} %)"


def _row(id: str, each: Outcome) -> dict[str, object]:
    return {
        "id": id, "outcome": each, "reactions": "; ".join(_reaction(one) for one in each.reactions) or "none",
        "given": [_given(total) for total in each.totals],
        "planned": span(each.planned), "took": span(each.took) if each.took is not None else "",
        "near": ", ".join(sorted(set(each.near_misses))),
    }  # fmt: skip


def _given(total: Total) -> tuple[str, str, str, str]:
    """Drug, at the least, at the most where that is another figure, and what the ladder gives."""
    most = total.most.show() if total.most != total.least else ""
    return total.drug, total.least.show(), most, total.planned.show()


def _reaction(one: Reaction) -> str:
    grade = f"grade {one.grade}" if one.grade else "not graded"
    signs = f" ({', '.join(one.signs)})" if one.signs else ""
    return f"step {one.step}, {grade}{signs}"


routes = [Route("/outcomes", _outcomes)]
