"""./dev on a machine that has little: what it says, where it gets pip from, what it refuses."""

from __future__ import annotations

import hashlib
import importlib.machinery
import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def dev(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """The script as a module, on a machine with no settings of pip's but those that a test makes."""
    loader = importlib.machinery.SourceFileLoader("dev", str(ROOT / "dev"))
    spec = importlib.util.spec_from_loader("dev", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    loader.exec_module(module)
    for name in ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_CERT", "PIP_TRUSTED_HOST"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return module


def run(*arguments: str, **env: str) -> tuple[int, str, str]:
    call = [sys.executable, "-B", str(ROOT / "dev"), *arguments]
    result = subprocess.run(call, env={"PATH": "/usr/bin:/bin", **env}, capture_output=True, text=True, check=False)
    return result.returncode, result.stdout, result.stderr


def index(folder: Path, *links: str) -> str:
    """Make a package index that offers pip by these links; give its address."""
    (folder / "pip").mkdir()
    (folder / "pip" / "index.html").write_text("".join(f"<a {link}>pip</a>\n" for link in links))
    return folder.as_uri()


def wheel(folder: Path, version: str, content: bytes) -> str:
    """Put a wheel of pip into a folder; give the address that an index's link has, with its SHA-256."""
    name = f"pip-{version}-py3-none-any.whl"
    (folder / name).write_bytes(content)
    return f"../{name}#sha256={hashlib.sha256(content).hexdigest()}"


def test_help_names_every_command() -> None:
    status, said, _ = run("--help")
    assert status == 0
    assert all(f"\n  {command} " in said for command in ("run", "test", "check", "format"))


def test_a_wrong_command_is_answered_with_the_right_ones() -> None:
    said = "dev: serve is not a command. Choose run, test, check or format; see ./dev --help.\n"
    assert run("serve") == (1, "", said)


def test_a_folder_that_is_no_environment_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    status, _, said = run("run", PAULATIM_VENV=str(tmp_path))
    assert status == 1
    assert said.endswith(
        f"dev: {tmp_path} is no virtual environment. Move it away, or set PAULATIM_VENV to another folder.\n"
    )
    assert (tmp_path / "thesis.txt").read_text() == "mine"


def test_the_newest_pip_that_fits_is_fetched(dev: ModuleType, tmp_path: Path) -> None:
    offers = {
        version: wheel(tmp_path, version, version.encode()) for version in ("9.9", "26.3", "27.0", "28.0", "29.0b1")
    }
    address = index(
        tmp_path,
        f'href="{offers["9.9"]}"',
        f'href="{offers["26.3"]}" data-requires-python="&gt;=3.9"',
        f'href="{offers["27.0"]}" data-requires-python="&gt;=3.99"',
        f'href="{offers["28.0"]}" data-yanked=""',
        f'href="{offers["29.0b1"]}"',
        'href="../pip-30.0-py3-none-any.whl"',
    )
    assert dev.fetch_from(address, {}) == b"26.3"


def test_a_pip_with_another_sha_256_is_refused(
    dev: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = wheel(tmp_path, "26.3", b"as published")
    (tmp_path / "pip-26.3-py3-none-any.whl").write_bytes(b"altered")
    monkeypatch.setenv("PIP_INDEX_URL", index(tmp_path, f'href="{link}"'))
    with pytest.raises(dev.StopError, match="the pip that it sent does not have the SHA-256 that it names"):
        dev.fetch_pip()


def test_an_index_without_https_is_refused_unless_trusted(dev: ModuleType) -> None:
    with pytest.raises(ValueError, match="it is neither HTTPS nor a trusted-host"):
        dev.fetch_from("http://mirror.invalid/simple", {"trusted-host": "other.invalid"})


def test_settings_come_from_pips_files_and_then_from_the_environment(
    dev: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config" / "pip").mkdir(parents=True)
    (tmp_path / "config" / "pip" / "pip.conf").write_text(
        "[global]\nindex-url = https://far.invalid\ncert = /etc/house.pem\n[install]\ntrusted_host = a b"
    )
    monkeypatch.setenv("PIP_INDEX_URL", "https://near.invalid")
    settings = dev.pip_settings()
    assert settings["index-url"] == "https://near.invalid"
    assert settings["cert"] == "/etc/house.pem"
    assert settings["trusted-host"] == "a b"


def test_settings_that_cannot_be_read_are_named(
    dev: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "broken.conf"
    broken.write_text("index-url = https://mirror.invalid\n")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(broken))
    with pytest.raises(dev.StopError, match=r"pip's settings in .*broken\.conf cannot be read"):
        dev.pip_settings()


@pytest.mark.parametrize(
    ("ci", "status", "said"),
    [
        ("true", 1, "CI skips nothing; this was skipped: Skipped: no chromium here"),
        ("", 0, "2 skipped"),
    ],
)
def test_in_ci_a_skip_is_a_failure_unless_it_is_for_another_python(
    tmp_path: Path, ci: str, status: int, said: str
) -> None:
    (tmp_path / "conftest.py").write_bytes((ROOT / "tests" / "conftest.py").read_bytes())
    (tmp_path / "test_skips.py").write_text(
        "import pytest\n"
        "def test_browser(): pytest.skip('no chromium here')\n"
        "@pytest.mark.skipif(True, reason='Python 3.99 or newer')\n"
        "def test_newer(): pass\n"
    )
    call = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        str(tmp_path),
        str(tmp_path),
    ]
    result = subprocess.run(
        call,
        cwd=tmp_path,
        env={"CI": ci, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == status, result.stdout
    assert said in result.stdout
