"""Bag labels: one for each solution, with a GS1 DataMatrix that a scanner turns back into the solution's code."""

from __future__ import annotations

import re
from typing import Any

from paulatim.documents.press import CannotPrint, NothingToPrint, head
from paulatim.documents.svg import shape_svg
from paulatim.documents.words import Words, is_oral, one_of, span
from paulatim.library import Action
from paulatim.plan import Plan
from paulatim.preparation import Batch
from paulatim.protocol import Step
from paulatim.quantity import Quantity

__all__ = ["NotACode", "code_from_scan", "data_matrix", "label_words"]

# GS1 leaves the application identifiers 91 to 99 to a company's own use.
_IDENTIFIER = "91"
_SCAN = re.compile(
    r"(?:\]d2)?(?:\x1d|<GS>|\{GS\})?(?:91|\(91\)|\[91\])(?P<scanned>[0-9a-f]{8}-[1-9][0-9]?)(?:\x1d|<GS>|\{GS\})?"
    r"|(?P<typed>[0-9a-f]{8}-[1-9][0-9]?)"
)


class NotACode(ValueError):
    """A scan or a typed text that is no label of ours; the message says what to do."""


def code_from_scan(text: str) -> str:
    """The code (as `Plan.code` gives it) from what a scanner sent, or from what a person typed.

    A scan may begin with its symbology (`]d2`) or FNC1 (GS), and may show the identifier as `91`, `(91)` or
    `[91]`. A code that lacks a digit, or with something else beside it, raises NotACode: it is never guessed.
    """
    plain = re.sub(r"[ \t\r\n]", "", text)
    found = _SCAN.fullmatch(plain) or _SCAN.fullmatch(plain.lower().replace("<gs>", "<GS>").replace("{gs}", "{GS}"))
    if found is None:
        raise NotACode("Scan the label again: this is not the code of a bag, such as 7f3a91c2-2.")
    return str(found["scanned"] or found["typed"])


def data_matrix(code: str) -> list[str]:
    """The GS1 DataMatrix of a code, row by row: `1` is a dark module. Any warning of the encoder is an error."""
    try:
        import zint
    except ImportError:
        raise CannotPrint('Install what printing needs: pip install "paulatim[documents]".') from None
    symbol = zint.Symbol()
    symbol.symbology = zint.Symbology.DATAMATRIX
    symbol.input_mode = zint.InputMode.GS1
    symbol.option_3 = zint.DataMatrixOptions.SQUARE
    symbol.warn_level = zint.WarningLevel.FAIL_ALL
    symbol.encode(f"[{_IDENTIFIER}]{code}")
    return _rows(symbol)


def _rows(symbol: Any) -> list[str]:
    """The modules: bits of `encoded_data`, eight to a byte, the least significant first."""
    data = symbol.encoded_data
    return [
        "".join(str(data[row, column // 8] >> column % 8 & 1) for column in range(symbol.width))
        for row in range(symbol.rows)
    ]


def label_words(plan: Plan) -> Words:
    """What the labels say, one for each solution. Raises NothingToPrint without solutions, or for a stopped plan."""
    if plan.stops:
        raise NothingToPrint(f"Print no labels: this plan is stopped. {plan.stops[0].sentence}")
    if not plan.batches:
        raise NothingToPrint("There is nothing to label: the doses are taken as they come.")
    return {"head": head(plan), "title": f"Labels, {plan.drugs}", "labels": [_label(plan, b) for b in plan.batches]}


def _label(plan: Plan, batch: Batch) -> Words:
    solution = batch.solution
    code = plan.code(solution.name)
    steps = [step for step in plan.steps if step.solution == solution.name]
    rates = [step.rate for step in steps if step.rate is not None]
    return {
        "number": str(solution.number),
        "shape": shape_svg(solution.number),
        "called": one_of(plan, solution.name),
        "route": "BY MOUTH" if is_oral(plan) else "INTRAVENOUS",
        "drug": solution.drug,
        "amount": batch.amount.show(),
        "volume": batch.volume.show(),
        "concentration": solution.concentration.show(),
        "steps_title": _steps_title(steps, batch),
        "steps": [_step(step) for step in steps],
        "most": f"Never above {max(rates).show()}" if rates else "",
        "keep": _keep(batch, plan),
        "code": code,
        "matrix": data_matrix(code),
    }


def _steps_title(steps: list[Step], batch: Batch) -> str:
    first, last = steps[0].number, steps[-1].number
    numbers = f"Step {first}" if first == last else f"Steps {first} to {last}"
    return f"{numbers}: {batch.given_volume.show()} to give"


def _keep(batch: Batch, plan: Plan) -> str:
    """What is left when the steps are done, so that nobody lets the rest run in."""
    if batch.left_volume.number <= 0:
        return ""
    kind = "solution" if is_oral(plan) else "bag"
    return f"Discard what is left of the {kind}: {batch.left_volume.show()}, {batch.left.show()}."


def _step(step: Step) -> list[str]:
    """One line of the label's ladder: number, what to set or give, for how long or how much."""
    volume = step.volume or Quantity(0, "mL")
    if step.action is Action.TAKE:
        return [str(step.number), volume.show(), step.dose.show()]
    rate = step.rate.show() if step.rate else ""
    if step.action is Action.PURGE:
        return [str(step.number), rate, "purge, patient disconnected"]
    return [str(step.number), rate, f"{span(step.lasts)}, {volume.show()}"]
