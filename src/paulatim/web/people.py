"""The demonstration ward's people: its team, who acts on a page, and its patients."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from paulatim.assessment import Patient
from paulatim.library import Node, read
from paulatim.session import Person, Role

__all__ = ["acting", "patients", "routes", "team"]

_COOKIE = "paulatim_acting"
_LOCAL = re.compile(r"/(?!/)[\w./?=-]*", re.ASCII)  # an address of ours; two slashes would be another site's
_FIRST = "nurse-1"  # who acts until somebody says otherwise: the role that may decide least


@dataclass(frozen=True, slots=True)
class _Ward:
    team: tuple[Person, ...]
    patients: tuple[Patient, ...]


@lru_cache(maxsize=1)
def _ward() -> _Ward:
    path = Path(__file__).with_name("demo.yaml")
    return read(path.read_text(encoding="utf-8"), path.name, _read)


def _read(root: Node) -> _Ward | None:
    team = tuple(_person(node) for node in root.child("team").list())
    people = tuple(_patient(node) for node in root.child("patients").list())
    root.finish()
    return None if root.troubled else _Ward(team, people)


def _person(node: Node) -> Person:
    person = Person(node.child("id").text(), node.child("name").text(), Role(node.child("role").text()))
    node.finish()
    return person


def _patient(node: Node) -> Patient:
    id, name, born = (node.child(key).text() for key in ("id", "name", "born"))
    weight, weighed = node.maybe("weight"), node.maybe("weighed_on")
    day = date.fromisoformat(weighed.text()) if weighed else None
    patient = Patient(id, name, date.fromisoformat(born), weight.quantity("kg") if weight else None, day)
    node.finish()
    return patient


def team() -> tuple[Person, ...]:
    """The team of the ward."""
    return _ward().team


def patients() -> tuple[Patient, ...]:
    """The patients of the ward."""
    return _ward().patients


def acting(request: HTTPConnection) -> Person:
    """Who acts on this browser. The cookie is not signed: in a demonstration anyone may act as anyone."""
    wanted = request.cookies.get(_COOKIE, _FIRST)
    known = {person.id: person for person in team()}
    return known.get(wanted) or known[_FIRST]


async def _act(request: Request) -> Response:
    """Act as somebody else from now on, and go back to the page."""
    form = await request.form()
    back = str(form.get("back"))
    answer = RedirectResponse(back if _LOCAL.fullmatch(back) else "/", 303)
    if (wanted := str(form.get("person"))) in {person.id for person in team()}:
        answer.set_cookie(_COOKIE, wanted, httponly=True, samesite="strict")
    return answer


routes = [Route("/act", _act, methods=["POST"])]
