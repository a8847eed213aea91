"""The package `calculators` as the browser's engines get it: without the command line, its list of calculators frozen.

The small engine's modules are compiled from the sources without what does not run: docstrings, annotations and
what only a type checker reads. Readers see the sources as they are (hooks/method.py).
"""

from __future__ import annotations

import ast
from pathlib import Path


def slugs(root: Path) -> list[str]:
    """As calculators.registry lists them, which may have been imported before the latest edit."""
    names = [path.stem for path in (root / "calculators").glob("*.py")]
    return sorted(name.replace("_", "-") for name in names if not name.startswith("_") and name != "registry")


def sources(root: Path) -> dict[str, str]:
    """The modules' texts by path below the repository."""
    folder = root / "calculators"
    texts = {
        path.relative_to(root).as_posix(): path.read_text("utf-8")
        for path in sorted(folder.rglob("*.py"))
        if path.name != "__main__.py"
    }
    texts["calculators/_frozen.py"] = f"SLUGS = {tuple(slugs(root))!r}\n"
    return texts


def needed_by(slug: str, texts: dict[str, str]) -> list[str]:
    """Paths of a calculator's module and of those beside it that it imports, however far; without the framework."""
    found: list[str] = []
    waiting = [f"calculators/{slug.replace('-', '_')}.py"]
    while waiting:
        path = waiting.pop()
        if path in found or path not in texts:
            continue
        found.append(path)
        for node in ast.walk(ast.parse(texts[path])):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if isinstance(node, ast.ImportFrom) and node.module == "calculators":
                names = [f"calculators.{alias.name}" for alias in node.names]
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            waiting += [f"{name.replace('.', '/')}.py" for name in names if name.count(".") == 1]
    return sorted(found)


def stripped(source: str) -> str:
    """The same program without docstrings, annotations, `TYPE_CHECKING` blocks and `__future__` imports."""
    tree = _Strip().visit(ast.parse(source))
    return ast.unparse(ast.fix_missing_locations(tree)) + "\n"


class _Strip(ast.NodeTransformer):
    """Takes out what does not run. Nothing of ours looks at annotations or docstrings at run time."""

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.If)):
            # A text that stands alone is a docstring, whether of a function or of the name above it.
            node.body = [line for line in node.body if not _is_text(line)]
            if not node.body and not isinstance(node, ast.Module):
                node.body = [ast.Pass()]
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        self.generic_visit(node)
        return ast.Assign([node.target], node.value) if node.value else None

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST | None:
        return None if node.module == "__future__" else node

    def visit_If(self, node: ast.If) -> ast.AST | list[ast.stmt]:
        self.generic_visit(node)
        if isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            return node.orelse
        return node


def _is_text(line: ast.stmt) -> bool:
    return isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant) and isinstance(line.value.value, str)
