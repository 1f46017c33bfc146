"""The workbench: what is typed comes to a plan or to a sentence, and only the plan that was seen is put up."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from paulatim.library import ids
from paulatim.plan import Plan
from paulatim.session import Opened
from paulatim.web.people import patients
from paulatim.web.workbench.working import FIELDS, filled, work_out

if TYPE_CHECKING:
    from .conftest import World

FAMILY = {"entry": "bwh-12-step-3-bag", "drug": "ceftazidime", "target": "2000 mg"}
CHROMIUM = Path("/usr/bin/chromium")


def words(html: str) -> str:
    """A page as a person reads it, in one line."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def page(world: World, **typed: str) -> str:
    answer = world.client().get("/workbench", params=typed)
    assert answer.status_code == 200
    return answer.text


def row(html: str, step: str) -> str:
    """The words of one row of the step table."""
    found = re.search(rf'<tr><th scope="row">{step}</th>(.*?)</tr>', html, re.DOTALL)
    assert found, step
    return words(found[1])


def offer(html: str) -> str:
    found = re.search(r'name="offer" value="([^"]+)"', html)
    assert found
    return found[1]


def test_the_step_table_is_the_published_one(world: World) -> None:
    """UpToDate graphic 52381, ceftazidime 2000 mg: rate, time, volume, dose, cumulative dose, factor."""
    html = page(world, **FAMILY)
    assert row(html, "1") == "Bag 1 2 mL/h 15 min 0.5 mL 0.04 mg 0.04 mg"
    assert row(html, "8") == "Bag 2 40 mL/h 15 min 10 mL 8 mg 15.74 mg 2"
    assert row(html, "12") == "Bag 3 80 mL/h 174.375 min 232.5 mL ≈ 1845.362 mg 2000 mg 2"
    assert "Ladder of ceftazidime, plan" in html
    assert "Changed from the published ladder" not in html


def test_a_changed_figure_has_the_published_one_below(world: World) -> None:
    html = page(world, **FAMILY, rate="40 mL/h")
    assert row(html, "12").startswith("Bag 3 40 mL/h pub. 80 mL/h 348.75 min pub. 174.375 min 232.5 mL")
    assert row(html, "11") == "Bag 3 40 mL/h 15 min 10 mL ≈ 79.37 mg ≈ 154.638 mg 2"
    assert "Changed from the published ladder: final rate." in words(html)


def test_another_target_of_a_table_is_marked_in_doses_and_solutions(world: World) -> None:
    html = page(world, entry="infliximab-iv-rcuh-wao2022", target="250 mg")
    assert row(html, "2") == "Bag 1 (A) 100 mL/h 15 min 25 mL 0.5 mg pub. 1 mg 0.5 mg pub. 1 mg"
    assert "Bag 3 (C) 250 mL 1 mg/mL pub. 2 mg/mL 250 mg pub. 500 mg" in words(html)


def test_the_recipe_says_what_to_draw(world: World) -> None:
    said = words(page(world, **FAMILY, stock="100 mg/mL"))
    assert "What to draw, from a stock of 100 mg/mL" in said
    assert "Bag 1 Draw 0.2 mL of the stock, add 249.8 mL of diluent: 250 mL at 0.08 mg/mL." in said
    undiluted = words(page(world, entry="penicillinV-oral-cdc-wendel", stock="80000 units/mL"))
    assert "Draw 20 mL of the stock, undiluted: 20 mL at 80000 units/mL." in undiluted
    weak = words(page(world, **FAMILY, stock="1 mg/mL"))
    assert "The stock is weaker than a solution: nothing can be drawn." in weak
    assert "Write the strength of the stock to see what to draw." in words(page(world, **FAMILY))


def test_a_syringe_filled_several_times_is_said_once(world: World) -> None:
    said = words(page(world, **FAMILY, stock="10 mg/mL"))
    assert "3 times a 50 mL syringe to the 50 mL mark and 50 mL syringe to the 48 mL mark" in said


def test_findings_come_most_limiting_first_with_rule_source_and_evidence(world: World) -> None:
    html = page(world, **FAMILY, rate="400.05 mL/h", pump="generic-0.1")
    severities = re.findall(r'<div class="finding (\w+)">', html)
    assert severities == sorted(severities, key=["stop", "ask", "warn", "note"].index)
    assert severities[0] == "stop"
    said = words(html)
    assert "R-PUMP-02" in said
    assert said.count("Source ") >= len(severities)
    assert said.count("Evidence ") == len(severities)
    assert "Put up for approval waits: change the plan" in said
    assert 'name="offer"' not in html


def test_a_field_that_cannot_be_read_keeps_its_text_and_says_why(world: World) -> None:
    html = page(world, **{**FAMILY, "target": "2000"})
    assert 'value="2000"' in html
    assert re.search(r'<input id="target"[^>]*aria-describedby="target-says" aria-invalid="true">', html)
    assert '<small id="target-says" class="says problem">&#34;2000&#34; has no unit. Write the unit too' in html
    said = words(html)
    assert "No plan yet" in said
    assert "Correct what is marked: this cannot be read yet." in said
    assert "Ladder of" not in said


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("target", "1,5 g", '"1,5 g" holds a comma. Write a point for decimals'),
        ("target", "0 mg", "The target is 0 mg. Write one above zero."),
        ("volume", "5 mg", "The bag volume is 5 mg, which is no bag volume. Write it in mL."),
        ("rate", "80 mg/h", "The final rate is 80 mg/h, which is no final rate. Write it in mL/h."),
        ("stock", "100", '"100" has no unit.'),
        ("stock", "5 units/mL", "The stock strength is 5 units/mL, which is no stock strength. Write it in mg/mL."),
        ("dead", "-1 mL", "The line's volume is -1 mL. Write it in mL, zero or more."),
        ("weight", "0 kg", "The weight is 0 kg. Write one above zero."),
        ("patient", "9999", "Choose one of these patients: there is no other."),
        ("pump", "none such", "Choose one of these pumps: there is no other."),
        ("primed", "water", "Choose drug or diluent, or leave it open."),
        ("lines", "three", "Choose one line or one for each bag, or leave it open."),
        ("entry", "bwh-12-step", 'There is no entry "bwh-12-step". Did you mean bwh-12-step-3-bag'),
    ],
)
def test_each_problem_stands_at_its_field(field: str, text: str, sentence: str) -> None:
    found = work_out({**FAMILY, field: text})
    assert found.plan is None
    assert list(found.problems) == [field]
    assert found.problems[field].startswith(sentence)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Choose a protocol."),
        ({"entry": "bwh-12-step-3-bag", "target": "5 mg"}, "Write the drug: this protocol is made for any drug."),
        ({"entry": "bwh-12-step-3-bag", "drug": "x"}, "Write the target, such as 2000 mg."),
        (
            {"entry": "tb-drugs-reintroduction-dili"},
            "The dose of rifampicin depends on body weight. Give the weight in kg.",
        ),
        ({**FAMILY, "target": "10 mg/kg"}, "The target 10 mg/kg needs the patient's weight. Add it in kg."),
        ({**FAMILY, "target": "3 mL"}, "The target 3 mL is not an amount of drug. Write it in mg, g or units."),
    ],
)
def test_what_is_missing_is_said_instead_of_a_plan(world: World, typed: dict[str, str], sentence: str) -> None:
    said = words(page(world, **typed))
    assert "No plan yet" in said
    assert sentence in said


def test_the_weight_comes_from_the_patient_or_is_typed() -> None:
    per_kg = {**FAMILY, "target": "10 mg/kg"}
    by_patient, typed = work_out({**per_kg, "patient": "0042"}), work_out({**per_kg, "weight": "50 kg"})
    assert by_patient.plan is not None
    assert typed.plan is not None
    assert by_patient.plan.targets["ceftazidime"].show() == "700 mg"
    assert typed.plan.targets["ceftazidime"].show() == "500 mg"
    assert "weight" not in by_patient.fields
    assert "weight" in work_out({**per_kg, "patient": "0044"}).fields  # nobody has weighed this one


def test_a_protocol_shows_only_the_fields_that_it_has_a_use_for(world: World) -> None:
    assert work_out({}).fields == frozenset(FIELDS)
    aspirin = work_out({"entry": "aspirin-oral-aerd-degregorio2019", "patient": "0042", "rate": "5 mL/h", "pump": "?"})
    assert not aspirin.fields & {"drug", "rate", "pump", "dead", "primed", "stock", "volume"}
    assert aspirin.problems == {}
    assert "rate" not in aspirin.typed
    assert 'for="rate"' not in page(world, entry="aspirin-oral-aerd-degregorio2019")
    assert 'for="drug"' in page(world, entry="bwh-12-step-3-bag")


def test_every_field_has_a_label_and_is_tied_to_its_sentence(world: World) -> None:
    html = page(world)
    fields = re.findall(r'<(?:input|select) id="(\w+)"', html)
    assert set(FIELDS) <= set(fields)
    for field in fields:
        assert f'<label for="{field}">' in html
        assert f'aria-describedby="{field}-says"' in html
        assert f'id="{field}-says"' in html
    assert '<p id="said" class="unseen" role="status" aria-live="polite">' in html


def test_choosing_a_patient_fills_an_example_and_says_that_it_is_one(world: World) -> None:
    html = page(world, patient="0042")
    assert "ceftazidime 2000 mg" in words(html)
    assert "An example, from no label. Write what the vial says." in html
    assert "An example" not in page(world, patient="0042", **FAMILY, stock="200 mg/mL")
    assert filled({"patient": "0042", "target": "5 mg"}) == {"patient": "0042", "target": "5 mg"}
    assert "Choose a protocol." in words(page(world, patient="0043"))


def test_every_example_is_of_a_patient_and_makes_a_plan() -> None:
    for patient in patients():
        typed = filled({"patient": patient.id})
        if len(typed) > 1:
            assert isinstance(work_out(typed).plan, Plan), patient.id


def test_the_list_of_protocols_can_be_narrowed(world: World) -> None:
    def offered(**typed: str) -> set[str]:
        return set(re.findall(r'<option value="([\w-]+)"', page(world, **typed))) & set(ids())

    assert offered() == set(ids())
    assert offered(find_route="oral", find_kind="table") == {id for id in ids() if "oral" in id or id.startswith("tb-")}
    for_drug = offered(find_drug="infliximab")
    assert "infliximab-iv-rcuh-wao2022" in for_drug
    assert "bwh-12-step-3-bag" in for_drug
    assert "meropenem-iv-onebag-scribd" not in for_drug
    assert "meropenem-iv-onebag-scribd" in offered(find_drug="infliximab", entry="meropenem-iv-onebag-scribd")


def test_every_entry_opens_in_the_workbench(world: World) -> None:
    for id in ids():
        html = page(world, entry=id, patient="0042", drug="x", target="" if "oral" in id or "tb-" in id else "900 mg")
        assert "Ladder of" in html, id


def test_the_fragment_is_the_page_without_its_frame(world: World) -> None:
    fragment = world.client().get("/workbench/plan", params=FAMILY).text
    assert "<html" not in fragment
    for id in ("choices", "said", "plan"):
        assert fragment.count(f' id="{id}"') == 1
    assert re.search(r"Plan [0-9a-f]{8}\. ", words(fragment))


def test_a_name_that_is_markup_stays_a_name(world: World) -> None:
    html = page(world, entry="bwh-12-step-3-bag", drug="<script>alert(1)</script>", target="5 mg")
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert" in html


def test_the_seen_plan_is_put_up_once(world: World) -> None:
    client, typed = (
        world.client("prescriber-1"),
        {**FAMILY, "patient": "0042", "stock": "100 mg/mL", "pump": "generic-0.1"},
    )
    html = client.get("/workbench", params=typed).text
    sent = {**typed, "offer": offer(html)}
    answer = client.post("/procedures", data=sent, follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/procedures/0001/approve"
    assert (
        client.post("/procedures", data=sent, follow_redirects=False).headers["location"] == "/procedures/0001/approve"
    )
    (fact,) = world.clinic.facts("0001")
    assert isinstance(fact.event, Opened)
    assert fact.event.plan.hash == sent["offer"].split(".")[0]
    assert fact.by.id == "prescriber-1"


def test_another_plan_than_the_seen_one_is_refused(world: World) -> None:
    client, typed = world.client(), {**FAMILY, "patient": "0042"}
    seen = offer(client.get("/workbench", params=typed).text)
    answer = client.post("/procedures", data={**typed, "target": "1000 mg", "offer": seen})
    assert answer.status_code == 409
    assert "Nothing was opened. Look again: these choices make plan" in words(answer.text)
    assert 'value="1000 mg"' in answer.text
    assert world.clinic.procedures() == ()
    assert client.post("/procedures", data=typed).status_code == 409  # no offer: nobody saw the plan


def test_a_procedure_needs_a_patient(world: World) -> None:
    client = world.client()
    assert "Put up for approval waits: a patient" in words(client.get("/workbench", params=FAMILY).text)
    answer = client.post("/procedures", data={**FAMILY, "offer": "x.y"})
    assert answer.status_code == 422
    assert (
        '<small id="patient-says" class="says problem">Choose a patient: a procedure is for one person.' in answer.text
    )
    assert world.clinic.procedures() == ()


def test_a_plan_that_a_rule_stops_is_not_put_up(world: World) -> None:
    typed = {**FAMILY, "patient": "0042", "rate": "400 mL/h"}
    plan = work_out(typed).plan
    assert plan is not None
    answer = world.client().post("/procedures", data={**typed, "offer": f"{plan.hash}.token"})
    assert answer.status_code == 409
    assert "Nothing was opened. Change the plan first. Look at step 12" in words(answer.text)
    assert world.clinic.procedures() == ()


def test_no_plan_is_put_up_from_what_cannot_be_read(world: World) -> None:
    answer = world.client().post("/procedures", data={**FAMILY, "patient": "0042", "target": "2000", "offer": "x.y"})
    assert answer.status_code == 422
    assert 'value="2000"' in answer.text
    assert "Nothing was opened: there is no plan yet." in words(answer.text)


@pytest.fixture
def address(world: World) -> Iterator[str]:
    """The ward served for a browser."""
    import uvicorn

    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(world.app, log_level="error", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join()
    listener.close()


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM.exists(), reason=f"{CHROMIUM} is not installed")
def test_the_plan_follows_what_one_types(address: str) -> None:
    """Typing keeps the caret, an unreadable field takes the plan away, and Back undoes."""
    from playwright.sync_api import expect, sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        sheet = browser.new_page()
        sheet.goto(f"{address}/workbench?entry=bwh-12-step-3-bag&drug=ceftazidime&target=2000+mg")
        heading, target = sheet.locator("#plan h1"), sheet.locator("#target")
        expect(heading).to_have_text("ceftazidime 2000 mg")
        target.press("End")
        for _ in range(3):
            target.press("Backspace")
        expect(heading).to_have_text("No plan yet")
        expect(sheet.locator("#target-says")).to_contain_text('"2000" has no unit.')
        target.press_sequentially(" g")
        expect(heading).to_have_text("ceftazidime 2000000 mg")
        expect(target).to_be_focused()
        expect(target).to_have_value("2000 g")
        assert "target=2000+g" in sheet.url
        sheet.locator("#rate").fill("400 mL/h")
        expect(sheet.locator("#said")).to_contain_text("First: Look at step 12")
        sheet.go_back()
        expect(sheet.locator("#rate")).to_have_value("")
        sheet.go_back()
        expect(heading).to_have_text("ceftazidime 2000 mg")
        expect(target).to_have_value("2000 mg")
        sheet.route("**/workbench/plan*", lambda route: route.abort())
        target.fill("3000 mg")
        expect(sheet.locator("#plan")).to_have_text(re.compile("The server does not answer, so there is no plan"))
        browser.close()
