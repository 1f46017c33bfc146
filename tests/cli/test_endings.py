"""Whatever goes wrong ends in one sentence on stderr and a status; a fault of ours is not hidden."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

import paulatim
from paulatim.cli.endings import Commands

Run = Callable[..., Result]
FAMILY = ("plan", "bwh-12-step-3-bag", "--drug", "x")

FAMILY_1_G = (*FAMILY, "--target", "1 g")
FIXED = ("plan", "aspirin-oral-aerd-degregorio2019")

SENTENCES = [
    (("plan", "bwh-12"), 2, 'There is no entry "bwh-12". Did you mean bwh-12-step-3-bag?'),
    ((*FAMILY, "--target", "2000"), 2, '--target: "2000" has no unit. '),
    ((*FAMILY, "--target", "0,5 mg"), 2, '--target: "0,5 mg" holds a comma. '),
    ((*FAMILY_1_G, "--volume", "5 mg"), 2, '--volume: 5 mg measures mass. Write it such as "250 mL".'),
    ((*FAMILY_1_G, "--weight", "0 kg"), 2, "--weight: 0 kg is too little. Write an amount above zero"),
    ((*FAMILY_1_G, "--final-rate", "80"), 2, '--final-rate: "80" has no unit. '),
    ((*FAMILY_1_G, "--line", "1.5"), 2, '--line: "1.5" has no unit. '),
    ((*FAMILY_1_G, "--stock", "1e3 mg/mL"), 2, '--stock: "1e3 mg/mL" uses powers of ten. '),
    ((*FAMILY_1_G, "--stock", "5 units/mL"), 2, "The stock strength is 5 units/mL"),
    ((*FAMILY_1_G, "--pump", "z"), 2, 'There is no pump "z". Write generic-0.1 or generic-1.'),
    ((*FAMILY_1_G, "--policy", "none.yaml"), 2, "none.yaml cannot be read: No such file or directory. Check its name."),
    ((*FAMILY_1_G, "--json", "none/x.json"), 2, "none/x.json: No such file or directory. Check the name"),
    ((*FIXED, "--target", "500 mg"), 1, f"{FIXED[1]} is published for 325 mg of aspirin only. Leave the target out."),
    (("plan", "bwh-12-step-3-bag"), 1, 'bwh-12-step-3-bag is for any drug. Say which: --drug "ceftazidime".'),
    (("verify", "none.json"), 2, "none.json cannot be read: No such file or directory. Check its name."),
    (("cite", "none.json"), 2, "none.json cannot be read: No such file or directory. Check its name."),
    (("plan",), 2, "Missing argument 'ID'. Type \"paulatim plan --help\" for what it takes."),
    (("library", "shwo"), 2, "No such command 'shwo'."),
    (("--help-me",), 2, "No such option"),
    (("serve", "--port", "0"), 2, "Invalid value for '--port': 0 is not in the range 1<=x<=65535."),
]


@pytest.mark.parametrize(
    ("words", "status", "sentence"), SENTENCES, ids=[" ".join(words[-2:]) for words, *_ in SENTENCES]
)
def test_what_is_wrong_is_one_sentence_on_stderr(words: tuple[str, ...], status: int, sentence: str, run: Run) -> None:
    result = run(*words)
    assert (result.exit_code, result.stdout) == (status, "")
    assert result.stderr.startswith(sentence)
    assert result.stderr.count("\n") == 1


def command(error: BaseException) -> Commands:
    @click.group(cls=Commands)
    def group() -> None: ...

    @group.command()
    def fail() -> None:
        raise error

    return group


def test_a_part_that_is_not_installed_is_named() -> None:
    result = CliRunner().invoke(command(ModuleNotFoundError("No module", name="uvicorn.config")), ["fail"])
    assert (result.exit_code, result.stderr) == (
        2,
        'Install what this needs (uvicorn is missing): pip install "paulatim[serve]".\n',
    )


def test_a_stop_by_the_keyboard_is_said() -> None:
    result = CliRunner().invoke(command(KeyboardInterrupt()), ["fail"])
    assert (result.exit_code, result.stderr.strip()) == (130, "Stopped.")


@pytest.mark.parametrize(
    "error", [KeyError("step"), ModuleNotFoundError("No module", name="paulatim.nowhere"), OSError("odd")]
)
def test_a_fault_of_ours_is_not_hidden(error: Exception) -> None:
    assert CliRunner().invoke(command(error), ["fail"]).exception is error


def typed(line: str, **env: str) -> subprocess.CompletedProcess[bytes]:
    """A real process, piped through a shell."""
    program = f"{sys.executable} -c 'import sys; sys.argv[0] = \"paulatim\"; from paulatim.cli import main; main()'"
    source = str(Path(paulatim.__file__).parents[1])
    return subprocess.run(
        ["bash", "-c", f"set -o pipefail; paulatim() {{ {program} \"$@\"; }}; {line}"],
        env={**os.environ, "PYTHONPATH": source, **env}, capture_output=True, check=False, timeout=120,
    )  # fmt: skip


def test_a_reader_that_stops_reading_is_no_error() -> None:
    assert typed("paulatim library show infliximab-iv-rcuh-wao2022 | head -n 1 >/dev/null").stderr == b""


def test_a_terminal_without_our_signs_shows_their_codes() -> None:
    result = typed("paulatim plan ceftazidime-iv-12step-bwh-uptodate", PYTHONIOENCODING="latin-1", COLUMNS="110")
    assert (result.returncode, result.stderr) == (0, b"")
    assert b"\\u2248 7.937 mg/mL" in result.stdout


def test_json_is_utf_8_whatever_the_terminal_takes() -> None:
    result = typed("paulatim library show tb-drugs-reintroduction-dili --json", PYTHONIOENCODING="latin-1")
    assert result.stdout.decode("utf-8").startswith("{")
    assert result.returncode == 0
