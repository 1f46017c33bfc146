"""The ward: where each procedure stands, which needs a person first, and what it leaves: record and papers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from paulatim.canonical import text_of
from paulatim.clinic import Clinic
from paulatim.documents import NAMES, CannotPrint, NothingToPrint, ladder_svg, pdf, record_pdf
from paulatim.documents.chart import Given, Size
from paulatim.documents.sheets.from_record import record_of
from paulatim.library import Action
from paulatim.plan import Plan
from paulatim.quantity import Quantity
from paulatim.record import export, story, verify_record
from paulatim.session import Fact, Phase, ReactionReported, State, dues, given, given_by_step, replay, waits_to_resume
from paulatim.session.state import lasting

__all__ = ["countdown", "given_lines", "ladder", "papers", "place", "record", "routes"]

_KINDS = ("plan", "step", "vitals", "reaction", "correction")


def countdown(time: Quantity) -> str:
    """A time left, rounded up to the second: `08:24` (min:s), from an hour on `2:54:30`, from two days on `3 d 4 h`."""
    seconds = int(-(-time.to("s").number // 1))
    if seconds >= 172800:
        return f"{seconds // 86400} d {seconds % 86400 // 3600} h"
    hours, rest = divmod(seconds, 3600)
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60:02d}:{rest % 60:02d}"


def place(state: State, now: datetime) -> Quantity:
    """Where on the planned ladder the procedure is: its step's beginning and what has run of the step."""
    if state.phase is Phase.COMPLETED:
        return state.the_plan.duration
    step = state.now_step
    return step.begins + min(state.ran(state.held_at or state.ended_at or now), step.lasts.to("s"))


def ladder(state: State, facts: tuple[Fact, ...], now: datetime, size: Size) -> Markup:
    """The ladder with what was given filled in, reactions marked, and where the procedure is."""
    plan = state.the_plan
    if not state.step:
        return Markup(ladder_svg(plan, size))  # noqa: S704  the picture escapes its own words
    marks = tuple(place(replay(facts[:i]), f.at) for i, f in enumerate(facts) if isinstance(f.event, ReactionReported))
    return Markup(ladder_svg(plan, size, place(state, now), tuple(_filled(state, now)), marks))  # noqa: S704


def _filled(state: State, now: datetime) -> Iterator[Given]:
    for step, part in zip(state.the_plan.steps, given_by_step(state, now), strict=True):
        if not part.least or not step.dose:
            continue
        share, level = min(part.least.ratio(step.dose), Fraction(1)), step.dose
        if step.action is Action.INFUSE and step.rate is not None:
            strength = state.the_plan.batch(step.solution).solution.concentration
            level = (strength * step.rate).to(f"{step.dose.unit.text}/h")
        yield step.begins, step.begins + step.lasts * share, level


def given_lines(state: State, now: datetime) -> list[dict[str, str]]:
    """Each drug: what went in at the least and at the most, three digits of it, and what the whole ladder gives.

    The target would mislead where it is the last dose: a ladder by mouth gives about twice as much in all.
    """
    lines = []
    for drug in state.the_plan.targets:
        total, whole = given(state, drug, now), state.the_plan.given(drug)
        least, most = _digits(total.least, "down"), _digits(total.most, "up")
        share = f"{int(100 * total.least.ratio(whole))} %"
        upper = most if total.least != total.most else ""
        lines.append({"drug": drug, "least": least, "most": upper, "whole": whole.show(), "share": share})
    return lines


def _digits(amount: Quantity, direction: str) -> str:
    step = Fraction(1)
    while 0 < amount.number < 100 * step:
        step /= 10
    return amount.round(Quantity(step, amount.unit), "down" if direction == "down" else "up").show()


@dataclass(frozen=True, slots=True)
class Row:
    """One procedure on the ward list: `rank` 0 needs a person first; `mark` is the state's shape and colour."""

    id: str
    state: State
    rank: int
    mark: str
    word: str
    sentence: str
    due: datetime | None
    left: str
    ladder: Markup


def _row(clinic: Clinic, id: str, now: datetime) -> Row:
    facts = clinic.facts(id)
    state = replay(facts)
    rank, mark, word, sentence, due = _standing(state, now)
    left = countdown(lasting(abs(due - now))) if due else ""
    return Row(id, state, rank, mark, word, sentence, due, left, ladder(state, facts, now, "thumbnail"))


def _standing(state: State, now: datetime) -> tuple[int, str, str, str, datetime | None]:
    """How much a procedure needs a person: rank, mark, word, what is next, and by when."""
    plan = state.the_plan
    match state.phase:
        case Phase.HELD:
            first = next(waits_to_resume(state, now), None)
            sentence = first.sentence if first else "The prescriber may resume it."
            since = state.held_at
            return (
                (0, "high", "Reaction", sentence, since)
                if state.open_reaction
                else (1, "medium", "On hold", sentence, since)
            )
        case Phase.RUNNING:
            due = dues(state, now)[0]
            overdue = due.at <= now
            return (
                (2, "medium", "Due now", due.sentence, due.at)
                if overdue
                else (3, "run", "Running", due.sentence, due.at)
            )
        case Phase.APPROVED:
            return 4, "ready", "Ready to start", "Take the baseline vital signs and start.", None
        case Phase.PLANNED:
            missing = "two people" if not state.approvals else "a second person"
            return 5, "wait", "To approve", f"The plan waits for {missing} to approve it.", None
        case _:
            over = state.ended_at or now
            until = over + timedelta(seconds=int(plan.observe.amount.to("s").number))
            word = "Completed" if state.phase is Phase.COMPLETED else "Stopped"
            if until > now:
                return 6, "low", "Observe", f"{word}. Observe the patient.", until
            return 7, "done", word, "Nothing is due.", None


def _ward(request: Request) -> Response:
    clinic: Clinic = request.app.state.clinic
    now = clinic.clock()
    rows = [_row(clinic, id, now) for id in clinic.procedures()]
    far = now + timedelta(days=36500)
    rows.sort(key=lambda row: (row.rank, row.due or far, row.id))
    answer: Response = request.app.state.templates.TemplateResponse(
        request, "ward.html", {"rows": rows, "now": now, "given_lines": given_lines}
    )
    return answer


def record(request: Request, id: str, reply: object, status: int = 200) -> Response:
    """The record as a story; `reply` answers a correction that was sent."""
    clinic: Clinic = request.app.state.clinic
    links = clinic.links(id)
    wanted = request.query_params.get("kind", "")
    lines = [line for line in story(links) if wanted not in _KINDS or line.kind == wanted]
    state = replay(link.fact for link in links)
    context = {
        "id": id, "plan": state.the_plan, "state": state, "reply": reply,
        "lines": lines, "kinds": _KINDS, "wanted": wanted, "head": links[-1].hash, "count": len(links),
        "texts": {link.fact.number: _readable(link.text) for link in links},
        "broken": verify_record(export(list(links))), "papers": papers(state.the_plan), "now": clinic.clock(),
        "ladder": ladder(state, tuple(link.fact for link in links), clinic.clock(), "strip"),
    }  # fmt: skip
    answer: Response = request.app.state.templates.TemplateResponse(request, "record.html", context, status_code=status)
    return answer


def papers(plan: Plan) -> tuple[str, ...]:
    """The sheets that a plan can print: without solutions there are no labels."""
    return tuple(name for name in NAMES if name != "labels" or plan.batches)


def _readable(text: str) -> str:
    """An entry's text with a line for each field; a plan is a file of its own, and here only its length is said."""
    data = json.loads(text)
    if plan := data["event"].get("plan"):
        data["event"]["plan"] = f"{len(text_of(plan))} characters, in the exported record"
    return json.dumps(data, indent=2, ensure_ascii=False, sort_keys=True)


def _export(request: Request) -> Response:
    id = request.path_params["id"]
    text = export(list(request.app.state.clinic.links(id)))
    return PlainTextResponse(text, media_type="application/jsonl", headers=_as_file(f"paulatim-{id}.record.jsonl"))


def _plan(request: Request) -> Response:
    id = request.path_params["id"]
    plan = request.app.state.clinic.state(id).the_plan
    return PlainTextResponse(
        plan.text(), media_type="application/json", headers=_as_file(f"paulatim-{plan.short}.plan.json")
    )


def _as_file(name: str) -> dict[str, str]:
    return {"content-disposition": f'attachment; filename="{name}"'}


def _paper(request: Request) -> Response:
    """A sheet of the plan as a PDF; `?paper=us-letter` for the other size."""
    id, name = request.path_params["id"], request.path_params["name"]
    links = request.app.state.clinic.links(id)
    plan, paper = replay(link.fact for link in links).the_plan, request.query_params.get("paper", "a4")
    if name not in (*NAMES, "record"):
        raise HTTPException(404)
    try:
        sheet = record_pdf(record_of(links), paper) if name == "record" else pdf(plan, name, paper)
    except (CannotPrint, NothingToPrint) as error:
        raise HTTPException(409, str(error).rstrip(".")) from None
    inline = {"content-disposition": f'inline; filename="paulatim-{plan.short}-{name}.pdf"'}
    return Response(sheet, media_type="application/pdf", headers=inline)


routes = [
    Route("/", _ward),
    Route("/procedures", lambda _: RedirectResponse("/", 303), methods=["GET"]),
    Route("/procedures/{id}/record.jsonl", _export),
    Route("/procedures/{id}/plan.json", _plan),
    Route("/procedures/{id}/{name}.pdf", _paper),
]
