from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from paulatim import web
from paulatim.record import Store

PAGES = ("/", "/nowhere", "/procedures/{id}/bedside", "/procedures/{id}/bedside?reaction=1", "/procedures/{id}/record")


@pytest.mark.parametrize("page", PAGES)
def test_a_page_runs_only_its_own_script_and_says_that_it_is_a_demonstration(world: Any, page: str) -> None:
    answer = world.client().get(page.format(id=world.running(2)))
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "Demonstration. Not for care." in answer.text
    assert re.findall(r"<script(?![^>]* src=)|<style|\sstyle=|\son[a-z]+=|https?://(?!www\.w3\.org)", answer.text) == []


def test_static_files_are_asked_for_again_and_not_kept_blindly(world: Any) -> None:
    answer = world.client().get("/static/paulatim.css")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["etag"]


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://elsewhere.example"},
        {"origin": "null"},
    ],
)
def test_a_post_from_another_site_is_refused_and_changes_nothing(world: Any, headers: dict[str, str]) -> None:
    id = world.running(2)
    answer = world.client().post(f"/procedures/{id}/commands/Hold", data={"reason": "not ours"}, headers=headers)
    assert answer.status_code == 403
    assert answer.text == "Send this from Paulatim's own page."
    assert "content-security-policy" in answer.headers
    assert world.clinic.state(id).phase == "running"


@pytest.mark.parametrize("headers", [{}, {"sec-fetch-site": "same-origin"}, {"origin": "http://testserver"}])
def test_a_post_from_a_page_of_ours_is_done(world: Any, headers: dict[str, str]) -> None:
    id = world.running(2)
    world.client().post(f"/procedures/{id}/commands/Hold", data={"reason": "new line"}, headers=headers)
    assert world.clinic.state(id).phase == "held"


def test_an_address_without_a_page_says_where_to_go(world: Any) -> None:
    answer = world.client().get("/nowhere")
    assert answer.status_code == 404
    assert "Go back to the ward: there is no page at this address." in answer.text


def test_a_procedure_that_is_not_there_is_named(world: Any) -> None:
    answer = world.client().get("/procedures/0099/bedside")
    assert answer.status_code == 404
    assert "Go back to the ward. There is no procedure 0099." in answer.text


def test_what_cannot_be_written_down_is_not_said_to_be_done(world: Any) -> None:
    id, client = world.running(2), world.client()
    with world.clinic.store.engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON entry BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )
    answer = client.post(f"/procedures/{id}/commands/Hold", data={"reason": ""})
    assert answer.status_code == 503
    assert "Nothing was recorded" in answer.text
    assert world.clinic.state(id).phase == "running"


def test_a_record_that_was_changed_is_not_shown_as_if_it_were_whole(world: Any) -> None:
    id = world.running(2)
    with world.clinic.store.engine.begin() as connection:
        for (name,) in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").all():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.exec_driver_sql("UPDATE entry SET text = replace(text, 'nurse-1', 'nurse-2') WHERE number = 4")
    answer = world.client().get(f"/procedures/{id}/record")
    assert answer.status_code == 500
    assert "Go on with the paper run sheet. entry 4: it was changed after it was written" in answer.text


def test_vendored_files_are_those_that_their_list_names() -> None:
    folder = Path(web.__file__).parent / "static" / "vendor"
    listed = dict(re.findall(r"^\| (\S+) \|.*\| ([0-9a-f]{64}) \|$", (folder / "README.md").read_text("utf-8"), re.M))
    kept = {path.name: sha256(path.read_bytes()).hexdigest() for path in folder.glob("*.[cj]s*")}
    assert kept == listed
    assert "pico.min.css" in listed


def test_serving_opens_the_record_that_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[Any] = []
    monkeypatch.setattr("uvicorn.run", lambda app, **how: served.append((app, how)))
    url = f"sqlite:///{tmp_path / 'named.db'}"
    web.serve(url, "127.0.0.1", 8123)
    ((app, how),) = served
    assert (how["host"], how["port"]) == ("127.0.0.1", 8123)
    assert app.state.clinic.demo
    store = Store(url)
    assert store.procedures() == ()
    store.close()
