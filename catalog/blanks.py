"""What a new file leaves to its author, in pages and code: each FILL_IN, with what its line says belongs there.

In the catalog's own files the schema says what belongs there (`catalog/schema`).
"""

from collections.abc import Iterator
from pathlib import Path

from catalog.errors import Problem
from catalog.loader import BLANK

_CODE = ("calculators/*.py", "tests/calculators/*.py")


def in_text(text: str, name: str) -> list[Problem]:
    """The blanks of a text, a problem each; `FILL_IN: hint` and `FILL_IN # hint` say what is expected."""
    problems = []
    for number, line in enumerate(text.splitlines() if BLANK in text else (), start=1):
        if BLANK in line:
            hint = line.rpartition(BLANK)[2].strip(" #:,.\"'()[]{}`")
            expected = hint or "what the comments beside it say"
            message = f"not filled in yet; expected {expected}; write it in place of {BLANK}"
            problems.append(Problem(name, number, "", message))
    return problems


def in_code(repository: Path) -> Iterator[Problem]:
    """The blanks of calculators and of their tests."""
    for pattern in _CODE:
        for path in sorted(repository.glob(pattern)):
            yield from in_text(path.read_text(encoding="utf-8"), path.relative_to(repository).as_posix())
