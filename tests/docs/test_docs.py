"""What the documentation says is run, resolved and complete.

A fenced block is run when its first line ends in ` run`. Python (`python run`) runs in a fresh namespace;
where it has `>>>`, its output is compared. Of a console block (`console run`, `sh run`) the shell runs the
`paulatim` commands; the lines below `$ paulatim ...` are the output that is expected, and `...` stands for
anything. The blocks of a page share one folder, empty at first, and run from top to bottom.
"""

from __future__ import annotations

import doctest
import importlib
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import click
import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).parents[2]
PAGES = {
    path.relative_to(ROOT).as_posix(): path
    for path in [
        *sorted(ROOT.glob("*.md")),
        *sorted(ROOT.glob("docs/**/*.md")),
        *sorted(ROOT.glob("news/README.md")),
    ]
}
ELIDING = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def tokens(page: Path) -> list[Token]:
    return MarkdownIt("commonmark").enable("table").parse(page.read_text(encoding="utf-8"))


def headings(page: Path) -> list[str]:
    """The headings of a page as plain text, without backticks."""
    found = tokens(page)
    return [
        "".join(part.content for part in after.children or ())
        for token, after in pairwise(found)
        if token.type == "heading_open"
    ]


def anchor(heading: str) -> str:
    """The address of a heading within its page, as code forges make it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def runnable(page: Path) -> Iterator[tuple[int, str, str]]:
    """The blocks of a page that are marked to be run: line, language, text."""
    for token in tokens(page):
        language, *marks = token.info.split() or [""]
        if token.type == "fence" and "run" in marks:
            yield (token.map or [0])[0] + 1, language, token.content


def run_python(text: str, place: str) -> None:
    """Run Python in a fresh namespace; a block of `>>>` is compared with the output that it shows."""
    if ">>>" not in text:
        exec(compile(text, place, "exec"), {"__name__": "__main__"})
        return
    test = doctest.DocTestParser().get_doctest(text, {}, place, place, 0)
    report: list[str] = []
    doctest.DocTestRunner(optionflags=ELIDING).run(test, out=report.append)
    assert not report, "".join(report)


def sessions(text: str) -> Iterator[tuple[str, str]]:
    """The commands of a console block, each with the output that is shown below it."""
    text = text.replace("\\\n", "")
    if not re.search(r"^\$ ", text, re.MULTILINE):  # an `sh` block: commands alone
        text = re.sub(r"^", "$ ", text, flags=re.MULTILINE)
    for piece in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, output = piece.partition("\n")
        yield command, output


def run_console(text: str, folder: Path, place: str) -> None:
    """Run the `paulatim` commands of a block; the output must be as shown; where none is, the status 0."""
    env = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "COLUMNS": "110",
        "NO_COLOR": "1",
    }
    for command, shown in sessions(text):
        if not command.startswith("paulatim"):
            continue
        result = subprocess.run(
            command,
            shell=True,
            cwd=folder,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )
        said = f"{place}: $ {command}\n{result.stdout}(status {result.returncode})"
        if shown.strip():
            assert doctest.OutputChecker().check_output(shown, result.stdout, ELIDING), said
        else:
            assert result.returncode == 0, said


@pytest.mark.parametrize("name", [name for name, page in PAGES.items() if any(runnable(page))])
def test_the_blocks_of_a_page_run(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for line, language, text in runnable(PAGES[name]):
        place = f"{name}:{line}"
        assert language in {"python", "console", "sh"}, f"{place}: {language} cannot be run"
        if language == "python":
            run_python(text, place)
        else:
            run_console(text, tmp_path, place)


def links(page: Path) -> Iterator[str]:
    """The targets of a page's links and images."""
    for token in tokens(page):
        for part in token.children or ():
            target = part.attrGet("href") or part.attrGet("src")
            if target:
                yield str(target)


@pytest.mark.parametrize("name", PAGES)
def test_every_relative_link_resolves(name: str) -> None:
    page, broken = PAGES[name], []
    for link in links(page):
        if re.match(r"[a-z][a-z0-9+.-]*:", link):
            continue
        path, _, part = link.partition("#")
        target = page.parent / path if path else page
        if not target.exists():
            broken.append(f"{link}: there is no such file")
        elif part and target.suffix == ".md" and part not in map(anchor, headings(target)):
            broken.append(f"{link}: {target.name} has no such heading")
    assert broken == []


@pytest.mark.parametrize("name", [name for name in PAGES if name != "CHANGELOG.md"])
def test_every_path_into_the_source_exists(name: str) -> None:
    named = {
        path.rstrip(".") for path in re.findall(r"\b(?:src|tests)/[\w./*-]+", PAGES[name].read_text(encoding="utf-8"))
    }
    assert sorted(path for path in named if not any(ROOT.glob(path))) == []


def commands(group: click.Group, before: str = "") -> Iterator[str]:
    """Each command that a person can type, subcommands as `group command`."""
    for name, command in group.commands.items():
        if not command.hidden:
            yield f"{before}{name}"
        if isinstance(command, click.Group):
            yield from commands(command, f"{before}{name} ")


def test_every_command_has_a_heading() -> None:
    typed = set(commands(importlib.import_module("paulatim.cli").main))
    titled = {title.removeprefix("paulatim ") for title in headings(PAGES["docs/reference/commands.md"])}
    assert typed
    assert sorted(typed - titled) == []
    page = headings(PAGES["docs/reference/commands.md"])
    assert sorted(title for title in page if title.startswith("paulatim ") and title[9:] not in typed) == []


def test_every_rule_has_a_heading() -> None:
    known = {rule.id for rule in importlib.import_module("paulatim.rules").all_rules()}
    titled = {title.split()[0].rstrip(":") for title in headings(PAGES["docs/reference/rules.md"]) if title}
    assert known
    assert sorted(known - titled) == []
    assert sorted(title for title in titled if re.match(r"R-[A-Z]", title) and title not in known) == []


def test_every_news_fragment_is_of_a_kind() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    kinds = {kind["directory"] for kind in project["tool"]["towncrier"]["type"]}
    assert kinds == {"clinical", "feature", "fix", "internal"}
    odd = [path.name for path in ROOT.glob("news/*.md") if path.name != "README.md"]
    assert [name for name in odd if name.split(".")[-2] not in kinds] == []
