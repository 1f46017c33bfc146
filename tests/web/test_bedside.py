from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paulatim import Quantity
from paulatim.assessment import Sign, Vitals
from paulatim.session import Advance, Complete, Hold, RecordVitals, ReportReaction, Resume, Stop
from paulatim.web.ward import countdown


def words(page: str) -> str:
    """What a page says, without its marks, pictures and the hidden dialog."""
    page = re.sub(r"<dialog.*?</dialog>|<svg.*?</svg>|<head>.*?</head>", " ", page, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def see(world: Any, id: str, person: str = "nurse-1") -> str:
    return words(world.client(person).get(f"/procedures/{id}").text)


@given(st.fractions(min_value=0, max_value=10**6))
def test_a_count_down_never_says_over_before_it_is(seconds: Any) -> None:
    said = countdown(Quantity(seconds, "s"))
    assert (said == "00:00") == (seconds == 0)
    if "d" not in said:
        parts = [int(part) for part in said.split(":")]
        told = sum(part * 60**place for place, part in enumerate(reversed(parts)))
        assert seconds <= told < seconds + 1


def test_who_what_and_when_stand_on_top(world: Any) -> None:
    id = world.running(7)
    world.later(minutes=6, seconds=36)
    said = see(world, id)
    short = world.clinic.state(id).the_plan.short
    assert "Demo patient 2 born 1961-04-02 #0042 ceftazidime 2000 mg Twelve steps from three bags" in said
    assert f"plan {short}" in said
    assert "Step 7 of 12 Bag 2 (0.8 mg/mL) The pump runs at 20 mL/h" in said
    assert "time left 08:24 next 40 mL/h" in said
    assert "given so far, at the least 5.5 mg up to" in said
    assert "Hold Reaction Next step waits: time, vitals" in said


def test_the_read_back_is_blind_and_says_what_to_set(world: Any) -> None:
    id = world.running(1)
    world.let_run(id)
    world.do(id, Advance(1))
    page = world.client().get(f"/procedures/{id}/bedside").text
    said = words(page)
    assert "Set the pump to 5 mL/h Until then the pump goes on at 2 mL/h ." in said
    assert "Set 5 mL/h. Start the pump, then read it back. The pump shows mL/h Confirm the rate" in said
    assert 'name="rate" inputmode="decimal" autocomplete="off" value=""' in page
    assert not re.search(
        r'(value|placeholder)="5(\.0)?( mL/h)?"', page.replace('value="5"', "", page.count('<option value="5"'))
    )


def test_a_wrong_bag_and_a_wrong_rate_are_refused_in_a_sentence_and_kept(world: Any) -> None:
    id, client = world.started(), world.client()
    code = world.clinic.state(id).the_plan.code("3")
    answer = client.post(f"/procedures/{id}/commands/ConfirmBag", data={"step": "1", "code": code})
    assert answer.status_code == 409
    assert 'role="alert"' in answer.text.split("Take solution 1.")[0][-200:]
    assert "Take solution 1. This is solution 3, and step 1 runs from 1." in words(answer.text)
    world.client().post(f"/procedures/{id}/commands/ConfirmBag", data={"step": "1", "code": code[:-1] + "1"})
    answer = client.post(f"/procedures/{id}/commands/ConfirmRate", data={"step": "1", "rate": "20"})
    assert answer.status_code == 409
    assert "Set 2 mL/h. The pump reads 20 mL/h." in words(answer.text)
    assert 'value="20"' not in answer.text
    record = words(client.get(f"/procedures/{id}/record?kind=correction").text)
    assert "ConfirmBag. Take solution 1." in record
    assert "ConfirmRate. Set 2 mL/h." in record


def test_hold_and_reaction_are_there_in_every_state_and_never_disabled(world: Any) -> None:
    running, held = world.running(2), world.running(2)
    world.do(held, Hold("new line"))
    for id in (running, held):
        page = world.client().get(f"/procedures/{id}/bedside").text
        assert "disabled" not in page
        assert f'action="/procedures/{id}/commands/Hold"' in page
        assert "?reaction=1" in page


@pytest.mark.parametrize("address", ["bedside?reaction=1", "bedside"])
def test_before_the_signs_are_asked_for_stand_pump_epinephrine_and_call(world: Any, address: str) -> None:
    page = world.client().get(f"/procedures/{world.running(2)}/{address}").text
    said = unescape(re.sub(r"<[^>]+>", " ", page))
    order = [
        "Stop the pump now. Do not flush the line into the patient.",
        "Give epinephrine IM in the outer thigh now: 0.5 mg (0.5 mL of 1 mg/mL).",
        "Repeat after 5 min if there is no improvement.",
        "Call the prescriber.",
        "Signs seen or said",
    ]
    places = [said.index(sentence) for sentence in order]
    assert places == sorted(places)
    assert page.count('name="sign"') == len(Sign)


def test_a_childs_epinephrine_is_by_weight(world: Any) -> None:
    assert (
        "0.24 mg (0.24 mL of 1 mg/mL)"
        in world.client().get(f"/procedures/{world.running(1, world.plan(patient=2))}/bedside").text
    )


def test_a_held_procedure_says_since_when_why_and_what_it_waits_for(world: Any) -> None:
    id = world.running(7)
    world.later(minutes=5)
    world.do(id, ReportReaction((Sign.URTICARIA, Sign.ITCH)))
    world.later(minutes=1, seconds=5)
    said = see(world, id)
    assert (
        said.index("Stop the pump now.")
        < said.index("Give epinephrine IM")
        < said.index("Call the prescriber.")
        < said.index("On hold")
    )
    assert "On hold in step 7 of 12 for 01:05" in said
    assert "why urticaria, itch (grade 1)" in said
    assert "Take the vital signs." in said
    assert "A prescriber decides whether and where it goes on." in said
    assert "At step" not in said


def test_only_the_prescriber_is_offered_to_resume_and_not_beyond_the_present_step(world: Any) -> None:
    id = world.running(3)
    world.do(id, Hold("new line"))
    world.later(minutes=1)
    world.do(id, RecordVitals(Vitals(120, 70, 80, 16, 98)))
    assert "Why it may go on" not in see(world, id)
    page = world.client("prescriber-1").get(f"/procedures/{id}/bedside").text
    assert re.findall(r'<option value="(\d+)"', page) == ["3", "2", "1"]
    fields = {"step": "3", "again": "no", "reason": "new line lies well"}
    answer = world.client().post(f"/procedures/{id}/commands/Resume", data=fields)
    assert answer.status_code == 409
    assert "Call the prescriber: only a prescriber may resume." in answer.text
    world.client("prescriber-1").post(f"/procedures/{id}/commands/Resume", data=fields)
    assert world.clinic.state(id).phase == "running"


def resumed(world: Any) -> str:
    id: str = world.running(3)
    world.do(id, Hold("new line"))
    world.later(minutes=1)
    world.do(id, RecordVitals(Vitals(120, 70, 80, 16, 98)))
    world.do(id, Resume(3, "new line lies well"), "prescriber-1")
    return id


def test_after_a_resumption_nothing_goes_on_before_the_recap_is_read(world: Any) -> None:
    id, client = resumed(world), world.client()
    said = words(client.get(f"/procedures/{id}/bedside").text)
    assert "You were here Ada Brandt resumed it: new line lies well." in said
    assert "Next step waits: read where you are" in said
    answer = client.post(f"/procedures/{id}/commands/ConfirmRate", data={"step": "3", "rate": "10"})
    assert answer.status_code == 409
    assert "Read where you are first, then go on." in answer.text
    assert world.clinic.state(id).task == "confirm the pump rate"
    said = words(client.post(f"/procedures/{id}/recap").text)
    assert "You were here" not in said
    assert client.post(f"/procedures/{id}/commands/ConfirmRate", data={"step": "3", "rate": "10"}).status_code == 200
    assert world.clinic.state(id).task == "let it run"


def test_another_nurse_and_a_new_start_of_the_server_recap_too(world: Any) -> None:
    id = world.running(3)
    assert "You were here" not in words(world.client("nurse-1").get(f"/procedures/{id}/bedside").text)
    assert "You take over, Sofia Lindqvist." in words(world.client("nurse-2").get(f"/procedures/{id}/bedside").text)
    world.restart()
    assert "Paulatim was started again." in see(world, id)
    answer = world.client().post(f"/procedures/{id}/commands/Hold", data={"reason": ""})
    assert answer.status_code == 200
    assert world.clinic.state(id).phase == "held"


def test_vital_signs_beyond_a_limit_are_the_first_thing_said(world: Any) -> None:
    id = world.running(2)
    world.do(id, RecordVitals(Vitals(84, 50, 110, 22, 95)))
    page = world.client("nurse-1").get(f"/procedures/{id}/bedside").text
    assert 'class="refusal alarm" role="alert"' in page
    assert "Hold. Call the prescriber. SBP 84 mmHg is below 90." in words(page)


def test_a_purge_begins_with_the_patient_disconnected(world: Any) -> None:
    id = world.started(world.plan("infliximab-iv-rcuh-wao2022"))
    assert "Disconnect the patient first. This step purges the line; no dose." in see(world, id)


def test_a_dose_by_mouth_is_the_largest_thing_and_days_are_named(world: Any) -> None:
    id = world.started(world.plan("tb-drugs-reintroduction-dili"))
    page = world.client().get(f"/procedures/{id}/bedside").text
    said = words(page)
    assert "Step 1 of 11 · day 1 Isoniazid Give 150 mg" in said
    assert "Give 150 mg of isoniazid. Then say what was taken. Was taken mg Confirm the dose" in said
    assert "Give no further dose." in page
    wrong = world.client().post(
        f"/procedures/{id}/commands/ConfirmDose", data={"step": "1", "amount": "300", "unit": "mg"}
    )
    assert "Give 150 mg. 300 mg is another dose." in wrong.text
    world.client().post(f"/procedures/{id}/commands/ConfirmDose", data={"step": "1", "amount": "150", "unit": "mg"})
    assert "Given 150 mg time left 24:00:00 next 150 mg of isoniazid" in see(world, id)
    # seven days of isoniazid are 2 x 150 and 5 x 300 mg, four of rifampicin 150, 300, 450 and 600 mg
    assert "isoniazid 150 mg of 1800 mg rifampicin 0 mg of 1500 mg" in see(world, id)


def test_the_last_step_asks_for_its_volume_and_ends_with_what_was_given(world: Any) -> None:
    id = world.running(12)
    client = world.client("nurse-1")
    assert "next complete" in words(client.get(f"/procedures/{id}/bedside").text)
    world.let_run(id)
    assert "Read the volume of this step from the pump The pump shows mL" in words(
        client.get(f"/procedures/{id}/bedside").text
    )
    answer = client.post(f"/procedures/{id}/commands/Complete", data={"step": "12", "infused": ""})
    assert answer.status_code == 422
    answer = client.post(f"/procedures/{id}/commands/Complete", data={"step": "12", "infused": "200"})
    assert "32.5 mL is still to give." in answer.text
    said = words(client.post(f"/procedures/{id}/commands/Complete", data={"step": "12", "infused": "232.5"}).text)
    assert "Completed" in said
    assert "of 2000 mg, 100 %" in said
    assert "observe for" in said
    world.later(hours=2)
    assert "observed until" in see(world, id)


def test_an_early_end_says_why_and_how_much_was_given(world: Any) -> None:
    id = world.running(2)
    world.later(minutes=6)
    world.do(id, Stop("the patient wishes so"))
    said = see(world, id)
    assert "Stopped" in said
    assert "0.08 mg of 2000 mg, 0 %" in said
    assert "why it ended the patient wishes so" in said
    world.do(id, ReportReaction((Sign.ITCH,)))
    assert "Give epinephrine IM" in see(world, id)


def test_approval_shows_each_finding_once_with_its_rule_and_refuses_without_a_tick(world: Any) -> None:
    plan = world.plan()
    id = world.opened(plan)
    client = world.client("prescriber-1")
    said = words(client.get(f"/procedures/{id}/approve").text)
    for finding in plan.findings:
        assert said.count(f"{finding.severity} {finding.sentence} {finding.rule} · {finding.cites}") == 1
    assert "Waits for two people, one of them a prescriber" in said
    key = plan.to_accept[0].key
    answer = client.post(f"/procedures/{id}/commands/Approve", data={"accepted": [key]})
    assert answer.status_code == 409
    assert f"Accept this by name, or change the plan: {plan.to_accept[1].sentence}" in words(answer.text)
    assert f'value="{key}" checked' in answer.text
    keys = [finding.key for finding in plan.to_accept]
    client.post(f"/procedures/{id}/commands/Approve", data={"accepted": keys})
    answer = client.post(f"/procedures/{id}/commands/Approve", data={"accepted": keys})
    assert "Ask another person: Ada Brandt has approved already." in words(answer.text)
    world.client("pharmacist-1").post(f"/procedures/{id}/commands/Approve", data={"accepted": keys})
    said = see(world, id)
    assert "Ada Brandt, prescriber" in said
    assert "Mina Okafor, pharmacist" in said
    assert "Take the baseline vital signs." in said


def test_the_start_waits_for_the_baseline(world: Any) -> None:
    id, client = world.approved(), world.client()
    answer = client.post(f"/procedures/{id}/commands/Start")
    assert answer.status_code == 409
    assert "Take the vital signs first: the baseline is missing." in answer.text
    world.do(id, RecordVitals(Vitals(120, 70, 80, 16, 98)))
    assert client.post(f"/procedures/{id}/commands/Start").url.path == f"/procedures/{id}/bedside"


def test_a_procedures_address_leads_to_what_is_due(world: Any) -> None:
    planned, running = world.opened(), world.running(1)
    client = world.client()
    assert client.get(f"/procedures/{planned}").url.path.endswith("/approve")
    assert client.get(f"/procedures/{planned}/bedside").url.path.endswith("/approve")
    assert client.get(f"/procedures/{running}").url.path.endswith("/bedside")
    assert client.get(f"/procedures/{running}/approve").url.path.endswith("/bedside")


def test_completing_twice_is_refused(world: Any) -> None:
    plan = world.plan("aspirin-oral-aerd-degregorio2019", patient=3)
    id = world.running(4, plan)
    world.do(id, RecordVitals(Vitals(120, 70, 80, 16, 98)))
    world.do(id, Complete())
    answer = world.client().post(f"/procedures/{id}/commands/Complete")
    assert answer.status_code == 409
    assert "This procedure has ended. Open another one." in answer.text


def test_old_vital_signs_come_before_a_higher_rate(world: Any) -> None:
    id = world.running(1)
    world.let_run(id)
    world.do(id, Advance(1))
    world.later(minutes=16)
    said = see(world, id)
    assert "Vital signs and symptoms late by 01:00 SBP mmHg" in said
    assert "Set 5 mL/h. Start the pump" not in said
    assert "Record vital signs Pump read-back" in said
