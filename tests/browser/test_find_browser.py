"""The tests' browser is one that starts, and its absence is said in a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser import find_browser as finder


def _program(folder: Path, name: str, script: str) -> Path:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without any browser; the folder is its whole PATH."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv(finder.VARIABLE, raising=False)
    monkeypatch.setattr(finder, "MAC_APPLICATIONS", ())
    monkeypatch.setattr(finder, "_playwright_candidate", lambda: None)
    return tmp_path


def test_no_browser_is_said_with_what_to_do(bare: Path) -> None:
    with pytest.raises(finder.NoBrowserError, match="--install"):
        finder.find_browser()


def test_a_program_that_only_pretends_is_passed_over(bare: Path) -> None:
    _program(bare, "chromium", "echo 'install the chromium snap'; exit 1")
    real = _program(bare, "google-chrome", "echo 'Google Chrome 150.0'")
    assert finder.find_browser() == str(real)


def test_the_variable_wins_and_is_not_guessed_around(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _program(bare, "chromium", "echo 'Chromium 150.0'")
    mine = _program(bare, "mine", "echo 'Chromium 151.0'")
    monkeypatch.setenv(finder.VARIABLE, str(mine))
    assert finder.find_browser() == str(mine)
    monkeypatch.setenv(finder.VARIABLE, "no-such-browser")
    with pytest.raises(finder.NoBrowserError, match="RECKONER_BROWSER=no-such-browser"):
        finder.find_browser()
    with pytest.raises(finder.NoBrowserError, match="RECKONER_BROWSER=no-such-browser"):
        finder.install_browser()


def test_an_installation_that_does_not_help_is_an_error(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    true = _program(bare, "true-program", "exit 0")
    false = _program(bare, "false-program", "exit 3")
    monkeypatch.setattr(finder, "_install_commands", lambda: iter([[[str(false)]], [[str(true)]]]))
    with pytest.raises(finder.NoBrowserError, match=r"false-program; .*true-program .it ended well, but no browser"):
        finder.install_browser()


def test_an_installation_is_used_at_once(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = bare / "chromium"
    script = f"printf '#!/bin/sh\\necho Chromium 150.0\\n' > {target}; /bin/chmod +x {target}"
    install = _program(bare, "install-program", script)
    monkeypatch.setattr(finder, "_install_commands", lambda: iter([[[str(install)]]]))
    assert finder.install_browser() == str(target)
