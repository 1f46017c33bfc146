"""From a protocol's YAML file to an `Entry`, or to every problem in it."""

from __future__ import annotations

import re
from fractions import Fraction
from hashlib import sha256

from paulatim.library.consistency import contradictions
from paulatim.library.entry import (
    Action, Band, Cited, Dose, Entry, Erratum, Kind, LastBag, MadeWith, Meaning, Purpose, Reference, Review,
    Route, Scaling, SolutionRule, Source, StepRule, Target, Transcription, Until,
)  # fmt: skip
from paulatim.library.reading import Node, read
from paulatim.quantity import Quantity

__all__ = ["load"]

ANY_DRUG = "any"
_NOWHERE = Source("", "")


def load(text: str, file: str) -> Entry:
    """Read one protocol file.

    Raises Unreadable with each problem's file, line, column, path and fix. A table `made_with` a family
    comes back without steps; the shelf lends it the family's.
    """
    return read(text, file, lambda root: _entry(root, sha256(text.encode()).hexdigest()))


def _entry(root: Node, digest: str) -> Entry | None:
    references = {key: _reference(key, node) for key, node in root.child("references").items()}
    source = _source(root.child("source", "{ref: KEY, at: Table 1}"), _NOWHERE)
    drugs = _drugs(root)
    monitoring = root.group("monitoring")
    made_with = _made_with(root.group("made_with"))
    own = root.group if made_with else root.child  # a table made with a family has no ladder of its own
    entry = Entry(
        id=root.child("id").text(),
        title=root.child("title").text(),
        kind=root.child("kind", "table").choice(Kind),
        drugs=drugs,
        route=root.child("route", "intravenous").choice(Route),
        purpose=root.child("purpose", "rapid desensitization").choice(Purpose),
        transcription=root.child("transcription", "complete").choice(Transcription),
        review=_review(root.child("review")),
        references=references,
        source=source,
        target=_target(own("target"), drugs, source),
        scaling=own("scaling", "fixed").choice(Scaling) if not made_with else Scaling.FIXED,
        last_bag=own("last_bag", "lower_concentration").choice(LastBag) if not made_with else LastBag.NOT_A_BAG,
        solutions=tuple(_solution(name, node, source) for name, node in root.group("solutions").items()),
        steps=tuple(_step(name, node, drugs, source) for name, node in own("steps").items()),
        interval=_cited(root.maybe("interval"), "min", source, "interval"),
        vitals=_cited(monitoring.maybe("vitals"), "min", source, "monitoring"),
        observe=_cited(monitoring.maybe("observe"), "min", source, "monitoring"),
        made_with=made_with,
        printed=_printed(root.group("printed")),
        errata=tuple(_erratum(node) for node in root.group("errata").list()),
        notes=tuple(node.text() for node in root.group("notes").list()),
        on_reaction=tuple(node.text() for node in root.group("on_reaction").list()),
        digest=digest,
    )
    monitoring.finish()
    root.finish()
    if not root.troubled:
        for path, sentence in contradictions(entry):
            root.find(path).problem(sentence)
    return entry


def _reference(key: str, node: Node) -> Reference:
    reference = Reference(
        key=key,
        authors=node.child("authors").text(),
        where=node.child("where", "journal, volume and pages, or publisher").text(),
        **{name: node.group(name).text() for name in ("year", "title", "doi", "pmcid", "url")},
    )
    node.finish()
    return reference


def _source(node: Node, above: Source) -> Source:
    source = Source(node.group("ref").text() or above.ref, node.group("at").text() or above.at)
    node.finish()
    return source


def _drugs(root: Node) -> tuple[str, ...]:
    if root.has("drugs"):
        return tuple(node.text() for node in root.child("drugs").list())
    drug = root.child("drug", "NAME, or any").text()
    return () if drug == ANY_DRUG else (drug,)


def _review(node: Node) -> Review:
    def reading(name: str) -> str:
        text = node.child(name, "done").text()
        if text not in ("", "done", "todo") and not re.fullmatch(r"exempt: .+", text):
            node.child(name).problem(f'"{text}" is no state of a review. Write done, todo, or "exempt: the reason".')
        return text

    review = Review(*(reading(name) for name in ("transcribed", "second_reader", "arithmetic", "pharmacist")))
    node.finish()
    return review


def _made_with(node: Node) -> MadeWith | None:
    if node.yaml is None:
        return None
    target = node.child("target", "2000 mg").parsed(Quantity)
    made_with = MadeWith(
        entry=node.child("entry", "the family's id").text(),
        target=target or Quantity("1 mg"),
        volume=node.group("volume").quantity("mL"),
        final_rate=node.group("final_rate").quantity("mL/h"),
    )
    node.finish()
    return made_with


def _cited(node: Node | None, unit: str | None, above: Source, at: str) -> Cited | None:
    """An amount: `2 mL/h`, or `{value: 2 mL/h, ref: KEY, at: page 3}` where it has a source of its own."""
    if node is None:
        return None
    value, source = node, Source(above.ref, f"{above.at}, {at}")
    if not node.is_text:
        value = node.child("value")
        source = _source_beside(node, source)
    amount = value.quantity(unit) if unit else value.parsed(Quantity)
    return Cited(amount, source) if amount is not None else None


def _source_beside(node: Node, above: Source) -> Source:
    source = Source(node.group("ref").text() or above.ref, node.group("at").text() or above.at)
    node.finish()
    return source


def _dose(node: Node | None, above: Source, at: str) -> Dose | None:
    """One amount, or one by body weight: `{under 50 kg: 450 mg, over 50 kg: 600 mg}`."""
    if node is None:
        return None
    if node.is_text or node.has("value"):
        cited = _cited(node, None, above, at)
        return Dose((Band(None, None, cited),)) if cited else None
    bands = []
    for words, child in node.items():
        match = re.fullmatch(r"(under|over) (.+ kg)", words)
        cited = _cited(child, None, above, f"{at}, {words}")
        if not match:
            child.problem(f'"{words}" is no range of body weight. Write "under 50 kg" or "over 50 kg".')
        elif cited:
            limit = Quantity(match[2])
            bands.append(Band(limit, None, cited) if match[1] == "over" else Band(None, limit, cited))
    return Dose(tuple(bands))


def _target(node: Node, drugs: tuple[str, ...], above: Source) -> Target:
    if node.yaml is None:
        return Target(Meaning.CUMULATIVE, {})
    by_drug: dict[str, Dose] = {}
    amount = node.maybe("amount")
    if amount and len(drugs) > 1:
        for drug, child in amount.items():
            if dose := _dose(child, above, f"target of {drug}"):
                by_drug[drug] = dose
    elif amount and (dose := _dose(amount, above, "target")):
        by_drug = dict.fromkeys(drugs, dose)
    target = Target(node.child("meaning", "cumulative_equals_target").choice(Meaning), by_drug)
    node.finish()
    return target


def _solution(name: str, node: Node, above: Source) -> SolutionRule:
    at = f"solution {name}"
    source = Source(above.ref, f"{above.at}, {at}")
    amount, share, rest = _holds(node.maybe("holds"), above, at)
    solution = SolutionRule(
        name=name,
        source=source,
        volume=_cited(node.maybe("volume"), "mL", above, f"{at}, volume"),
        amount=amount,
        share=share,
        rest=rest,
        concentration=_cited(node.maybe("concentration"), None, above, f"{at}, concentration"),
    )
    node.finish()
    if [amount is None, share is None, not rest, solution.concentration is None].count(False) != 1:
        node.problem('Say the strength in one way: "holds: 10 mg", "holds: 1/100 of target", "holds: rest of target" '
                     'or "concentration: 1 mg/mL".')  # fmt: skip
    return solution


def _holds(node: Node | None, above: Source, at: str) -> tuple[Cited | None, Fraction | None, bool]:
    if node is None:
        return None, None, False
    words = node.text() if node.is_text else ""
    if words == "rest of target":
        return None, None, True
    if words == "target":
        return None, Fraction(1), False
    if match := re.fullmatch(r"(\S+) of target", words):
        share = node.parsed(lambda _: Quantity(match[1], "1").number)
        return None, share, False
    return _cited(node, None, above, f"{at}, amount"), None, False


def _step(name: str, node: Node, drugs: tuple[str, ...], above: Source) -> StepRule:
    number = int(name) if name.isascii() and name.isdigit() else 0
    if not number:
        node.problem(f'"{name}" is not the number of a step. Write 1, 2, 3 ...')
    at = f"step {name}"
    drug = node.group("drug").text() or (drugs[0] if len(drugs) == 1 else "")
    day = node.maybe("day")
    until = node.maybe("until")
    step = StepRule(
        number=number,
        action=node.child("do", "infuse").choice(Action),
        drug=drug,
        source=Source(above.ref, f"{above.at}, {at}"),
        solution=node.group("from").text(),
        rate=_cited(node.maybe("rate"), "mL/h", above, f"{at}, rate"),
        time=_cited(node.maybe("time"), "min", above, f"{at}, time"),
        volume=_cited(node.maybe("volume"), "mL", above, f"{at}, volume"),
        dose=_dose(node.maybe("dose"), above, f"{at}, dose"),
        until=until.choice(Until) if until else None,
        day=day.whole() if day else None,
    )
    node.finish()
    return step


def _printed(node: Node) -> dict[str, str]:
    """Each printed cell as text, by its path: `steps.10.volume`."""
    cells: dict[str, str] = {}

    def walk(part: Node, path: str) -> None:
        for key, child in part.items():
            here = f"{path}.{key}".lstrip(".")
            if child.is_text:
                cells[here] = child.text()
            else:
                walk(child, here)

    walk(node, "")
    return cells


def _erratum(node: Node) -> Erratum:
    erratum = Erratum(
        at=node.child("at", "steps.10.volume").text(),
        printed=node.child("printed").text(),
        corrected=node.child("corrected", "the right value, or: not known").text(),
        reason=node.child("reason").text(),
    )
    node.finish()
    return erratum
