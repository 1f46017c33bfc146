"""The judge: every rule on one draft, most limiting finding first."""

from __future__ import annotations

from paulatim.rules import arithmetic, hazards  # noqa: F401  (their predicates register themselves)
from paulatim.rules.draft import Draft
from paulatim.rules.finding import Finding
from paulatim.rules.rulebook import known, predicates

__all__ = ["judge"]


def judge(draft: Draft) -> tuple[Finding, ...]:
    """All findings on a draft plan, the most limiting first, then in the order of the rules' predicates."""
    found = [known(id).finding(said) for id, predicate in predicates().items() for said in predicate(draft)]
    return tuple(sorted(found, key=lambda finding: finding.severity.rank))
