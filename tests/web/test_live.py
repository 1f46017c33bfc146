from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from paulatim.assessment import Sign
from paulatim.record import story
from paulatim.session import Hold
from paulatim.web.live import milliseconds, news

VITALS = {
    "systolic": "120",
    "diastolic": "70",
    "heart_rate": "80",
    "breathing_rate": "16",
    "spo2": "98",
    "temperature": "36.8",
    "symptoms": "asked",
}


def send(client: Any, id: str, name: str, **fields: Any) -> Any:
    return client.post(f"/procedures/{id}/commands/{name}", data=fields)


def test_a_page_hears_the_servers_time_and_every_change(world: Any) -> None:
    id = world.running(2)

    async def listen() -> list[dict[str, str]]:
        stream = news(world.clinic, beat=0.01)
        heard = [await anext(stream), await anext(stream)]
        world.do(id, Hold("new line"))
        while heard[-1]["event"] != "changed":
            heard.append(await anext(stream))
        await stream.aclose()
        return heard

    first, second, *_, last = asyncio.run(listen())
    assert json.loads(first["data"]) == {"now": milliseconds(world.now)}
    assert second["event"] == "beat"
    assert json.loads(last["data"]) == {"procedure": id}


def test_a_form_is_done_once_however_often_it_is_sent(world: Any) -> None:
    id, client = world.running(2), world.client()
    for _ in range(2):
        assert send(client, id, "RecordVitals", token="a" * 32, **VITALS).status_code == 200
    lines = [line.text for line in story(world.clinic.links(id)) if line.kind == "vitals"]
    assert lines.count("Vital signs: BP 120/70, HR 80, RR 16, SpO2 98 %, T 36.8 °C.") == 1


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("systolic", "", "Write the number that you measured, for example 98."),
        ("systolic", "12O", "Write the number that you measured, for example 98."),
        ("diastolic", "120", "DBP 120 is not below SBP 120. Measure again."),
        ("spo2", "9", "SpO2 9 is outside 20 to 100. Measure again."),
        ("temperature", "36,8", "holds a comma. Write a point for decimals and no separator for thousands."),
        ("temperature", "96.8", "The temperature is outside 25 to 45 degrees Celsius. Measure again."),
        ("symptoms", "", "Ask for itch, throat, chest and gut, then say so here."),
    ],
)
def test_vital_signs_that_cannot_be_read_are_told_beside_their_field(
    world: Any, field: str, typed: str, sentence: str
) -> None:
    id = world.running(2)
    before = len(world.clinic.facts(id))
    answer = send(world.client(), id, "RecordVitals", **(VITALS | {"heart_rate": "81", field: typed}))
    assert answer.status_code == 422
    beside = answer.text.split(f'id="RecordVitals-{field}-problem">')[1].split("</small>")[0]
    assert sentence in beside
    assert 'name="heart_rate" inputmode="decimal" autocomplete="off" value="81"' in answer.text
    assert len(world.clinic.facts(id)) == before


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Read the rate from the pump and write it here."),
        ("0,5", "Write a point for decimals"),
        (".5", "has no digit before the point"),
        ("020", "begins with a needless zero"),
        ("20 mL/h", "Write the number alone"),
        ("1e3", "Write the number alone"),
        ("-20", "Write the number alone"),
    ],
)
def test_a_rate_that_could_be_read_in_two_ways_is_asked_for_again(world: Any, typed: str, sentence: str) -> None:
    id = world.running(1)
    world.let_run(id)
    world.client().post(f"/procedures/{id}/commands/Advance", data={"step": "1"})
    answer = send(world.client(), id, "ConfirmRate", step="2", rate=typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert world.clinic.state(id).task == "confirm the pump rate"


def test_a_label_may_be_scanned_or_typed(world: Any) -> None:
    scanned, typed = world.started(), world.started()
    short = world.clinic.state(scanned).the_plan.short
    send(world.client(), scanned, "ConfirmBag", step="1", code=f"]d291{short}-1\x1d")
    send(world.client(), typed, "ConfirmBag", step="1", code=f" {short.upper()}-1 ")
    assert [world.clinic.state(id).bag for id in (scanned, typed)] == ["1", "1"]


def test_a_reaction_is_taken_down_whatever_else_the_form_holds(world: Any) -> None:
    id = world.running(3)
    answer = send(world.client(), id, "ReportReaction", sign=["urticaria", "none of these"], grade="9", note="left arm")
    assert answer.status_code == 200
    ((_, reported),) = world.clinic.state(id).reactions
    assert reported.signs == (Sign.URTICARIA,)
    assert reported.grade == 1
    assert reported.note == "left arm"


def test_a_command_that_is_none_is_not_found_and_reloading_an_answer_leads_back(world: Any) -> None:
    id, client = world.running(2), world.client()
    assert send(client, id, "Skip").status_code == 404
    assert client.get(f"/procedures/{id}/commands/Advance").url.path == f"/procedures/{id}/bedside"
    assert client.get(f"/procedures/{id}/commands/Correct").url.path == f"/procedures/{id}/record"


def test_an_early_step_waits_and_says_for_how_long(world: Any) -> None:
    id, client = world.running(2), world.client()
    world.later(minutes=6, seconds=36)
    answer = send(client, id, "Advance", step="2")
    assert answer.status_code == 409
    assert "Wait 08:24 (min:s). Step 2 is not over." in answer.text
    assert world.clinic.state(id).step == 2


def test_a_stale_page_cannot_act_on_another_step(world: Any) -> None:
    id = world.running(3)
    answer = send(world.client(), id, "Advance", step="2")
    assert answer.status_code == 409
    assert "Look again: the procedure is at step 3, not 2." in answer.text


def test_a_resumption_says_at_which_step_and_how(world: Any) -> None:
    id = world.running(3)
    world.do(id, Hold("new line"))
    answer = send(world.client("prescriber-1"), id, "Resume", step="", again="", reason="ready")
    assert answer.status_code == 422
    assert "Choose the step to resume at." in answer.text
    assert "Say whether the step begins again or goes on." in answer.text
