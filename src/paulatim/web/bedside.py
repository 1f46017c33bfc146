"""A procedure's own pages: its approval, and the bedside while it runs, is held, or has ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from paulatim.assessment import Grade, Sign
from paulatim.clinic import Clinic
from paulatim.documents.words import figure, is_oral, span, the_solution
from paulatim.plan import Plan
from paulatim.protocol import Step
from paulatim.quantity import Quantity
from paulatim.rules import default_policy, epinephrine
from paulatim.session import (
    PUMP_SHOWS,
    Advanced,
    BagConfirmed,
    DoseGiven,
    Fact,
    Phase,
    RateConfirmed,
    Refused,
    Resumed,
    Role,
    Started,
    State,
    Task,
    due_volume,
    dues,
    replay,
    time_left,
    waits,
    waits_to_resume,
)  # fmt: skip
from paulatim.session.gates import waits_to_raise
from paulatim.session.state import lasting
from paulatim.web.people import acting
from paulatim.web.ward import countdown, given_lines, ladder, papers, place

__all__ = ["Reply", "page_of", "recap", "routes", "show"]

_LOOK = {"vitals", "symptoms"}  # the words of what new vital signs answer
_ALARM = {"vitals in limits", "clock", "baseline"}


@dataclass(frozen=True, slots=True)
class Reply:
    """What a page says to the form that was sent: a refusal, or what cannot be read, with what was typed."""

    sent: str = ""
    refused: Refused | None = None
    problems: Mapping[str, str] = field(default_factory=dict)
    typed: Mapping[str, list[str]] = field(default_factory=dict)

    def kept(self, form: str, name: str) -> str:
        """What was typed in a field of a form, to show it again."""
        return next(iter(self.typed.get(name, [])), "") if form == self.sent else ""

    def kept_all(self, form: str, name: str) -> list[str]:
        """What was ticked in a form under a name."""
        return self.typed.get(name, []) if form == self.sent else []

    def problem(self, form: str, name: str) -> str:
        """The sentence beside a field."""
        return self.problems.get(name, "") if form == self.sent else ""


def page_of(state: State, id: str) -> str:
    """The address where what is due can be done."""
    return f"/procedures/{id}/{'approve' if state.phase in (Phase.PLANNED, Phase.APPROVED) else 'bedside'}"


def recap(request: Request, state: State, facts: tuple[Fact, ...]) -> str:
    """Why this browser must read where the procedure stands before it goes on; empty once it has."""
    if state.phase is not Phase.RUNNING or not state.stretches:
        return ""
    if request.cookies.get(f"recap-{facts[0].token[:8]}") == recap_mark(request, facts):
        return ""
    started = next(fact for fact in facts if isinstance(fact.event, Started))
    resumed = [fact for fact in facts if isinstance(fact.event, Resumed)]
    if resumed and isinstance(resumed[-1].event, Resumed):
        return f"{resumed[-1].by.name} resumed it: {resumed[-1].event.reason}."
    if started.at < request.app.state.booted_at:
        return "Paulatim was started again. Compare this with what you see before you go on."
    me = acting(request)
    if all(fact.by.id != me.id for fact in facts[started.number - 1 :]):
        return f"You take over, {me.name}. Compare this with what you see before you go on."
    return ""


def recap_mark(request: Request, facts: tuple[Fact, ...]) -> str:
    """What a browser keeps to say that its person has read the recap: this start, this resumption, this person."""
    last = max((fact.number for fact in facts if isinstance(fact.event, Resumed)), default=0)
    return f"{request.app.state.boot}.{last}.{acting(request).id}"


def show(request: Request, id: str, reply: Reply | None = None, status: int = 200) -> Response:
    """The page where what is due can be done, with a reply to what was sent."""
    clinic: Clinic = request.app.state.clinic
    facts, now = clinic.facts(id), clinic.clock()
    state = replay(facts)
    planned = state.phase in (Phase.PLANNED, Phase.APPROVED)
    context = _shared(request, id, state, facts, now) | {"reply": reply or Reply()}
    context |= _approval(state, facts, now) if planned else _bedside(request, state, facts, now)
    name = "approve.html" if planned else "bedside.html"
    made: Response = request.app.state.templates.TemplateResponse(request, name, context, status_code=status)
    return made


def _shared(request: Request, id: str, state: State, facts: tuple[Fact, ...], now: datetime) -> dict[str, object]:
    plan = state.the_plan
    patient = plan.patient
    weight, age = (plan.request.weight, patient.age(now.date())) if patient else (plan.request.weight, 18)
    signs, oral = [[sign.value, sign.value.capitalize()] for sign in Sign], is_oral(plan)
    return {
        "id": id, "state": state, "plan": plan, "now": now, "oral": oral, "phase": state.phase.value,
        "here": page_of(state, id), "facts": len(facts), "me": acting(request),
        "signs": signs, "grades": [[int(grade), grade.name.lower()] for grade in Grade],
        "epinephrine": epinephrine(weight, age, default_policy()), "targets": _targets(plan),
        "stop_now": "Give no further dose." if oral else "Stop the pump now. Do not flush the line into the patient.",
        "reaction_open": "reaction" in request.query_params,
    }  # fmt: skip


def _targets(plan: Plan) -> str:
    return " and ".join(f"{drug} {target.show()}" for drug, target in plan.targets.items())


def _approval(state: State, facts: tuple[Fact, ...], now: datetime) -> dict[str, object]:
    plan = state.the_plan
    return {
        "ladder": ladder(state, facts, now, "full"),
        "rows": [(step, the_solution(plan, step.solution) if step.solution else "") for step in plan.steps],
        "names": {batch.solution.name: the_solution(plan, batch.solution.name) for batch in plan.batches},
        "papers": papers(plan),
        "accept": {finding.key for finding in plan.to_accept},
        "approvals": [
            (f.by, f.at) for f in facts if any(f.by == by and f.event is said for by, said in state.approvals)
        ],
    }


def _bedside(request: Request, state: State, facts: tuple[Fact, ...], now: datetime) -> dict[str, object]:
    why, plan = recap(request, state, facts), state.the_plan
    found = list(waits_to_resume(state, now)) if state.phase is Phase.HELD else list(waits(state, now))
    left = time_left(state, now)
    observe = (state.ended_at + timedelta(seconds=int(plan.observe.amount.to("s").number))) if state.ended_at else None
    return {
        "recap": why, "waits": found, "words": list(dict.fromkeys(wait.word for wait in found)),
        "alarms": [wait.sentence for wait in found if wait.word in _ALARM],
        "look": not _LOOK.isdisjoint(wait.word for wait in found),
        "ladder": ladder(state, facts, now, "strip"), "given": given_lines(state, now), "to_go": _to_go(state, now),
        "step": state.now_step, "solution": _solution(plan, state.now_step), "headline": _headline(state),
        "next": _amount(plan, plan.steps[state.step]) if state.step < len(plan.steps) else "",
        "volume": _volume(state, now), "pump_now": _pump_now(state),
        "running": state.task is Task.TIME, "left": countdown(left),
        "ends": now + timedelta(microseconds=int(-(-left.number * 10**6 // 1))), "tasks": _tasks(state, facts, now),
        "observe": observe, "ended": state.phase in (Phase.STOPPED, Phase.COMPLETED),
        "until": lambda at: countdown(lasting(abs(at - now))),
        "prescriber": acting(request).role is Role.PRESCRIBER, "resumable": plan.steps[: state.step][::-1],
    }  # fmt: skip


def _amount(plan: Plan, step: Step) -> str:
    if step.rate is not None:
        return step.rate.show()
    amount = " = ".join(part.show() for part in (step.volume, step.dose) if part is not None)
    return f"{amount} of {step.drug}" if len(plan.targets) > 1 else amount


def _volume(state: State, now: datetime) -> str:
    """The volume to set on the pump for this step: what is due, at or below it by what a pump can show."""
    if state.now_step.rate is None:
        return ""
    return due_volume(state, now).round(PUMP_SHOWS, "down").show()


def _headline(state: State) -> dict[str, str]:
    """The largest thing on the screen: what to do with pump or cup, the number, its unit."""
    step = state.now_step
    amount = step.rate or step.volume or step.dose
    infusing = step.rate is not None
    word = "Set the pump to" if infusing else "Give"
    if state.phase is not Phase.RUNNING:
        word = "On hold at" if state.phase is Phase.HELD else "Ended at"
    elif state.task is Task.TIME:
        word = "The pump runs at" if infusing else "Given"
    also = step.dose.show() if not infusing and step.volume is not None else ""
    return {"word": word, "number": figure(amount), "unit": amount.unit.words, "also": also}


def _solution(plan: Plan, step: Step) -> str:
    said = step.drug
    if step.solution:
        strength = plan.batch(step.solution).solution.concentration
        called = the_solution(plan, step.solution).removesuffix(f" ({strength.figure()})")  # named by its strength
        said = f"{called} ({strength.show()})"
    return said[0].upper() + said[1:]


def _pump_now(state: State) -> str:
    """What the pump still runs at while the step's own rate is not confirmed."""
    stretch = state.stretch
    rate = state.the_plan.steps[stretch.step - 1].rate if stretch else None
    return rate.show() if rate is not None and state.task is not Task.TIME else ""


def _to_go(state: State, now: datetime) -> str:
    whole, minute = state.the_plan.duration, Quantity("1 min")
    left = (whole - place(state, now).to("min")).round(minute, "up")
    said = span(whole.round(minute, "up"))
    return f"{span(left)} to go of {said}" if left else said


def _tasks(state: State, facts: tuple[Fact, ...], now: datetime) -> list[dict[str, object]]:
    """What this run of the step asks for, in order: each now, later, due by a time, or done."""
    since = max((f.number for f in facts if isinstance(f.event, (Started, Resumed, Advanced))), default=0)
    done = {type(f.event): f.at for f in facts if f.number > since}
    tasks: list[dict[str, object]] = []

    step, looked = state.now_step, {wait.word for wait in waits(state, now)} & _LOOK
    first = state.task in (Task.SETTING, Task.DOSE) and {wait.word for wait in waits_to_raise(state, now)} & _LOOK

    def add(kind: str, task: Task, event: type) -> None:
        at = done.get(event)
        mark = "done" if at or state.task is Task.TIME else "now" if state.task is task and not first else "later"
        tasks.append({"kind": kind, "mark": mark, "at": at})

    if step.solution and (state.task is Task.BAG or BagConfirmed in done):
        add("bag", Task.BAG, BagConfirmed)
    due = next((due.at for due in dues(state, now) if due.word == "vitals"), now)
    vitals: dict[str, object] = {
        "kind": "vitals",
        "mark": "now" if first or state.task is Task.TIME else "later",
        "at": due,
    }
    if first:
        tasks.append(vitals)
    add("dose", Task.DOSE, DoseGiven) if step.rate is None else add("rate", Task.SETTING, RateConfirmed)
    if not looked and state.reading:
        vitals |= {"mark": "done", "at": state.reading.at}
    if not first:
        tasks.append(vitals)
    if state.is_last and step.rate is not None:
        tasks.append(
            {"kind": "volume", "mark": "later" if state.task is not Task.TIME or looked else "now", "at": None}
        )
    return tasks


def _approve(request: Request) -> Response:
    return show(request, request.path_params["id"]) if _here(request, "approve") else _due(request)


def _run(request: Request) -> Response:
    return show(request, request.path_params["id"]) if _here(request, "bedside") else _due(request)


def _here(request: Request, page: str) -> bool:
    id = request.path_params["id"]
    return page_of(request.app.state.clinic.state(id), id).endswith(page)


def _due(request: Request) -> Response:
    """Go where what is due can be done."""
    id = request.path_params["id"]
    return RedirectResponse(page_of(request.app.state.clinic.state(id), id), 303)


def _read(request: Request) -> Response:
    """This browser's person has read the recap."""
    id = request.path_params["id"]
    facts = request.app.state.clinic.facts(id)
    answer = RedirectResponse(f"/procedures/{id}/bedside", 303)
    answer.set_cookie(f"recap-{facts[0].token[:8]}", recap_mark(request, facts), httponly=True, samesite="strict")
    return answer


routes = [
    Route("/procedures/{id}", _due),
    Route("/procedures/{id}/approve", _approve),
    Route("/procedures/{id}/bedside", _run),
    Route("/procedures/{id}/recap", _read, methods=["POST"]),
]
