"""The commands, as a person types them and as a machine reads them."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import Result

import paulatim
from paulatim import Plan, entries
from paulatim.rules import default_policy

Run = Callable[..., Result]
TABLE = "ceftazidime-iv-12step-bwh-uptodate"


def test_the_library_lists_every_entry(run: Run) -> None:
    result = run("library")
    assert result.exit_code == 0
    heads, *rows = result.stdout.splitlines()
    assert heads.split() == ["id", "drug", "route", "kind", "steps", "review"]
    assert [row.split()[0] for row in rows if not row.startswith(" ")] == [each.id for each in entries()]
    assert "to do: second reader, pharmacist" in " ".join(result.stdout.split())


def test_the_library_for_machines(run: Run) -> None:
    rows = {row["id"]: row for row in json.loads(run("library", "--json").stdout)}
    assert set(rows) == {each.id for each in entries()}
    assert rows["tenfold-7-bag"]["drug"] == "any"
    assert rows["penicillinV-oral-cdc-wendel"]["steps"] == "14"


def test_an_entry_is_shown(run: Run) -> None:
    result = run("library", "show", "infliximab-iv-rcuh-wao2022")
    assert result.exit_code == 0
    assert "Misprints" in result.stdout
    assert "wao-2022-100640, Table 8, step 10" in result.stdout


def test_an_entry_for_machines(run: Run) -> None:
    shown = json.loads(run("library", "show", "infliximab-iv-rcuh-wao2022", "--json").stdout)
    cell = next(cell for cell in shown["cells"] if cell["path"] == "steps.10.dose")
    assert cell == {
        "path": "steps.10.dose",
        "printed": "425 mg",
        "computed": "423 mg",
        "agrees": False,
        "corrected": "423 mg",
    }
    assert shown["entry"]["steps"][9]["rate"]["source"] == {"ref": "wao-2022-100640", "at": "Table 8, step 10, rate"}


def test_an_entry_by_weight_says_what_it_lacks(run: Run) -> None:
    without, heavy = (
        run("library", "show", "tb-drugs-reintroduction-dili", *more) for more in ((), ("--weight", "60 kg"))
    )
    assert without.exit_code == heavy.exit_code == 0
    assert (
        "Printed cells are not compared. The dose of rifampicin depends on body weight. Give the weight in kg."
        in without.stdout
    )
    assert "Printed and computed" in heavy.stdout


def test_a_plan_is_printed(run: Run) -> None:
    result = run("plan", "bwh-12-step-3-bag", "--drug", "ceftazidime", "--target", "2000 mg", "--stock", "100 mg/mL")
    assert result.exit_code == 0
    for title in ("Solutions", "Recipe", "Steps", "Findings"):
        assert f"\n{title}\n" in result.stdout
    assert "≈ 7.937 mg/mL" in result.stdout


def test_a_plan_that_is_stopped_ends_with_1_and_says_so_first(run: Run) -> None:
    result = run("plan", TABLE, "--final-rate", "400.05 mL/h", "--pump", "generic-0.1")
    assert result.exit_code == 1
    assert result.stdout.partition("\nFindings\n")[2].startswith("stop ")


def test_every_option_reaches_the_plan(run: Run) -> None:
    Path("site.yaml").write_text(
        Path(paulatim.__file__)
        .with_name("rules")
        .joinpath("policy.yaml")
        .read_text(encoding="utf-8")
        .replace("Demo ward", "Ward 7"),
        encoding="utf-8",
    )
    words = [
        "bwh-12-step-3-bag",
        "--drug",
        "carboplatin",
        "--target",
        "5 mg/kg",
        "--weight",
        "70 kg",
        "--volume",
        "100 mL",
    ]
    words += ["--final-rate", "75 mL/h", "--stock", "10 mg/mL", "--pump", "generic-1", "--line", "1.5 mL"]
    words += ["--primed-with", "diluent", "--line-per-bag", "--policy", "site.yaml", "--json", "plan.json"]
    result = run("plan", *words)
    made = Plan.read(Path("plan.json").read_text(encoding="utf-8")).data
    assert result.stdout.endswith("Wrote plan.json.\n")
    assert made["request"] == {
        "drug": "carboplatin", "target": "5 mg/kg", "volume": "100 mL", "final_rate": "75 mL/h", "weight": "70 kg",
    }  # fmt: skip
    assert made["targets"] == {"carboplatin": "350 mg"}
    assert made["stock"] == "10 mg/mL"
    assert made["pump"] == {**made["pump"], "id": "generic-1"}  # type: ignore[dict-item]
    assert made["line"] == {"dead_volume": "1.5 mL", "primed_with": "diluent", "new_for_each_bag": True}
    assert made["policy"] == {**made["policy"], "site": "Ward 7"}  # type: ignore[dict-item]


def test_a_plan_on_stdout_is_alone_there(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("paulatim.documents.write_all", lambda plan, folder, policy=None: [folder / "order.pdf"])
    result = run("plan", TABLE, "--json", "-", "--pdf", "sheets")
    plan = Plan.read(result.stdout)
    assert result.stdout == plan.text()
    assert result.stderr == "Wrote sheets/order.pdf.\n"


def test_sheets_are_written_and_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def write_all(plan: Plan, folder: Path, policy: object = None) -> list[Path]:
        asked.append((plan.entry.id, folder, policy))
        return [folder / "a.pdf", folder / "b.pdf"]

    monkeypatch.setattr("paulatim.documents.write_all", write_all)
    result = run("plan", TABLE, "--pdf", "sheets")
    assert result.stdout.endswith("\nWrote sheets/a.pdf.\nWrote sheets/b.pdf.\n")
    assert asked == [(TABLE, Path("sheets"), None)]


def test_sheets_that_cannot_be_printed_say_why(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from paulatim.documents import CannotPrint

    def write_all(plan: Plan, folder: Path, policy: object = None) -> list[Path]:
        raise CannotPrint("Install typst.")

    monkeypatch.setattr("paulatim.documents.write_all", write_all)
    result = run("plan", TABLE, "--pdf", "sheets")
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", "Install typst.\n")


def test_a_right_plan_verifies(run: Run) -> None:
    run("plan", TABLE, "--json", "plan.json")
    result = run("verify", "plan.json")
    assert (result.exit_code, result.stdout) == (0, "plan.json: every number agrees.\n")


def test_an_altered_plan_does_not_verify_and_every_file_is_looked_at(run: Run) -> None:
    run("plan", TABLE, "--json", "plan.json")
    text = Path("plan.json").read_text(encoding="utf-8")
    Path("altered.json").write_text(text.replace('"2 mL/h"', '"20 mL/h"'), encoding="utf-8")
    result = run("verify", "altered.json", "plan.json")
    assert result.exit_code == 1
    said = " ".join(result.stdout.split())
    assert "altered.json: Make the plan again: step 1, rate is 20 mL/h in the file, but 2 mL/h worked out again" in said
    assert said.endswith("plan.json: every number agrees.")
    assert run("verify", "altered.json", "none.json").exit_code == 2


def test_what_does_not_fit_for_machines(run: Run) -> None:
    run("plan", TABLE, "--json", "plan.json")
    text = Path("plan.json").read_text(encoding="utf-8")
    Path("plan.json").write_text(text.replace('"2 mL/h"', '"20 mL/h"'), encoding="utf-8")
    (found,) = json.loads(run("verify", "plan.json", "--json").stdout)
    rate = next(each for each in found["disagreements"] if each["path"] == "steps.1.rate")
    assert (found["file"], rate["said"], rate["found"]) == ("plan.json", "20 mL/h", "2 mL/h")


def test_a_record_is_given_to_the_record(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def verify_record(text: str) -> tuple[str, ...]:
        read.append(text)
        return ("entry 2: it was changed.",)

    monkeypatch.setitem(sys.modules, "paulatim.record", SimpleNamespace(verify_record=verify_record))
    Path("record.jsonl").write_text('{"entries":2,"record":"paulatim record 1"}\n{}\n', encoding="utf-8")
    result = run("verify", "record.jsonl")
    assert (result.exit_code, result.stdout) == (1, "record.jsonl: entry 2: it was changed.\n")
    assert read == ['{"entries":2,"record":"paulatim record 1"}\n{}\n']


def test_a_real_record_is_read(run: Run) -> None:
    Path("record.jsonl").write_text('{"record":"paulatim record 1"}\n', encoding="utf-8")
    result = run("verify", "record.jsonl")
    assert result.exit_code == 1
    assert result.stdout.startswith("record.jsonl: ")


def test_a_file_that_is_no_text_cannot_be_read(run: Run) -> None:
    Path("odd.json").write_bytes(b"\xff\xfe")
    assert run("verify", "odd.json").exit_code == 2
    result = run("cite", "odd.json")
    assert (result.exit_code, result.stderr) == (2, "odd.json is no text. Name a file that Paulatim has written.\n")


def test_a_plan_says_what_it_owes_to_whom(run: Run) -> None:
    run("plan", TABLE, "--stock", "100 mg/mL", "--json", "plan.json")
    result = run("cite", "plan.json")
    assert result.exit_code == 0
    said = " ".join(result.stdout.split())
    assert "published: castells-uptodate-52381: Castells MC, Solensky R. Rapid 12-step desensitization" in said
    assert "step 11, rate 40 mL/h graphic 52381, step 11, rate" in said
    assert "time of step 12 174.375 min volume / rate" in said
    assert default_policy().sources["symptom_free"] in said


def test_citations_for_machines(run: Run) -> None:
    run("plan", TABLE, "--json", "plan.json")
    found = json.loads(run("cite", "plan.json", "--json").stdout)
    assert {"what": "step 1, rate", "amount": "2 mL/h", "at": "graphic 52381, step 1, rate"} in found[0]["taken"]


def test_a_plan_that_was_changed_is_not_cited(run: Run) -> None:
    run("plan", TABLE, "--json", "plan.json")
    text = Path("plan.json").read_text(encoding="utf-8")
    Path("plan.json").write_text(text.replace('"2 mL/h"', '"20 mL/h"'), encoding="utf-8")
    result = run("cite", "plan.json")
    assert result.exit_code == 2
    assert (
        result.stderr == "plan.json: The plan was changed after it was made: its hash does not fit. Make a new plan.\n"
    )


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ((), ("sqlite:///paulatim.sqlite3", "127.0.0.1", 8000)),
        (
            ("serve", "--db", "sqlite:///ward.sqlite3", "--host", "0.0.0.0", "--port", "80"),
            ("sqlite:///ward.sqlite3", "0.0.0.0", 80),
        ),
    ],
)
def test_the_demo_ward_is_served(
    words: tuple[str, ...], asked: tuple[object, ...], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[tuple[object, ...]] = []
    monkeypatch.setitem(sys.modules, "paulatim.web", SimpleNamespace(serve=lambda *args: calls.append(args)))
    monkeypatch.setattr(paulatim, "web", SimpleNamespace(serve=lambda *args: calls.append(args)), raising=False)
    result = run(*words)
    assert (result.exit_code, calls) == (0, [asked])
    assert result.stdout.startswith(f"Open http://{asked[1]}:{asked[2]} in a browser.")


def test_a_record_that_cannot_be_opened_is_said(run: Run) -> None:
    result = run("serve", "--db", "nonsense")
    assert result.exit_code == 2
    assert result.stderr.startswith("nonsense is no database known here.")
