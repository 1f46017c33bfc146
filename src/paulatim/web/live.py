"""What goes between a page and the clinic while a procedure runs: commands in, news and a heartbeat out."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from fractions import Fraction

from sse_starlette import EventSourceResponse
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from paulatim.assessment import Grade, ImpossibleVitals, Sign, Vitals
from paulatim.clinic import Clinic
from paulatim.documents.labels import NotACode, code_from_scan
from paulatim.quantity import Quantity, QuantityError
from paulatim.session import (
    Advance,
    Approve,
    Command,
    Complete,
    ConfirmBag,
    ConfirmDose,
    ConfirmRate,
    Correct,
    Hold,
    RecordVitals,
    Refused,
    ReportReaction,
    Resume,
    Start,
    Stop,
)  # fmt: skip
from paulatim.web.bedside import Reply, page_of, recap, show
from paulatim.web.people import acting
from paulatim.web.ward import record

__all__ = ["BEAT", "CannotRead", "command_from", "milliseconds", "routes"]

BEAT = 5  # seconds between two heartbeats; a page that misses three covers its numbers
_NEEDS_RECAP = (ConfirmBag, ConfirmRate, ConfirmDose, Advance, Complete)
_MEASURED = "Write the number that you measured, for example 98."
_RECAP = Refused("Read where you are first, then go on.", "R-STEP-10")
_FIELD = {
    "SBP": "systolic",
    "DBP": "diastolic",
    "HR": "heart_rate",
    "RR": "breathing_rate",
    "SpO2": "spo2",
    "The": "temperature",
}  # the first word of what is impossible, and its field


class CannotRead(ValueError):
    """Fields of a form that hold nothing that can be used: a sentence for each, by the field's name."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = problems


class _Fields:
    """A form's fields, read one by one; what cannot be read is noted, so that all of it is said at once."""

    def __init__(self, form: FormData) -> None:
        self.form, self.problems = form, dict[str, str]()

    def text(self, name: str) -> str:
        return str(self.form.get(name, "")).strip()

    def texts(self, name: str) -> tuple[str, ...]:
        return tuple(str(value) for value in self.form.getlist(name))

    def whole(self, name: str, sentence: str = "Write a whole number.") -> int:
        text = self.text(name)
        if not re.fullmatch(r"0|[1-9][0-9]{0,5}", text, re.ASCII):
            self.problems[name] = sentence
            return 0
        return int(text)

    def amount(self, name: str, unit: str, empty: str) -> Quantity | None:
        """An amount in a unit that the form shows beside the field; only digits and a point are typed."""
        text = self.text(name)
        if not text:
            self.problems[name] = empty
            return None
        try:
            if not re.fullmatch(r"[0-9.,]+", text, re.ASCII):
                raise QuantityError(f'Write the number alone: "{text}" holds something else.')
            return Quantity(f"{text} {unit}")
        except QuantityError as error:
            self.problems[name] = str(error)
            return None

    def degrees(self, name: str) -> Fraction | None:
        found = self.amount(name, "1", "") if self.text(name) else None
        return found.number if found is not None else None

    def one_of(self, name: str, words: tuple[str, ...], sentence: str) -> str:
        text = self.text(name)
        if text not in words:
            self.problems[name] = sentence
        return text


def command_from(name: str, form: FormData) -> Command:
    """The command that a form sends; raises CannotRead with a sentence for each field, KeyError for no command."""
    fields = _Fields(form)
    made = _COMMANDS[name](fields)
    if fields.problems or made is None:
        raise CannotRead(fields.problems)
    return made


def _vitals(fields: _Fields) -> Command | None:
    bp, dbp, pulse, breaths, spo2 = (fields.whole(name, _MEASURED) for name in list(_FIELD.values())[:5])
    warm = fields.degrees("temperature")
    asked = fields.one_of("symptoms", ("asked", "not asked"), "Ask for itch, throat, chest and gut, then say so here.")
    if fields.problems:
        return None
    try:
        return RecordVitals(Vitals(bp, dbp, pulse, breaths, spo2, warm), asked == "asked")
    except ImpossibleVitals as error:
        fields.problems[_FIELD[str(error).split()[0]]] = str(error)
        return None


def _bag(fields: _Fields) -> Command | None:
    typed = fields.text("code")
    if not typed:
        fields.problems["code"] = "Scan the label, or type the code under it."
    try:
        code = code_from_scan(typed)
    except NotACode:
        code = typed  # the session refuses it and keeps it: a wrong label was held to the scanner
    return ConfirmBag(fields.whole("step"), code)


def _rate(fields: _Fields) -> Command | None:
    rate = fields.amount("rate", "mL/h", "Read the rate from the pump and write it here.")
    return None if rate is None else ConfirmRate(fields.whole("step"), rate)


def _dose(fields: _Fields) -> Command | None:
    amount = fields.amount("amount", fields.text("unit"), "Write how much was taken.")
    return None if amount is None else ConfirmDose(fields.whole("step"), amount)


def _reaction(fields: _Fields) -> Command:
    known = {sign.value: sign for sign in Sign}
    signs = tuple(known[text] for text in fields.texts("sign") if text in known)
    grade = fields.text("grade")
    return ReportReaction(signs, Grade(int(grade)) if grade in ("1", "2", "3") else None, fields.text("note"))


def _resume(fields: _Fields) -> Command:
    again = fields.one_of("again", ("yes", "no"), "Say whether the step begins again or goes on.")
    return Resume(fields.whole("step", "Choose the step to resume at."), fields.text("reason"), again == "yes")


def _complete(fields: _Fields) -> Command:
    asked = "infused" in fields.form
    return Complete(fields.amount("infused", "mL", "Read the volume of this step from the pump.") if asked else None)


_COMMANDS: dict[str, Callable[[_Fields], Command | None]] = {
    "Approve": lambda fields: Approve(fields.texts("accepted")),
    "RecordVitals": _vitals,
    "Start": lambda _: Start(),
    "ConfirmBag": _bag,
    "ConfirmRate": _rate,
    "ConfirmDose": _dose,
    "Advance": lambda fields: Advance(fields.whole("step")),
    "Hold": lambda fields: Hold(fields.text("reason")),
    "ReportReaction": _reaction,
    "Resume": _resume,
    "Stop": lambda fields: Stop(fields.text("reason")),
    "Complete": _complete,
    "Correct": lambda fields: Correct(fields.whole("entry", "Choose the entry that is wrong."), fields.text("says")),
}


async def _command(request: Request) -> Response:
    """Do what a form asks, and go where the next thing is due; or show the page again and say why not."""
    id, name = request.path_params["id"], request.path_params["name"]
    if name not in _COMMANDS:
        raise HTTPException(404)
    form = await request.form()
    return await run_in_threadpool(_issue, request, id, name, form)


def _issue(request: Request, id: str, name: str, form: FormData) -> Response:
    clinic: Clinic = request.app.state.clinic
    again = record if name == "Correct" else show
    typed = {key: [str(value) for value in form.getlist(key)] for key in form}
    try:
        command = command_from(name, form)
    except CannotRead as error:
        return again(request, id, Reply(name, None, error.problems, typed), 422)
    facts, state = clinic.facts(id), clinic.state(id)
    must_read = isinstance(command, _NEEDS_RECAP) and recap(request, state, facts)
    answer = _RECAP if must_read else clinic.issue(id, command, acting(request), str(form.get("token") or ""))
    if isinstance(answer, Refused):
        kept = {} if answer.near_miss else typed  # what was read wrongly is read again, not sent again
        return again(request, id, Reply(name, answer, {}, kept), 409)
    there = f"/procedures/{id}/record" if name == "Correct" else page_of(clinic.state(id), id)
    return RedirectResponse(there, 303)


def milliseconds(at: datetime) -> int:
    """A time as the browser counts it: milliseconds since 1970."""
    return int(at.timestamp()) * 1000 + at.microsecond // 1000


async def news(clinic: Clinic, beat: float = BEAT) -> AsyncIterator[dict[str, str]]:
    """A `beat` at once and every few seconds, with the server's time, and `changed` with a procedure's id."""
    async with clinic.feed.watch() as queue:
        while True:
            yield {"event": "beat", "data": json.dumps({"now": milliseconds(clinic.clock())})}
            try:
                procedure = await asyncio.wait_for(queue.get(), beat)
            except TimeoutError:
                continue
            yield {"event": "changed", "data": json.dumps({"procedure": procedure})}


async def _live(request: Request) -> Response:
    stream = news(request.app.state.clinic)
    return EventSourceResponse(stream, headers={"X-Accel-Buffering": "no"}, ping=3600)


def _back(request: Request) -> Response:
    """Whoever reloads the answer to a form goes to the page that the form was on."""
    place = "record" if request.path_params["name"] == "Correct" else ""
    return RedirectResponse(f"/procedures/{request.path_params['id']}/{place}".rstrip("/"), 303)


routes = [
    Route("/live", _live),
    Route("/procedures/{id}/record", lambda request: record(request, request.path_params["id"], Reply())),
    Route("/procedures/{id}/commands/{name}", _command, methods=["POST"]),
    Route("/procedures/{id}/commands/{name}", _back),
]
