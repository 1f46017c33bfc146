from __future__ import annotations

from typing import Any

import pytest

from paulatim.session import Role
from paulatim.web.people import patients, team


def test_the_team_can_approve_prepare_and_nurse() -> None:
    roles = [person.role for person in team()]
    assert len(roles) == 5
    assert set(roles) == set(Role)


def test_one_patient_has_no_weight_so_that_the_question_is_seen() -> None:
    assert [patient.id for patient in patients() if patient.weight is None] == ["0044"]
    assert len({patient.id for patient in patients()}) == 4


def test_a_new_browser_acts_as_a_nurse_and_one_tap_acts_as_somebody_else(world: Any) -> None:
    client = world.client()
    client.cookies.clear()
    assert "Acting: <b>Jonas Weber</b>, nurse" in client.get("/").text
    answer = client.post("/act", data={"person": "pharmacist-1", "back": "/nowhere"})
    assert answer.url.path == "/nowhere"
    assert "Acting: <b>Mina Okafor</b>, pharmacist" in client.get("/").text


def test_nobody_acts_as_a_stranger(world: Any) -> None:
    client = world.client()
    client.post("/act", data={"person": "root", "back": "/"})
    assert "Acting: <b>Jonas Weber</b>, nurse" in client.get("/").text
    client.cookies.set("paulatim_acting", "root")
    assert "Acting: <b>Jonas Weber</b>, nurse" in client.get("/").text


@pytest.mark.parametrize(
    "back", ["//elsewhere.example/", "https://elsewhere.example/a", "elsewhere", "", "/\\elsewhere.example"]
)
def test_acting_leads_back_to_a_page_of_ours(world: Any, back: str) -> None:
    client = world.client()
    answer = client.post("/act", data={"person": "nurse-2", "back": back}, follow_redirects=False)
    assert answer.headers["location"] == "/"
