from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest

from paulatim import Plan
from paulatim.assessment import Sign, Vitals
from paulatim.record import verify_record
from paulatim.session import Hold, RecordVitals, ReportReaction, Stop


def states(page: str) -> list[str]:
    return re.findall(r'class="state [a-z]+" href="/procedures/\d+">.*?<span>(.*?)</span>', page, flags=re.DOTALL)


def words(page: str) -> str:
    page = re.sub(r"<svg.*?</svg>|<head>.*?</head>", " ", page, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_an_empty_ward_says_how_to_begin(world: Any) -> None:
    page = world.client().get("/").text
    assert "No procedure is open. Start a plan : choose patient, drug and protocol" in words(page)
    assert 'href="/workbench"' in page


def test_what_needs_a_person_first_stands_first(world: Any) -> None:
    stopped = world.running(1)
    world.do(stopped, Stop("the patient wishes so"))
    world.later(hours=3)
    world.opened()
    world.approved()
    world.running(2)
    due = world.started()
    held = world.running(2)
    world.do(held, Hold("new line"))
    reaction = world.running(1)
    world.do(reaction, ReportReaction((Sign.ITCH,)))
    observed = world.running(1)
    world.do(observed, Stop("the patient wishes so"))
    assert world.clinic.state(due).task == "confirm the bag"
    page = world.client().get("/").text
    states_in_order = [
        "Reaction",
        "On hold",
        "Due now",
        "Due now",
        "Ready to start",
        "To approve",
        "Observe",
        "Stopped",
    ]
    assert states(page) == states_in_order


def test_a_row_says_patient_drug_step_and_the_time_to_what_is_next(world: Any) -> None:
    id = world.running(7)
    world.later(minutes=6, seconds=36)
    world.do(id, RecordVitals(Vitals(118, 68, 84, 18, 97)))
    page = world.client().get("/").text
    said = words(page)
    assert "Demo patient 2 #0042, procedure 0001 ceftazidime 5.5 mg of 2000 mg 7 of 12 in 08:24 Step 7 ends." in said
    assert "BP 118/68, HR 84, RR 18, SpO2 97 %" in said
    assert "ladder-thumbnail" in page
    world.later(minutes=20)
    assert "late by 11:36 Step 7 ends." not in words(world.client().get("/").text)
    assert states(world.client().get("/").text) == ["Due now"]


def test_the_story_can_be_filtered_and_each_line_opens_its_entry(world: Any) -> None:
    id, client = world.running(2), world.client()
    world.do(id, ReportReaction((Sign.URTICARIA,)))
    page = client.get(f"/procedures/{id}/record").text
    links = world.clinic.links(id)
    assert page.count('<details class="entry') == len(links)
    assert all(link.hash in page for link in links)
    assert "Unbroken" in page
    assert f"Each of the {len(links)} entries fits the one before it." in words(page)
    only = client.get(f"/procedures/{id}/record?kind=reaction").text
    assert only.count('<details class="entry') == 2
    assert "Reaction in step 2: urticaria (grade 1)." in words(only)
    assert "&#34;kind&#34;: &#34;ReactionReported&#34;" in only


def test_a_correction_stands_beside_what_it_corrects(world: Any) -> None:
    id, client = world.running(2), world.client()
    fact = next(fact for fact in world.clinic.facts(id) if type(fact.event).__name__ == "VitalsRecorded")
    address = f"/procedures/{id}/commands/Correct"
    answer = client.post(address, data={"entry": "", "says": "SBP was 128"})
    assert answer.status_code == 422
    assert "Choose the entry that is wrong." in answer.text
    assert 'value="SBP was 128"' in answer.text
    answer = client.post(address, data={"entry": "999", "says": "SBP was 128"})
    assert answer.status_code == 409
    assert "There is no entry 999." in answer.text
    page = client.post(address, data={"entry": str(fact.number), "says": "SBP was 128"})
    assert page.url.path == f"/procedures/{id}/record"
    assert re.search(r'<span class="struck">Vital signs: .*?</span> <b>Corrected: SBP was 128</b>', page.text)


def test_the_exported_record_and_plan_can_be_checked_elsewhere(world: Any) -> None:
    id, client = world.running(2), world.client()
    answer = client.get(f"/procedures/{id}/record.jsonl")
    assert verify_record(answer.text) == ()
    assert verify_record(answer.text.replace("nurse-1", "nurse-2", 1)) != ()
    assert 'filename="paulatim-0001.record.jsonl"' in answer.headers["content-disposition"]
    assert Plan.read(client.get(f"/procedures/{id}/plan.json").text).hash == world.clinic.state(id).the_plan.hash


@pytest.mark.parametrize("name", ["order", "pharmacy", "labels", "run-sheet"])
def test_the_papers_are_linked_and_print(world: Any, name: str) -> None:
    id, client = world.opened(), world.client()
    assert f'href="/procedures/{id}/{name}.pdf"' in client.get(f"/procedures/{id}/approve").text
    for size in ("a4", "us-letter"):
        answer = client.get(f"/procedures/{id}/{name}.pdf?paper={size}")
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF")


def test_a_paper_that_is_none_says_so(world: Any) -> None:
    id, client = world.opened(world.plan("aspirin-oral-aerd-degregorio2019", patient=3)), world.client()
    assert client.get(f"/procedures/{id}/receipt.pdf").status_code == 404
    assert "labels.pdf" not in client.get(f"/procedures/{id}/approve").text
    assert client.get(f"/procedures/{id}/labels.pdf").status_code == 409
    assert client.get(f"/procedures/{id}/order.pdf?paper=a3").status_code == 409
