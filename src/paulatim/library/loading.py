"""From a protocol's YAML file to an `Entry`, or to every problem in it."""

from __future__ import annotations

import re
from collections.abc import Callable
from hashlib import sha256

from paulatim.library.amounts import DRUG, STRENGTH, cited, dose, held, in_kind
from paulatim.library.cells import miscopied, printed
from paulatim.library.consistency import contradictions
from paulatim.library.entry import (
    Action,
    Dose,
    Entry,
    Erratum,
    Kind,
    LastBag,
    MadeWith,
    Meaning,
    Purpose,
    Reference,
    Review,
    Route,
    Scaling,
    SolutionRule,
    Source,
    StepRule,
    Target,
    Transcription,
    Until,
)
from paulatim.library.reading import Node, read
from paulatim.quantity import Quantity

__all__ = ["NotOnShelf", "load"]

ANY_DRUG = "any"
_LENT = ("target", "scaling", "last_bag", "solutions", "steps")


class NotOnShelf(LookupError):
    """No entry has this id; the message names the nearest ones."""


def load(text: str, file: str, lend: Callable[[Entry], Entry] | None = None) -> Entry:
    """Read one protocol file; `lend` gives a table `made_with` a family that family's ladder, or raises NotOnShelf.

    Raises Unreadable with each problem's file, line, column, path and fix: first all that cannot be read, and once
    nothing of that is left, all that contradicts itself. Without `lend`, a table made with a family has no steps.
    """
    digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return read(text, file, lambda root: _checked(root, _entry(root, digest), lend))


def _checked(root: Node, entry: Entry, lend: Callable[[Entry], Entry] | None) -> Entry:
    if root.troubled:
        return entry
    for path, sentence in contradictions(entry):
        root.find(path).problem(sentence)
    if entry.made_with:
        if lend is None or root.troubled:
            return entry
        try:
            entry = lend(entry)
        except NotOnShelf as error:
            root.find("made_with.entry").problem(str(error))
            return entry
    for path, sentence in miscopied(entry):
        root.find(path).problem(sentence)
    return entry


def _entry(root: Node, digest: str) -> Entry:
    source = _source(root.child("source", "{ref: KEY, at: Table 1}"))
    drugs = _drugs(root)
    monitoring = root.group("monitoring")
    made_with = _made_with(root.maybe("made_with"))
    own = root
    if made_with:  # its ladder is the family's
        own = root.nothing()
        for key in filter(root.has, _LENT):
            root.child(key).problem(f"{made_with.entry} lends its {key}. Remove this, or remove made_with.")
    entry = Entry(
        id=_name(root.child("id")),
        title=root.child("title").text(),
        kind=root.child("kind", "table").choice(Kind),
        drugs=drugs,
        route=root.child("route", "intravenous").choice(Route),
        purpose=root.child("purpose", "rapid desensitization").choice(Purpose),
        transcription=root.child("transcription", "complete").choice(Transcription),
        review=_review(root.child("review")),
        references={key: _reference(key, node) for key, node in root.child("references").items()},
        source=source,
        target=_target(own.child("target"), drugs, source),
        scaling=own.child("scaling", "fixed").choice(Scaling),
        last_bag=own.child("last_bag", "lower_concentration").choice(LastBag),
        solutions=tuple(_solution(name, node, source) for name, node in own.group("solutions").items()),
        steps=tuple(_step(name, node, drugs, source) for name, node in own.child("steps").items()),
        interval=cited(root.maybe("interval"), "min", source, "interval"),
        vitals=cited(monitoring.maybe("vitals"), "min", source, "monitoring"),
        observe=cited(monitoring.maybe("observe"), "min", source, "monitoring"),
        made_with=made_with,
        printed=printed(root.group("printed")),
        errata=tuple(_erratum(node) for node in root.group("errata").list()),
        notes=tuple(node.text() for node in root.group("notes").list()),
        on_reaction=tuple(node.text() for node in root.group("on_reaction").list()),
        digest=digest,
    )
    monitoring.finish()
    root.finish()
    return entry


def _name(node: Node) -> str:
    text = node.text()
    if not re.fullmatch(r"[A-Za-z0-9-]*", text):
        node.problem(f'"{text}" is no name. Write letters, digits and hyphens.')
    return text


_IDENTIFIERS = {
    "year": r"[12][0-9]{3}",
    "doi": r"10\.[0-9]{4,9}/\S+",
    "pmcid": r"PMC[0-9]+",
    "url": r"https?://\S+",
}


def _reference(key: str, node: Node) -> Reference:
    found = {name: node.group(name).text() for name in ("title", *_IDENTIFIERS)}
    for name, pattern in _IDENTIFIERS.items():
        if found[name] and not re.fullmatch(pattern, found[name]):
            node.child(name).problem(f'"{found[name]}" is no {name}. Copy it again, or remove it.')
    reference = Reference(
        key=key,
        authors=node.child("authors").text(),
        where=node.child("where", "journal, volume and pages, or publisher").text(),
        **found,
    )
    node.finish()
    return reference


def _source(node: Node) -> Source:
    source = Source(node.child("ref", "KEY").text(), node.child("at", "Table 1").text())
    node.finish()
    return source


def _drugs(root: Node) -> tuple[str, ...]:
    if not root.has("drugs"):
        drug = root.child("drug", "NAME, or any").text()
        return () if drug == ANY_DRUG else (drug,)
    names = tuple(node.text() for node in root.child("drugs").list())
    if len(names) < 2 or len(set(names)) < len(names):
        root.child("drugs").problem("List two drugs or more, each once. Write drug: NAME for one.")
    return names


def _review(node: Node) -> Review:
    def reading(name: str) -> str:
        text = node.child(name, "done").text()
        if text not in ("", "done", "todo") and not re.fullmatch(r"exempt: .+", text):
            node.child(name).problem(f'"{text}" is no state of a review. Write done, todo, or "exempt: the reason".')
        return text

    review = Review(*(reading(name) for name in ("transcribed", "second_reader", "arithmetic", "pharmacist")))
    node.finish()
    return review


def _made_with(node: Node | None) -> MadeWith | None:
    if node is None:
        return None
    target = node.child("target", "2000 mg").parsed(in_kind(DRUG))
    volume, final_rate = node.maybe("volume"), node.maybe("final_rate")
    made_with = MadeWith(
        entry=node.child("entry", "the family's id").text(),
        target=target or Quantity("1 mg"),
        volume=volume.quantity("mL", above_zero=True) if volume else None,
        final_rate=final_rate.quantity("mL/h", above_zero=True) if final_rate else None,
    )
    node.finish()
    return made_with


def _target(node: Node, drugs: tuple[str, ...], above: Source) -> Target:
    by_drug: dict[str, Dose] = {}
    amount = node.maybe("amount")
    if amount and not drugs:
        amount.problem("An entry for any drug has no target of its own. Remove the amount.")
    elif amount and len(drugs) > 1:
        for drug, child in amount.items():
            if found := dose(child, above, f"target of {drug}"):
                by_drug[drug] = found
    elif amount and (found := dose(amount, above, "target")):
        by_drug = dict.fromkeys(drugs, found)
    target = Target(node.child("meaning", "cumulative_equals_target").choice(Meaning), by_drug)
    node.finish()
    return target


def _solution(name: str, node: Node, above: Source) -> SolutionRule:
    at = f"solution {name}"
    if not re.fullmatch(r"[A-Za-z0-9-]+", name):
        node.problem(f'"{name}" is no name. Write letters, digits and hyphens.')
    amount, share, rest = held(node.maybe("holds"), above, at)
    ways = [node.has("holds"), node.has("concentration")]
    solution = SolutionRule(
        name=name,
        source=Source(above.ref, f"{above.at}, {at}"),
        volume=cited(node.maybe("volume"), "mL", above, f"{at}, volume"),
        amount=amount,
        share=share,
        rest=rest,
        concentration=cited(node.maybe("concentration"), STRENGTH, above, f"{at}, concentration"),
    )
    node.finish()
    if ways.count(True) != 1:
        node.problem('Say the strength in one way: "holds: 10 mg", "holds: 1/100 of target", "holds: rest of target" '
                     'or "concentration: 1 mg/mL".')  # fmt: skip
    return solution


def _step(name: str, node: Node, drugs: tuple[str, ...], above: Source) -> StepRule:
    at = f"step {name}"
    if not re.fullmatch(r"[1-9][0-9]{,3}", name):
        node.problem(f'"{name}" is not the number of a step. Write 1, 2, 3 ...')
    drug = node.group("drug").text() or (drugs[0] if len(drugs) == 1 else "")
    day, until = node.maybe("day"), node.maybe("until")
    step = StepRule(
        number=int(name) if re.fullmatch(r"[1-9][0-9]{,3}", name) else 0,
        action=node.child("do", "infuse").choice(Action),
        drug=drug,
        source=Source(above.ref, f"{above.at}, {at}"),
        solution=node.group("from").text(),
        rate=cited(node.maybe("rate"), "mL/h", above, f"{at}, rate"),
        time=cited(node.maybe("time"), "min", above, f"{at}, time"),
        volume=cited(node.maybe("volume"), "mL", above, f"{at}, volume"),
        dose=dose(node.maybe("dose"), above, f"{at}, dose"),
        until=until.choice(Until) if until else None,
        day=day.whole() if day else None,
    )
    node.finish()
    return step


def _erratum(node: Node) -> Erratum:
    erratum = Erratum(
        at=node.child("at", "steps.10.volume").text(),
        printed=node.child("printed").text(),
        corrected=node.child("corrected", "the right value, or: not known").text(),
        reason=node.child("reason").text(),
    )
    node.finish()
    return erratum
