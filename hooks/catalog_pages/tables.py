"""Subjects as the rows of a table: on the page of their kind, and on the page of a subject that they name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from calculators.core import format
from calculators.core.units import fact_text
from catalog import Catalog, Subject, Value, vocabulary
from hooks.catalog_pages.addresses import address, subject_uri
from hooks.catalog_pages.series import spark
from hooks.catalog_pages.statements import Link, change_text, named_subject

_MOST_CHOICES = 40
_LONGEST_UNIT = 6
"""A longer one, such as USD/GPU-hour, stands in the head and not in every cell."""


@dataclass(frozen=True)
class ColumnContext:
    """A column that a reader can sort by."""

    key: str
    """Its name in the address of the page."""
    label: str
    unit: str
    """What stands in the head because it is too long for every cell; mostly ""."""
    is_number: bool
    is_choice: bool
    """Whether it holds few enough names to choose one from."""


@dataclass(frozen=True)
class CellContext:
    """A value in a table."""

    text: str
    to: Link | None
    sort: str
    """What the cell is sorted and chosen by: the plain number or the name."""
    change: str
    """How a value that is observed again and again moved since the first observation."""
    spark: Markup


@dataclass(frozen=True)
class RowContext:
    """A subject in a table."""

    subject: Link
    cells: list[CellContext | None]
    """One for each column, None where the value is not known."""


@dataclass(frozen=True)
class TableContext:
    """A table of subjects of one kind."""

    label: str
    noun: str
    """What its rows are, in the plural: "12 of 79 devices"."""
    columns: list[ColumnContext]
    rows: list[RowContext]


def table_of(catalog: Catalog, kind: str, subjects: Sequence[Subject], without: str = "") -> TableContext:
    """A table with the columns that the vocabulary names for the kind, of which some subject has a value.

    Prices and other values that are observed again and again come with the day of the newest observation, and such
    subjects stand newest first.

    Arguments:
        without: the kind whose names are left out, on the page of a subject of that kind.
    """
    described = vocabulary.kinds()[kind]
    names = [name for name in described.columns if not without or described.references.get(name) != without]
    having = {name: [s.values[name] for s in subjects if name in s.values] for name in names}
    names = [name for name in names if having[name]]
    columns = [_column(name, having[name]) for name in names]
    is_dated = bool(subjects) and all(_newest(subject, names) for subject in subjects)
    if is_dated:
        columns.append(ColumnContext("as_of", "As of", "", False, False))
        subjects = sorted(subjects, key=lambda subject: _newest(subject, names), reverse=True)
    rows = []
    for subject in subjects:
        cells = [
            _cell(catalog, subject.values.get(name), bool(column.unit))
            for name, column in zip(names, columns, strict=False)
        ]
        if is_dated:
            newest = _newest(subject, names)
            cells.append(CellContext(newest, None, newest, "", Markup("")))
        rows.append(RowContext(Link(address(subject_uri(subject.id)), subject.label, subject.summary), cells))
    return TableContext(described.label, noun_of(described.label), columns, rows)


def noun_of(label: str) -> str:
    """A label in the middle of a sentence: "Devices" becomes "devices", "API prices" stays."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def _newest(subject: Subject, names: Iterable[str]) -> str:
    """The day of the newest observation among the series of a subject; "" where it has none."""
    values = (subject.values.get(name) for name in names)
    return max((value.as_of for value in values if value and value.series), default="")


def _column(name: str, values: Sequence[Value]) -> ColumnContext:
    """The label that most of the values have, and what they are."""
    label = Counter(value.label for value in values).most_common(1)[0][0]
    units = {value.unit for value in values}
    is_text = "text" in units
    is_long = len(units) == 1 and all(len(unit) > _LONGEST_UNIT for unit in units)
    is_choice = is_text and 1 < len({value.value for value in values}) <= _MOST_CHOICES
    return ColumnContext(name, label, values[0].unit if is_long else "", not is_text, is_choice)


def _cell(catalog: Catalog, value: Value | None, is_unit_in_head: bool) -> CellContext | None:
    if value is None:
        return None
    to = named_subject(catalog, value, value.chosen)
    first = value.series[0] if value.series else value.chosen
    change = change_text(first, value.chosen) if first is not value.chosen else ""
    text = _bare_text(value) if is_unit_in_head else fact_text(value.value, value.unit)
    return CellContext(
        text=to.label if to else text,
        to=to,
        sort=value.value if isinstance(value.value, str) else format.plain(value.value),
        change=f"{change} since {first.as_of}" if change else "",
        spark=spark(value.series),
    )


def _bare_text(value: Value) -> str:
    """The number without its unit; dollars have cents, and more digits where they count."""
    text = format.number(value.number)
    if not value.unit.startswith("USD/"):
        return text
    return f"${text}" if len(text.partition(".")[2]) > 2 else format.usd_cents(value.number)
