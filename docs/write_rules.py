"""Write docs/reference/rules.md from the rule base; a test fails when the page is not what this writes."""

from __future__ import annotations

from pathlib import Path

from paulatim.rules import Rule, all_rules

PAGE = Path(__file__).parent / "reference" / "rules.md"
_HEAD = """# Rules

Every rule of the rule base, written from `src/paulatim/rules/rulebook.yaml` and `bedside.yaml` by
`python docs/write_rules.py`. A rule of the plan judges a plan before anyone approves it; a rule of the bedside keeps
the running procedure. Modes: AUTO may block or alarm, PROP proposes and a named clinician confirms, CLIN only records.
None of this is validated for clinical use.
"""


def page() -> str:
    """The whole page as Markdown."""
    return _HEAD + "".join(_section(rule) for rule in all_rules())


def _section(rule: Rule) -> str:
    says = f"Says: {rule.sentence}\n\n" if rule.sentence else ""
    where = f"Plan, {rule.severity}" if rule.sentence else "Bedside"
    source = f"{where}, {rule.mode}. Evidence: {rule.evidence}.\nSource: {rule.cites}.\n"
    return f"\n## {rule.id}\n\n{rule.title}.\n\n{says}{source}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
