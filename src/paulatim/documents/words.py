"""Words and figures as the sheets say them: bare figures, spans of time, what a solution is called."""

from __future__ import annotations

from paulatim.library import Action
from paulatim.plan import Plan
from paulatim.quantity import Quantity

__all__ = [
    "Words",
    "begin",
    "by_day",
    "figure",
    "is_oral",
    "kind_of_solution",
    "length",
    "one_of",
    "span",
    "the_solution",
]

Words = dict[str, object]  # what a template is given: texts, lists and tables of texts


def figure(amount: Quantity) -> str:
    """The number for people, without its unit: `≈ 7.937`, `80`."""
    return amount.figure()


def span(time: Quantity) -> str:
    """A time for people, to the minute: `15 min`, `5 h 39 min`, `3 days`; `≈` when that rounds it."""
    exact = time.to("min")
    if exact.number < 60:
        return exact.show(1)
    minutes = exact.round(Quantity("1 min"), "nearest").number
    hours, rest = divmod(int(minutes), 60)
    days, hours = divmod(hours, 24) if hours >= 48 else (0, hours)
    parts = [f"{days} days" if days else "", f"{hours} h" if hours else "", f"{rest} min" if rest else ""]
    return ("" if minutes == exact.number else "≈ ") + " ".join(part for part in parts if part)


def begin(words: str) -> str:
    """The words with a capital at the beginning; names within keep theirs."""
    return words[:1].upper() + words[1:]


def is_oral(plan: Plan) -> bool:
    """Whether any dose is taken by mouth."""
    return any(step.action is Action.TAKE for step in plan.steps)


def by_day(plan: Plan) -> bool:
    """Whether the doses are days apart."""
    return any(step.day for step in plan.steps)


def length(plan: Plan) -> str:
    """How long the whole ladder takes, for people."""
    days = [step.day for step in plan.steps if step.day]
    return f"{max(days)} days" if days else span(plan.duration)


def kind_of_solution(plan: Plan) -> str:
    """What a solution of this plan is called: a bag, or a solution to drink."""
    return "solution" if is_oral(plan) else "bag"


def the_solution(plan: Plan, name: str) -> str:
    """`bag 2`, with the protocol's own name for it where that says more: `bag 2 (B)`."""
    kind = kind_of_solution(plan)
    count = str(plan.batch(name).solution.number)
    return f"{kind} {count}" if name in (count, f"bag{count}") else f"{kind} {count} ({name})"


def one_of(plan: Plan, name: str) -> str:
    """`Bag 2 of 3`, with the protocol's own name for it where that says more: `Bag 2 of 3 (B)`."""
    called, _, own = the_solution(plan, name).partition(" (")
    return f"{begin(called)} of {len(plan.batches)}" + (f" ({own}" if own else "")
