"""Set-up on machines that lack something, and the locks that it installs from."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hooks.node import ROOT, node_binary

_NO_ENSUREPIP = f"""#!/bin/sh
case "$2" in *ensurepip*) exit 1;; esac
exec {sys.executable} "$@"
"""


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A machine with a shell and little else: the folder is its whole PATH."""
    for name in ("sh", "make", "cat", "rm", "printf"):
        found = shutil.which(name)
        assert found
        (tmp_path / name).symlink_to(found)
    return tmp_path


def _set_up(machine: Path, *arguments: str) -> str:
    """What `make setup` says on standard error; it must fail, and make nothing."""
    clone = machine / "clone"
    clone.mkdir(exist_ok=True)
    shutil.copy(ROOT / "Makefile", clone)
    done = subprocess.run(
        [str(machine / "make"), "setup", *arguments],
        cwd=clone,
        env={"PATH": str(machine), "HOME": str(machine)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert [path.name for path in clone.iterdir()] == ["Makefile"]
    return done.stderr


def _program(path: Path, script: str) -> None:
    path.write_text(script)
    path.chmod(0o755)


def test_no_python(machine: Path) -> None:
    assert "Python 3.11 or newer was not found. Install it" in _set_up(machine)


def test_only_an_old_python(machine: Path) -> None:
    _program(machine / "python3", '#!/bin/sh\ncase "$2" in *print*) echo 3.9;; *) exit 1;; esac\n')
    assert "Python 3.11 or newer was not found (python3 is 3.9)." in _set_up(machine)


def test_a_python_without_venv(machine: Path) -> None:
    _program(machine / "python3.12", _NO_ENSUREPIP)
    assert "python3.12 has no venv module. On Debian and Ubuntu: apt-get install python3-venv" in _set_up(machine)


def test_a_named_python_is_the_only_one_tried(machine: Path) -> None:
    (machine / "python3").symlink_to(sys.executable)
    assert "was not found" in _set_up(machine, "PYTHON=/no/such/python")


def test_every_python_package_is_pinned_with_hashes() -> None:
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    pins = [line for line in lines if re.match(r"[a-z0-9]", line)]
    assert len(pins) > 60
    for pin in pins:
        assert re.match(r"[a-z0-9.-]+==[^ ;]+ (; .+ )?\\$", pin), pin
    assert sum("--hash=sha256:" in line for line in lines) >= len(pins)
    assert not [line for line in lines if "://" in line or line.startswith("-")]


def test_every_npm_package_is_pinned_without_an_address() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    named = {name: package for name, package in packages.items() if name}
    assert len(named) >= 5
    for name, package in named.items():
        assert package["integrity"].startswith("sha512-"), name
        assert "resolved" not in package, name
    wanted = packages[""]["dependencies"] | packages[""]["devDependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values()), wanted


@pytest.mark.node
def test_node_is_the_program_of_the_python_package() -> None:
    assert Path(sys.prefix) in node_binary().parents
    command = [sys.executable, "-m", "hooks.node", "tsc", "--version"]
    assert "Version" in subprocess.run(command, capture_output=True, text=True, check=True).stdout
    done = subprocess.run([*command[:3], "no-such-script.mjs"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "there is no no-such-script.mjs; run: make setup\n")
