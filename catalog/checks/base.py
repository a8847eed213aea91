"""What every rule is given, and what it reports to."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from catalog.docs import PageCitation
from catalog.errors import Problem
from catalog.model import Catalog, Claim, Value


@dataclass(frozen=True)
class Given:
    """What there is to check. Files that did not load are not in the catalog, only named in `broken`."""

    catalog: Catalog
    broken: frozenset[str] = frozenset()
    """Ids of files that have problems already: `kind/slug`, `sources/id` or the path of a page."""
    page_citations: list[PageCitation] | None = None
    """Sources that pages name; None when the pages were not given."""
    today: str | None = None
    file_count: int = 1

    def claims(self) -> Iterator[tuple[Value, Claim]]:
        for value in self.catalog.values():
            for claim in value.stated():
                yield value, claim

    def source_ids(self) -> set[str]:
        """All sources that have a file, readable or not: who cites a broken one has made no mistake."""
        return {
            *self.catalog.sources,
            *(b.removeprefix("sources/") for b in self.broken if b.startswith("sources/")),
        }


@dataclass
class Report:
    """Collects problems, and counts what was looked at."""

    looked: int = 0
    problems: list[Problem] = field(default_factory=list)

    def add(self, problem: Problem) -> None:
        self.problems.append(problem)
