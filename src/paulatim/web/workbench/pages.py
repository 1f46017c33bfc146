"""The workbench's pages: choices beside the plan, the part that changes as one types, the opening."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from uuid import uuid4

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from paulatim.clinic import Clinic
from paulatim.delivery import pumps
from paulatim.documents import ladder_svg
from paulatim.documents.words import length
from paulatim.library import Entry, Kind, entries
from paulatim.plan import Plan
from paulatim.protocol import published
from paulatim.rules import Severity
from paulatim.web.people import acting, patients
from paulatim.web.workbench import table
from paulatim.web.workbench.working import FIELDS, NARROW, Working, filled, is_example, work_out

__all__ = ["routes"]

_SEVERITIES = {
    Severity.STOP: "No procedure can start from this plan.",
    Severity.ASK: "Something is unknown: whoever approves must answer for it.",
    Severity.WARN: "Whoever approves must accept it by name.",
    Severity.NOTE: "Good to know.",
}
_NAMES = {
    "patient": "Patient", "weight": "Weight", "entry": "Protocol", "drug": "Drug", "target": "Target",
    "volume": "Volume of the last bag", "rate": "Final rate", "stock": "Strength of the stock", "pump": "Pump",
    "dead": "Line, from bag to vein", "primed": "Line primed with", "lines": "Lines",
}  # fmt: skip


def _typed(found: Mapping[str, object]) -> dict[str, str]:
    return {name: str(found[name]) for name in (*FIELDS, *NARROW) if found.get(name)}


def _bench(request: Request) -> Response:
    """The whole page; its address holds every choice, so that a plan is a link."""
    return _page(request, "workbench.html", work_out(filled(_typed(request.query_params))))


def _plan(request: Request) -> Response:
    """Choices and plan alone, for the page that is open."""
    return _page(request, "_plan.html", work_out(filled(_typed(request.query_params))))


def _page(request: Request, name: str, working: Working, said: str = "", status: int = 200) -> Response:
    context = {
        "working": working, "said": said, "shelf": _shelf(working), "patients": patients(), "hints": _hints(working),
        "drug_options": [(drug, drug) for drug in _drugs()],
        "pump_options": [(pump.id, pump.title) for pump in pumps().values()],
        "severities": _SEVERITIES, "names": _NAMES, "sheet": None,
    }  # fmt: skip
    if working.plan and working.entry:
        context["sheet"] = _sheet(working.entry, working.plan)
    answer: Response = request.app.state.templates.TemplateResponse(request, name, context, status_code=status)
    return answer


def _sheet(entry: Entry, plan: Plan) -> dict[str, object]:
    """What the page shows of a plan."""
    before = table.baseline(entry, plan)
    return {
        "ladder": Markup(ladder_svg(plan, "full")),  # noqa: S704  the picture escapes its own words
        "length": length(plan), "columns": table.columns(plan), "words": table.WORDS,
        "steps": table.steps(plan, before),
        "solutions": table.solutions(plan, before), "recipe": tuple(table.made(plan)),
        "counts": Counter(finding.severity for finding in plan.findings),
        "targets": ", ".join(f"{drug} {target.show()}" for drug, target in plan.targets.items()),
        "offer": f"{plan.hash}.{uuid4().hex}",
    }  # fmt: skip


def _shelf(working: Working) -> dict[str, list[Entry]]:
    """The protocols to choose from, narrowed as wished, by what they are for; the chosen one is always among them."""
    drug, route, kind = (working.typed.get(name, "") for name in NARROW)
    groups: dict[str, list[Entry]] = {}
    for each in entries():
        for_drug = not drug or not each.drugs or drug in each.drugs
        if (for_drug and route in ("", each.route) and kind in ("", each.kind)) or each is working.entry:
            family = each.kind is Kind.FAMILY
            groups.setdefault("Any drug" if family else each.route.capitalize(), []).append(each)
    return groups


def _drugs() -> list[str]:
    return sorted({drug for each in entries() for drug in each.drugs}, key=str.lower)


def _hints(working: Working) -> dict[str, str]:
    """What stands below a field: who the patient is, what the source has, what is only an example."""
    chosen, hints = working.entry, {}
    if patient := working.patient:
        weight = f"{patient.weight.show()} on {patient.weighed_on}" if patient.weight else "weight not known"
        hints["patient"] = f"Born {patient.born}, {weight}"
    return hints if chosen is None else hints | _published(chosen, working)


def _published(chosen: Entry, working: Working) -> dict[str, str]:
    hints = {}
    weight = working.plan.request.weight if working.plan else working.patient.weight if working.patient else None
    targets = [dose.for_weight(weight) for dose in chosen.target.by_drug.values()]
    own = published(chosen)
    bag = own.volume or next((rule.volume.amount for rule in reversed(chosen.solutions) if rule.volume), None)
    last = next((step.rate.amount for step in reversed(chosen.steps) if step.rate), None)
    hints["target"] = ", ".join(cited.amount.show() for cited in targets if cited)
    hints["volume"] = bag.show() if bag else ""
    hints["rate"] = rate.show() if (rate := own.final_rate or last) else ""
    hints = {name: f"Published: {said}" for name, said in hints.items() if said}
    if is_example(working.typed):
        hints["stock"] = "An example, from no label. Write what the vial says."
    return hints


async def _open(request: Request) -> Response:
    form = await request.form()
    return await run_in_threadpool(_opened, request, _typed(form), str(form.get("offer", "")))


def _opened(request: Request, typed: dict[str, str], offer: str) -> Response:
    """Make the plan again from the choices, and open it only if it is the one that the page showed."""
    working = work_out(typed)
    seen, _, token = offer.partition(".")
    plan = working.plan
    if plan is None:
        return _page(request, "workbench.html", working, "Nothing was opened: there is no plan yet.", 422)
    if plan.patient is None:
        working = replace(working, problems={"patient": "Choose a patient: a procedure is for one person."})
        return _page(request, "workbench.html", working, "Nothing was opened. Choose a patient first.", 422)
    if seen != plan.hash:
        said = f"Nothing was opened. Look again: these choices make plan {plan.short}, not the one that was shown."
        return _page(request, "workbench.html", working, said, 409)
    if plan.stops:
        said = f"Nothing was opened. Change the plan first. {plan.stops[0].sentence}"
        return _page(request, "workbench.html", working, said, 409)
    clinic: Clinic = request.app.state.clinic
    return RedirectResponse(f"/procedures/{clinic.open(plan, acting(request), token)}/approve", 303)


routes = [
    Route("/workbench", _bench),
    Route("/workbench/plan", _plan),
    Route("/procedures", _open, methods=["POST"]),
]
