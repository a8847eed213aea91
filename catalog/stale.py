"""What is due for review on a day that the caller names: values and research entries, the longest overdue first.

A value is due `review_after_days` after its `as_of` (its own number of days, or its kind's), an entry after its
`reviewed`. A post stands as of its day and is never due: what came of it is a follow-up. A value worked out from
other facts alone is due with them, and not listed.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from catalog import vocabulary
from catalog.errors import CatalogError
from catalog.loader import load_bytes
from catalog.model import Catalog, Citation
from catalog.prose import front_matter_lines
from catalog.schema import shape_problems


@dataclass(frozen=True, order=True)
class Due:
    """Something to look at again. Sorts by the day on which it was due."""

    due: str
    ref: str
    """`kind/slug/name` of a value, or the path of an entry."""
    label: str
    file: str
    line: int
    last: str
    """The value's as_of, or the day on which the entry was reviewed."""
    days_over: int
    """How long it has been due; negative when it will be."""
    sources: tuple[Citation, ...]
    """What to read again."""


def due(catalog: Catalog, docs: Path | None, today: str, within_days: int = 0) -> list[Due]:
    """Everything that is due on that day or will be within some days after it.

    Raises:
        CatalogError: an entry's front matter cannot be read.
    """
    found = [*_values(catalog, today), *_entries(docs, today)]
    return sorted(item for item in found if item.days_over >= -within_days)


def _values(catalog: Catalog, today: str) -> Iterator[Due]:
    kinds = vocabulary.kinds()
    for value in catalog.values():
        if not value.chosen.sources:
            continue
        days = value.review_after_days or kinds[value.ref.split("/")[0]].review_after_days
        day = _after(value.as_of, days)
        document, path = value.place.document, value.chosen.place.path
        label = f"{catalog.subject(value.ref.rpartition('/')[0]).label}: {value.label}"
        over = _between(day, today)
        line = document.line(path)
        yield Due(day, value.ref, label, document.name, line, value.as_of, over, value.chosen.sources)


def _entries(docs: Path | None, today: str) -> Iterator[Due]:
    for path in sorted(docs.glob("research/*/*.md")) if docs else ():
        name = (Path(path.parents[2].name) / path.relative_to(path.parents[2])).as_posix()
        lines = path.read_text(encoding="utf-8").splitlines()
        front = "\n".join(lines[1 : front_matter_lines(lines) - 1])
        document = load_bytes(front.encode(), name, first_line=2)
        if problems := shape_problems(document, "entry"):
            raise CatalogError(problems)
        data = document.data
        day = _after(data["reviewed"], data["review_after_days"])
        sources = tuple(Citation(source, "") for source in data["sources"])
        line, over = document.line(("reviewed",)), _between(day, today)
        yield Due(day, name, data["title"], name, line, data["reviewed"], over, sources)


def _after(day: str, days: int) -> str:
    return (datetime.date.fromisoformat(day) + datetime.timedelta(days=days)).isoformat()


def _between(first: str, second: str) -> int:
    return (datetime.date.fromisoformat(second) - datetime.date.fromisoformat(first)).days


def as_text(items: list[Due], catalog: Catalog, today: str) -> str:
    """A few lines for each, in the order given."""
    lines = []
    for item in items:
        when = _days(item.days_over) + " ago" if item.days_over > 0 else "in " + _days(-item.days_over)
        when = when if item.days_over else "today"
        lines.append(f"{item.due} ({when})  {item.ref}")
        lines.append(f"    {item.file}:{item.line}  {item.label}, of {item.last}")
        for citation in item.sources:
            where = f", {citation.locator}" if citation.locator else ""
            lines.append(f"    read again: {citation.source}{where}  {catalog.source(citation.source).url}")
    count = len(items)
    return "\n".join([*lines, f"{count} {'thing is' if count == 1 else 'things are'} due for review on {today}."])


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def as_json(items: list[Due], catalog: Catalog, today: str) -> dict[str, Any]:
    """The same as plain data."""
    due = [
        {
            "ref": item.ref,
            "label": item.label,
            "due": item.due,
            "days_over": item.days_over,
            "last": item.last,
            "file": item.file,
            "line": item.line,
            "sources": [
                {"source": c.source, "locator": c.locator, "url": catalog.source(c.source).url} for c in item.sources
            ],
        }
        for item in items
    ]
    return {"today": today, "due": due}
