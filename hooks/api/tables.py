"""The catalog as CSV (RFC 4180, UTF-8), a row for each value, source or measurement.

A text that a spreadsheet would take for a formula begins with an apostrophe, as in downloads.js.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Sequence

from catalog import Catalog, Source, Value
from hooks.api.shapes import measurement

Cell = float | int | str | None

_FORMULA = re.compile(r"[=+\-@\t\r]")
_SIGNED_NUMBER = re.compile(r"[-+]\$?\d[\d,]*(\.\d+)?%?")

VALUE_COLUMNS = ("id", "label", "name", "value_label", "value", "unit", "as_of", "method", "sources", "urls")
SOURCE_COLUMNS = ("id", "title", "producer", "url", "published", "accessed", "licence", "standing", "read_via")
MEASUREMENT_COLUMNS = (
    *("id", "hardware", "model", "quantization", "weights_gb", "context_tokens", "new_tokens", "batch", "phase"),
    *("tps", "devices", "parallelism", "interconnect", "engine", "engine_version", "excluded", "note"),
    *("as_of", "method", "source", "locator", "url"),
)


def values_csv(catalog: Catalog, values: Iterable[Value]) -> str:
    """Ids and addresses of several sources are separated by spaces, which neither of them has."""
    rows: list[Sequence[Cell]] = []
    for value in values:
        subject_id = value.ref.rpartition("/")[0]
        sources = list(dict.fromkeys(cited.source for cited in catalog.sources_of(value)))
        label = catalog.subject(subject_id).label
        urls = " ".join(catalog.source(source).url for source in sources)
        stated = (value.value, value.unit, value.as_of, value.method)
        rows.append((subject_id, label, value.name, value.label, *stated, " ".join(sources), urls))
    return text(VALUE_COLUMNS, rows)


def sources_csv(sources: Iterable[Source]) -> str:
    return text(
        SOURCE_COLUMNS,
        [(s.id, s.title, s.producer, s.url, s.published, s.accessed, s.licence, s.kind, s.read_via) for s in sources],
    )


def measurements_csv(catalog: Catalog) -> str:
    rows = []
    for table, row in catalog.measurements():
        source = table.citation.source
        cells = {
            **measurement(row),
            "id": table.id,
            "as_of": table.as_of,
            "method": table.method,
            "source": source,
            "locator": table.citation.locator,
            "url": catalog.source(source).url,
        }
        rows.append([cells[column] for column in MEASUREMENT_COLUMNS])
    return text(MEASUREMENT_COLUMNS, rows)


def text(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """A table as the text of a CSV file."""
    out = io.StringIO()
    writer = csv.writer(out)  # commas, quotes where needed and CRLF, as RFC 4180 has them
    writer.writerow(columns)
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    return out.getvalue()


def _cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if not isinstance(cell, str):
        return json.dumps(cell)  # the same digits as in the JSON files
    is_formula = _FORMULA.match(cell) and not _SIGNED_NUMBER.fullmatch(cell)
    return f"'{cell}" if is_formula else cell
