"""Pages that are made from data are what the data make, and examples in them are real."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

from paulatim.library import load
from paulatim.plan import make_plan
from paulatim.protocol import compare
from paulatim.quantity import Quantity

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_of_rules_is_what_the_rule_base_writes() -> None:
    spec = importlib.util.spec_from_file_location("write_rules", DOCS / "write_rules.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.PAGE.read_text(encoding="utf-8") == module.page(), "run: python docs/write_rules.py"


def test_the_example_protocol_of_the_how_to_can_be_read_scaled_and_compared() -> None:
    page = (DOCS / "how-to" / "add-a-protocol.md").read_text(encoding="utf-8")
    block = re.search(r"```yaml\n(.*?)```", page, re.DOTALL)
    assert block is not None
    example = load(block[1], "example-two-bags.yaml")
    assert [cell.path for cell in compare(example) if not cell.agrees] == []
    plan = make_plan(example)
    # by hand: 10 mL/h x 15 min and 20 mL/h x 15 min of 0.1 mg/mL are 0.25 and 0.5 mg; the rest is in the strong bag
    assert plan.batch("strong").amount == Quantity("99.25 mg")
    assert plan.steps[-1].cumulative == Quantity("100 mg")
