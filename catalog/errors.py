"""What can be wrong, and how it is said.

Exception
 ├─ CatalogError             the files have problems; carries all of them
 └─ UnknownReferenceError    the caller named a fact or a source that does not exist
"""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong in one place. Sorts by place."""

    file: str
    line: int
    """Counted from 1; 0 when the problem belongs to no line."""
    field: str
    """Where in the file, as in `values.price_usd.sources[0].locator`; may be empty."""
    message: str
    """`what is wrong; what was expected; what to do`"""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place} {self.field}: {self.message}" if self.field else f"{place}: {self.message}"


class CatalogError(Exception):
    """The files have problems; the text has one line for each."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class UnknownReferenceError(Exception):
    """A fact or a source was asked for that the catalog does not have."""

    def __init__(self, what: str, reference: str, known: Iterable[str]) -> None:
        self.reference = reference
        super().__init__(f'unknown {what} "{reference}"{did_you_mean(reference, known)}')


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean "..."?` when something known is close, else nothing."""
    close = difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    return f'; did you mean "{close[0]}"?' if close else ""
