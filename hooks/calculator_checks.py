"""What can be wrong with a calculator's file before anybody asks it.

It is no Python, it would not run or not answer the same in every engine, or it has no page. The file is read, not run.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from catalog import Problem
from hooks.calculator_sources import slugs

PORTABLE_MODULES = {"__future__", "collections", "json", "math", "os"}
"""What MicroPython has of the standard library, of which the calculators use little."""
UNPORTABLE_NAMES = {
    "sum": "differs between engines, since newer Pythons compensate rounding; add in a loop",
    "round": "differs between engines at ties; use core.format",
    "repr": "differs between engines; use core.format",
    "vars": "is missing in MicroPython; name what is meant",
}
"""Calls that are missing in MicroPython, or differ between engines without a word."""
UNPORTABLE_METHODS = {
    "rjust", "ljust", "zfill", "title", "removeprefix", "removesuffix", "format_map", "casefold",
    "log1p", "expm1", "gcd", "hypot", "isqrt", "fsum", "prod", "log10", "sin", "tanh", "erf",
}  # fmt: skip

Found = tuple[int, str]
"""A line and what is wrong in it."""


def unportable(tree: ast.AST) -> list[Found]:
    """What would not run, or not answer the same, in every engine."""
    found: list[Found] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in UNPORTABLE_NAMES:
            found.append((node.lineno, f"{node.func.id}() {UNPORTABLE_NAMES[node.func.id]}"))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in UNPORTABLE_METHODS:
            found.append(
                (node.lineno, f".{node.func.attr}() is missing in MicroPython or inexact; work it out otherwise")
            )
        if isinstance(node, ast.FormattedValue) and isinstance(node.format_spec, ast.JoinedStr):
            spec = [part.value for part in node.format_spec.values if isinstance(part, ast.Constant)]
            if any(letter in "".join(map(str, spec)) for letter in "feg%"):
                found.append(
                    (node.lineno, "a float in a format specification differs between engines; use core.format")
                )
        if isinstance(node, ast.Set | ast.SetComp):
            found.append((node.lineno, "a set has no order; use a list or a tuple"))
        if isinstance(node, ast.FormattedValue) and node.conversion == ord("r"):
            found.append((node.lineno, "!r differs between engines; use core.format"))
    return found


def imported(tree: ast.AST) -> list[tuple[int, str]]:
    """Line and name of each module that a file imports when it runs; the name of a relative one begins with a dot."""
    found: list[tuple[int, str]] = []

    class Visitor(ast.NodeVisitor):
        def visit_If(self, node: ast.If) -> None:
            if isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
                for other in node.orelse:  # what only a type checker reads may be anything
                    self.visit(other)
            else:
                self.generic_visit(node)

        def visit_Import(self, node: ast.Import) -> None:
            found.extend((node.lineno, alias.name) for alias in node.names)

        def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
            found.append((node.lineno, "." * node.level + (node.module or "")))

    Visitor().visit(tree)
    return found


def unportable_imports(tree: ast.AST) -> list[Found]:
    """Imports of what not every engine has."""
    allowed = ", ".join(sorted(PORTABLE_MODULES - {"__future__"}))
    return [
        (
            line,
            f'imports "{name}"; expected calculators.core or one of {allowed}, which every engine has; do without it',
        )
        for line, name in imported(tree)
        if name.partition(".")[0] not in {*PORTABLE_MODULES, "calculators"}
    ]


def _calculator_call(tree: ast.Module) -> ast.Call | None:
    """The call in `CALCULATOR = Calculator(...)`."""
    for node in tree.body:
        names = [target.id for target in getattr(node, "targets", ()) if isinstance(target, ast.Name)]
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and names == ["CALCULATOR"]:
            return node.value
    return None


def _declaration_problems(tree: ast.Module, slug: str, last_line: int) -> Iterator[Found]:
    call = _calculator_call(tree)
    if call is None:
        message = "has no CALCULATOR; expected CALCULATOR = Calculator(...) at its end; "
        yield last_line, message + "write it, or begin the name of the file with _"
        return
    for keyword in call.keywords:
        if keyword.arg == "slug" and isinstance(keyword.value, ast.Constant) and keyword.value.value != slug:
            message = f'the slug "{keyword.value.value!s}" is not the name of the file; expected "{slug}"; mend one'
            yield keyword.value.lineno, message


def problems(root: Path) -> tuple[list[Problem], bool]:
    """What is wrong with the calculators' files, and whether they can be asked nevertheless."""
    found: list[Problem] = []
    can_be_asked = True
    pages = {path.stem for path in (root / "docs" / "calculators").glob("*.md")}
    own = set(slugs(root))
    for path in sorted((root / "calculators").rglob("*.py")):
        name = path.relative_to(root).as_posix()
        if path.name == "__main__.py":
            continue
        try:
            source = path.read_text(encoding="utf-8")
            tree = ast.parse(source)
        except UnicodeDecodeError as error:
            line = path.read_bytes().count(b"\n", 0, error.start) + 1
            message = f"byte 0x{error.object[error.start]:02x} is not UTF-8; expected UTF-8; save the file as UTF-8"
            found.append(Problem(name, line, "", message))
            can_be_asked = False
            continue
        except SyntaxError as error:
            message = f"not Python: {error.msg}; expected Python 3.11; correct the line"
            found.append(Problem(name, error.lineno or 1, "", message))
            can_be_asked = False
            continue
        slug = path.stem.replace("_", "-")
        is_calculator = path.parent == root / "calculators" and slug in own
        if is_calculator:
            declared = list(_declaration_problems(tree, slug, len(source.splitlines())))
            can_be_asked = can_be_asked and not declared
            found += [Problem(name, line, "", message) for line, message in declared]
            if slug not in pages:
                message = f"has no page; expected docs/calculators/{slug}.md; write it"
                found.append(Problem(name, 0, "", message))
        found += [Problem(name, line, "", text) for line, text in [*unportable(tree), *unportable_imports(tree)]]
    return found, can_be_asked
