"""From a procedure's entries to its record's sheet; apart, because only this needs the database's libraries."""

from __future__ import annotations

from collections.abc import Sequence

from paulatim.documents.sheets.record import Record
from paulatim.record import Line, Link, story
from paulatim.session import State, given, replay

__all__ = ["record_of"]


def record_of(links: Sequence[Link]) -> Record:
    """The record that the entries of a procedure make; times are in UTC, as they are kept."""
    state = replay(link.fact for link in links)
    return {
        "plan": state.the_plan.data,
        "lines": [
            {"at": f"{line.at:%Y-%m-%d %H:%M:%S}", "by": line.by, "text": _as_corrected(line), "hash": line.hash[:8]}
            for line in story(tuple(links))
        ],
        "summary": _summary(state, links),
        "head": links[-1].hash,
    }


def _as_corrected(line: Line) -> str:
    return f"{line.text} Corrected later: {line.corrected}." if line.corrected else line.text


def _summary(state: State, links: Sequence[Link]) -> dict[str, str]:
    last = state.ended_at or links[-1].fact.at
    reactions = [
        f"step {each.step}, {f'grade {each.grade}' if each.grade else 'not graded'}" for _, each in state.reactions
    ]
    said = {
        "Procedure": f"{links[0].procedure}{', a demonstration' if state.demo else ''}",
        "State": f"{state.phase}, step {state.step} of {len(state.the_plan.steps)}",
        "From, to": f"{links[0].fact.at:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M} UTC",
        "Reactions": "; ".join(reactions) or "none reported",
        "Entries": f"{len(links)}, each with the hash of the one before; times in UTC",
    }
    for drug, target in state.the_plan.targets.items():
        sure = given(state, drug, last)
        between = sure.least.show() if sure.least == sure.most else f"{sure.least.show()} to {sure.most.show()}"
        said[f"Given of {drug}"] = f"{between}; target {target.show()}"
    return said
