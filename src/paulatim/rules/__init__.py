"""The rule base and the judge: rules as data with reasons, and the site's policy."""

from paulatim.rules.draft import Draft
from paulatim.rules.finding import Finding, Mode, Severity
from paulatim.rules.judge import judge
from paulatim.rules.policy import Choice, Policy, default_policy, read_policy
from paulatim.rules.rescue import epinephrine
from paulatim.rules.rulebook import Rule, all_rules

__all__ = [
    "Choice", "Draft", "Finding", "Mode", "Policy", "Rule", "Severity", "all_rules", "default_policy",
    "epinephrine", "judge", "read_policy",
]  # fmt: skip
