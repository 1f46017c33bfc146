"""The pure call: entry + request + patient + stock + pump + line + policy -> one frozen Plan with a hash."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from paulatim.assessment import Patient
from paulatim.canonical import NotCanonical, decode, digest, encode, parse_json, text_of
from paulatim.delivery import Line, Pump
from paulatim.library import (
    Action,
    Cited,
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
    Source,
    Transcription,
)  # fmt: skip
from paulatim.preparation import Batch, Make, batches, bench, recipe
from paulatim.protocol import Ladder, Request, Step, above_zero, published, scale
from paulatim.quantity import Quantity, QuantityError
from paulatim.rules import Draft, Finding, Policy, Severity, default_policy, judge

__all__ = ["EntryStamp", "Plan", "PolicyStamp", "Timing", "make_plan"]

FORMAT = "paulatim plan 1"
_NO_LINE = Line()


@dataclass(frozen=True, slots=True)
class EntryStamp:
    """Which entry a plan was made from, exactly: `digest` is the sha256 of its file."""

    id: str
    title: str
    kind: Kind
    made_with: MadeWith | None
    digest: str
    route: Route
    purpose: Purpose
    transcription: Transcription
    review: Review
    source: Source
    meaning: Meaning
    last_bag: LastBag
    errata: tuple[Erratum, ...]
    notes: tuple[str, ...]
    on_reaction: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PolicyStamp:
    """Under which site policy a plan was made."""

    site: str
    version: str
    approved_by: str
    digest: str


@dataclass(frozen=True, slots=True)
class Timing:
    """A time and whose it is: the entry's source, or the site's policy."""

    amount: Quantity
    source: str


@dataclass(frozen=True)
class Plan:
    """One desensitization, worked out: every number that sheet, label, pump and record show.

    Amounts are exact. `batches` account for each solution, `recipe` says how to make them, `steps` what to give,
    `findings` what the rules say, most limiting first. Two plans are the same when their hashes are.
    """

    format: str
    entry: EntryStamp
    changes: tuple[str, ...]
    patient: Patient | None
    request: Request
    targets: Mapping[str, Quantity]
    stock: Quantity | None
    pump: Pump | None
    line: Line
    policy: PolicyStamp
    batches: tuple[Batch, ...]
    recipe: tuple[Make, ...]
    steps: tuple[Step, ...]
    duration: Quantity
    vitals_every: Timing
    observe: Timing
    symptom_free: Timing
    findings: tuple[Finding, ...]
    references: Mapping[str, Reference]

    @cached_property
    def data(self) -> dict[str, object]:
        """The plan as plain JSON data."""
        made: dict[str, object] = encode(self)
        return made

    @cached_property
    def hash(self) -> str:
        """The sha256 of the plan's canonical JSON, in hex."""
        return digest(self.data)

    @property
    def short(self) -> str:
        """The first eight digits of the hash, which every sheet and screen shows."""
        return self.hash[:8]

    @property
    def drugs(self) -> str:
        """The drug, or the drugs joined by `and`."""
        return " and ".join(self.targets)

    @property
    def stops(self) -> tuple[Finding, ...]:
        """The findings that no approval can pass over."""
        return tuple(finding for finding in self.findings if finding.severity is Severity.STOP)

    @property
    def to_accept(self) -> tuple[Finding, ...]:
        """The findings that whoever approves must accept by name."""
        return tuple(finding for finding in self.findings if finding.severity in (Severity.ASK, Severity.WARN))

    def batch(self, solution: str) -> Batch:
        """The account of a solution, by its name."""
        return next(batch for batch in self.batches if batch.solution.name == solution)

    def code(self, solution: str) -> str:
        """What a solution's label says to a scanner: the plan's short hash and the solution's number."""
        return f"{self.short}-{self.batch(solution).solution.number}"

    def given(self, drug: str) -> Quantity:
        """What the whole ladder gives of a drug."""
        return [step.cumulative for step in self.steps if step.drug == drug][-1]

    def text(self) -> str:
        """The plan's file: canonical JSON of the hash and the plan."""
        return text_of({"hash": self.hash, "plan": self.data}) + "\n"

    @staticmethod
    def read(text: str) -> Plan:
        """A plan from its file; raises NotCanonical when it is none, or when its hash is another's."""
        data = parse_json(text)
        if not isinstance(data, dict) or set(data) != {"hash", "plan"}:
            raise NotCanonical('This is no plan: write {"hash": ..., "plan": {...}}.')
        plan = decode(Plan, data["plan"], "plan")
        if plan.hash != data["hash"]:
            raise NotCanonical("The plan was changed after it was made: its hash does not fit. Make a new plan.")
        return plan


def make_plan(
    entry: Entry,
    request: Request | None = None,
    *,
    patient: Patient | None = None,
    stock: Quantity | None = None,
    pump: Pump | None = None,
    line: Line = _NO_LINE,
    policy: Policy | None = None,
) -> Plan:
    """Work an entry out for a request.

    `stock` is the strength of what is in the vial or bottle (mass or units per volume). What is None is
    unknown and becomes a question among the findings. Raises CannotScale when the entry cannot be made so, and
    QuantityError when an amount is of the wrong kind.
    """
    request = _with_weight(request or Request(), patient)
    policy = policy or default_policy()
    ladder = scale(entry, request)
    _check_stock(stock, ladder)
    changes = _changes(entry, request, ladder)
    baseline = scale(entry, _unchanged(request, ladder)) if set(changes) & {"bag volume", "final rate"} else ladder
    accounts, made = batches(ladder, bench()), recipe(ladder, stock, bench())
    draft = Draft(ladder, baseline, accounts, made, changes, stock, pump, line, patient, bench(), policy)
    return _freeze(draft, request)


def _freeze(draft: Draft, request: Request) -> Plan:
    """The plan that a judged draft becomes."""
    ladder, policy, entry = draft.ladder, draft.policy, draft.ladder.entry
    return Plan(
        format=FORMAT,
        entry=_stamp(entry),
        changes=draft.changes,
        patient=draft.patient,
        request=request,
        targets=ladder.targets,
        stock=draft.stock,
        pump=draft.pump,
        line=draft.line,
        policy=PolicyStamp(policy.site, policy.version, policy.approved_by, policy.digest),
        batches=draft.batches,
        recipe=draft.recipe,
        steps=ladder.steps,
        duration=ladder.duration,
        vitals_every=_timing(entry.vitals, policy.vitals_every, "vitals_every", policy),
        observe=_timing(entry.observe, policy.observe, "observe", policy),
        symptom_free=_timing(None, policy.symptom_free, "symptom_free", policy),
        findings=judge(draft),
        references=entry.references,
    )


def _check_stock(stock: Quantity | None, ladder: Ladder) -> None:
    """A stock is a strength of the same kind as the solutions made from it."""
    for solution in ladder.solutions if stock is not None else ():
        above_zero(stock, solution.concentration.unit.text, "stock strength")


def _with_weight(request: Request, patient: Patient | None) -> Request:
    known = patient.weight if patient else None
    if known is not None and request.weight not in (None, known):
        raise QuantityError(
            f"The weight is {request.weight.show()}, but the patient's is {known.show()}. Leave one out."
        )
    weight = request.weight or known
    return Request(request.drug, request.target, request.volume, request.final_rate, weight)


def _unchanged(request: Request, ladder: Ladder) -> Request:
    """The same drug, target and patient with bags and rates as published."""
    single = len(ladder.targets) == 1
    target = next(iter(ladder.targets.values())) if single and request.target is not None else None
    return Request(drug=request.drug, target=target, weight=request.weight)


def _changes(entry: Entry, request: Request, ladder: Ladder) -> tuple[str, ...]:
    """In what the ladder is not the published one; a family has no target of its own to change."""
    as_published = published(entry)
    bag = next((rule.volume.amount for rule in reversed(entry.solutions) if rule.volume), None)
    infusions = [rule for rule in entry.steps if rule.action is Action.INFUSE]
    rate = infusions[-1].rate.amount if infusions and infusions[-1].rate else None
    own = [dose.for_weight(request.weight) for dose in entry.target.by_drug.values()]
    found = []
    if any(
        cited and cited.amount != ladder.targets[drug] for drug, cited in zip(entry.target.by_drug, own, strict=True)
    ):
        found.append("target")
    if request.volume is not None and request.volume != (as_published.volume or bag):
        found.append("bag volume")
    if request.final_rate is not None and request.final_rate != (as_published.final_rate or rate):
        found.append("final rate")
    return tuple(found)


def _timing(cited: Cited | None, amount: Quantity, name: str, policy: Policy) -> Timing:
    if cited:
        return Timing(cited.amount, f"{cited.source.ref}, {cited.source.at}")
    return Timing(amount, f"policy of {policy.site}: {policy.sources[name]}")


def _stamp(entry: Entry) -> EntryStamp:
    return EntryStamp(
        id=entry.id, title=entry.title, kind=entry.kind, made_with=entry.made_with, digest=entry.digest,
        route=entry.route, purpose=entry.purpose, transcription=entry.transcription, review=entry.review,
        source=entry.source, meaning=entry.target.meaning, last_bag=entry.last_bag, errata=entry.errata,
        notes=entry.notes, on_reaction=entry.on_reaction,
    )  # fmt: skip
