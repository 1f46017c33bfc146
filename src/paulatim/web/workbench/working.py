"""What the typed choices come to: a plan, or a sentence for what cannot be read or is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from paulatim.assessment import Patient
from paulatim.delivery import Line, Priming, Pump, pumps
from paulatim.library import Action, Entry, NotOnShelf, Scaling, entry, read
from paulatim.plan import Plan, make_plan
from paulatim.protocol import CannotScale, Request, above_zero
from paulatim.quantity import Quantity, QuantityError
from paulatim.web.people import patients

__all__ = ["FIELDS", "NARROW", "Working", "filled", "is_example", "work_out"]

_LINES = {"each": True, "one": False}
FIELDS = ("patient", "weight", "entry", "drug", "target", "volume", "rate", "stock", "pump", "dead", "primed", "lines")
NARROW = ("find_drug", "find_route", "find_kind")
Typed = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Working:
    """What the typed choices come to: a plan, or a sentence for each field that cannot be read, or what is missing.

    `fields` are those that the chosen protocol has a use for; what was typed in others is left out.
    """

    typed: Typed
    fields: frozenset[str]
    problems: Mapping[str, str]
    missing: tuple[str, ...]
    entry: Entry | None
    patient: Patient | None
    plan: Plan | None


def work_out(typed: Typed) -> Working:
    """Read the choices and make the plan; whatever is wrong is said and nothing is raised."""
    form = _Form(typed)
    chosen, patient = form.entry(), form.patient()
    form.fields = _fields(chosen, patient)
    stock, pump, line = form.amount("stock", None, "stock strength"), form.pump(), form.line()
    wishes = form.request()
    kept = {name: text for name, text in typed.items() if name in form.fields or name in NARROW}
    plan = None
    missing = tuple(_missing(chosen, form))
    if chosen and not missing and not form.problems:
        try:
            plan = make_plan(chosen, wishes, patient=patient, stock=stock, pump=pump, line=line)
        except CannotScale as error:
            missing = (str(error),)
        except QuantityError as error:  # each amount has been read, so it is the stock's kind that does not fit
            form.problems["stock"] = str(error)
            missing = tuple(_missing(chosen, form))
    return Working(kept, form.fields, form.problems, missing, chosen, patient, plan)


class _Form:
    """The typed texts, read one by one; `problems` keeps the sentence of each that cannot be read."""

    def __init__(self, typed: Typed) -> None:
        self.typed = typed
        self.fields = frozenset(FIELDS)
        self.problems: dict[str, str] = {}

    def text(self, name: str) -> str:
        return self.typed.get(name, "").strip() if name in self.fields else ""

    def amount(self, name: str, unit: str | None, words: str) -> Quantity | None:
        """The amount in a field, above zero; None where nothing or nothing readable was typed."""
        if not self.text(name):
            return None
        try:
            found = Quantity(self.text(name))
            above_zero(found, unit, words)
        except QuantityError as error:
            self.problems[name] = str(error)
            return None
        return found

    def entry(self) -> Entry | None:
        try:
            return entry(self.text("entry")) if self.text("entry") else None
        except NotOnShelf as error:
            self.problems["entry"] = str(error)
            return None

    def patient(self) -> Patient | None:
        found = next((one for one in patients() if one.id == self.text("patient")), None)
        if self.text("patient") and found is None:
            self.problems["patient"] = "Choose one of these patients: there is no other."
        return found

    def pump(self) -> Pump | None:
        if self.text("pump") and self.text("pump") not in pumps():
            self.problems["pump"] = "Choose one of these pumps: there is no other."
        return pumps().get(self.text("pump"))

    def line(self) -> Line:
        primed = self.text("primed")
        if primed and primed not in set(Priming):
            self.problems["primed"] = "Choose drug or diluent, or leave it open."
            primed = ""
        lines = self.text("lines")
        if lines and lines not in _LINES:
            self.problems["lines"] = "Choose one line or one for each bag, or leave it open."
        try:
            dead = Quantity(self.text("dead")) if self.text("dead") else None
            return Line(dead, Priming(primed) if primed else None, _LINES.get(lines))
        except QuantityError as error:
            self.problems["dead"] = str(error)
            return Line()

    def request(self) -> Request:
        return Request(
            drug=self.text("drug") or None,
            target=self.amount("target", None, "target"),
            volume=self.amount("volume", "mL", "bag volume"),
            final_rate=self.amount("rate", "mL/h", "final rate"),
            weight=self.amount("weight", "kg", "weight"),
        )


def _fields(chosen: Entry | None, patient: Patient | None) -> frozenset[str]:
    """The fields that a protocol has a use for; all of them before one is chosen."""
    useless = {"weight"} if patient and patient.weight else set()
    if chosen is not None:
        infused = any(step.action is not Action.TAKE for step in chosen.steps)
        useless |= {"drug"} if chosen.drugs else set()
        useless |= {"target"} if chosen.scaling is Scaling.FIXED else set()
        useless |= {"volume"} if not any(rule.volume for rule in chosen.solutions) else set()
        useless |= {"stock"} if not chosen.solutions else set()
        useless |= {"rate", "pump", "dead", "primed", "lines"} if not infused else set()
        useless |= {"lines"} if len(chosen.solutions) < 2 else set()
    return frozenset(FIELDS) - useless


def _missing(chosen: Entry | None, form: _Form) -> list[str]:
    """What a person must do before there can be a plan."""
    if form.problems:
        return ["Correct what is marked: this cannot be read yet."]
    if chosen is None:
        return ["Choose a protocol."]
    wanted = []
    if not chosen.drugs and not form.text("drug"):
        wanted.append("Write the drug: this protocol is made for any drug.")
    if not chosen.target.by_drug and not form.text("target"):
        wanted.append("Write the target, such as 2000 mg.")
    return wanted


@lru_cache(maxsize=1)
def _examples() -> dict[str, dict[str, str]]:
    path = Path(__file__).with_name("examples.yaml")
    return read(
        path.read_text(encoding="utf-8"),
        path.name,
        lambda root: {id: {name: part.text() for name, part in node.items()} for id, node in root.items()},
    )


def filled(typed: Typed) -> Typed:
    """The choices, with the patient's example where nothing but the patient was chosen."""
    others = any(typed.get(name, "").strip() for name in FIELDS if name != "patient")
    return typed if others else {**typed, **_examples().get(typed.get("patient", ""), {})}


def is_example(typed: Typed) -> bool:
    """Whether the stock's strength is still the one that the patient's example filled in."""
    example = _examples().get(typed.get("patient", ""), {})
    return bool(example.get("stock")) and all(typed.get(name) == example.get(name) for name in ("entry", "stock"))
