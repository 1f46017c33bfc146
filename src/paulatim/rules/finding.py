"""A finding: what a rule has to say about a plan, in a sentence that a person can act on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Finding", "Mode", "Severity"]


class Severity(StrEnum):
    """How much it limits, most limiting first."""

    STOP = "stop"  # no procedure can start from this plan
    ASK = "ask"  # something is unknown; whoever approves must answer for it by name
    WARN = "warn"  # whoever approves must accept it by name
    NOTE = "note"

    @property
    def rank(self) -> int:
        """0 for the most limiting."""
        return list(Severity).index(self)


class Mode(StrEnum):
    """Who decides: the software may block (AUTO) or propose (PROP), or only a clinician decides (CLIN)."""

    AUTO = "AUTO"
    PROP = "PROP"
    CLIN = "CLIN"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found. `where` is a path in the plan; `cites` is the rule's source, `evidence` how sure that is."""

    rule: str
    severity: Severity
    mode: Mode
    sentence: str
    where: str
    cites: str
    evidence: str

    @property
    def key(self) -> str:
        """What an approver accepts it by."""
        return f"{self.rule}@{self.where}" if self.where else self.rule
