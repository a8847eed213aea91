"""A small catalog that is in order, and a way to change one thing in it and hear what is said."""

from pathlib import Path

import pytest

from catalog import Catalog, CatalogError, load

SOURCE = """\
id: some-report
title: Some report
producer: Some office
url: https://www.some-office.gov/report
published: 2024-05
accessed: 2026-01-15
licence: null
kind: primary
read_via: stored copy of the page
"""

FACT = """\
id: finance/rates
label: Rates
summary: Rates that the tests look at.
values:
  fee_usd:
    label: Fee
    value: 12.5
    unit: USD
    as_of: 2025-01-31
    method: reported
    sources:
      - {source: some-report, locator: page 3}
"""

CLAIMS = """\
id: finance/rates
label: Rates
summary: Rates that the tests look at.
values:
  fee_usd:
    label: Fee
    unit: USD
    claims:
      - value: 12.5
        as_of: 2025-01-31
        method: reported
        sources: [{source: some-report, locator: page 3}]
      - value: 14
        as_of: 2025-06-30
        method: measured
        sources: [{source: other-report, locator: table 1}]
    chosen:
      rule: latest
      because: The fee was raised in June.
"""

OTHER_SOURCE = (
    SOURCE.replace("some-report", "other-report").replace("/report", "/other").replace("primary", "secondary")
)


class Tree:
    """A catalog in a folder of its own, with a folder of pages beside it."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "catalog"
        self.docs = folder / "docs"
        self.write("sources/some-report.yml", SOURCE)
        self.write("finance/rates.yml", FACT)

    def write(self, path: str, text: str | bytes) -> None:
        file = self.root.parent / path if path.startswith("docs/") else self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode() if isinstance(text, str) else text)

    def change(self, path: str, old: str, new: str) -> None:
        file = self.root / path
        text = file.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path}"
        file.write_text(text.replace(old, new), encoding="utf-8")

    def write_claims(self) -> None:
        self.write("finance/rates.yml", CLAIMS)
        self.write("sources/other-report.yml", OTHER_SOURCE)

    def load(self, *, today: str | None = None) -> Catalog:
        return load(self.root, docs=self.docs if self.docs.exists() else None, today=today)

    def problems(self, *, today: str | None = None) -> list[str]:
        """What is said, a line each; nothing when the catalog is in order."""
        try:
            self.load(today=today)
        except CatalogError as error:
            return [str(problem) for problem in error.problems]
        return []


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return Tree(tmp_path)
