"""What authors get wrong, and the one line that each is told: file, line, what is wrong and how to mend it."""

from __future__ import annotations

import pytest

from tests.authors.copies import Copy, small

TODAY = "2026-11-21"

FACTS = "catalog/finance/loan-fees.yml"
FACTS_TEXT = """\
id: finance/loan-fees
label: Fees of loans
summary: What the tests of authors' mistakes look at.
values:
  fee_usd:
    label: Fee
    value: 500
    unit: USD
    as_of: 2026-01-31
    method: reported
    sources:
      - {source: irs-pub-936-2021, locator: page 3}
  offer_usd:
    label: Offer
    unit: USD
    series:
      - {value: 400, as_of: 2025-01-31, method: reported, sources: [{source: irs-pub-936-2021, locator: page 4}]}
      - {value: 350, as_of: 2026-01-31, method: reported, sources: [{source: irs-pub-936-2021, locator: page 5}]}
"""

SOURCE = "catalog/sources/irs-pub-936-2021.yml"

ENTRY = "docs/research/money/fees.md"
ENTRY_TEXT = """\
---
title: Fees
summary: One sentence that says what a reader learns about fees.
topic: money
tags: [loans]
reviewed: 2026-11-20
review_after_days: 180
facts: [finance/loan-fees/offer_usd]
calculators: [mortgage-vs-invest]
sources: [irs-pub-936-2021, irs-rev-proc-2025-32, damodaran-histretsp]
---

# Fees

## What it is

A fee is {{ fact("finance/loan-fees", "fee_usd") }}.
See [the calculator](../../calculators/mortgage-vs-invest.md#method).

## Why it matters

It is said to be [20% more](../../sources.md#irs-pub-936-2021).
See [](post:why-fees) and [fees](catalog:finance/loan-fees).

```claim
id: interest
says: Paying $300 more a month saves more than $80,000 of interest.
source: damodaran-histretsp
locator: nowhere
calculator: mortgage-vs-invest
inputs:
  extra_monthly_usd: 300
metric: interest_saved_usd
claimed: [80000, 200000]
tolerance_pct: 10
```

## Recent developments

```calculator
mortgage-vs-invest
rate_pct: 5.5
```

## Key people and organisations

## Sources
"""

POST = "docs/posts/why-fees.md"
POST_TEXT = """\
---
title: Why fees
summary: One sentence that says what a reader learns from this.
tags: [loans]
published: 2026-11-01
facts: []
calculators: []
sources: [irs-pub-936-2021]
---

# Why fees

- **P1.** They will fall.

## Follow-ups

### 2026-11-10: not yet

P1 has not come true.

### 2026-11-20: now

P1 has come true.
"""

CALCULATOR = "calculators/mortgage_vs_invest.py"
PAGE = "docs/calculators/mortgage-vs-invest.md"
PAGE_TEXT = """\
# Mortgage or invest

```calculator
mortgage-vs-invest
rate_pct: 5.5
```

## Method

Text.
"""

FILES = {
    "docs/index.md": "# Home\n",
    "docs/calculators/index.md": "# Calculators\n",
    PAGE: PAGE_TEXT,
    FACTS: FACTS_TEXT,
    ENTRY: ENTRY_TEXT,
    POST: POST_TEXT,
}

# What stands in a file, what an author makes of it, and all that is said.
MISTAKES: dict[str, tuple[str, str, str, str]] = {
    "front matter missing": (ENTRY, ENTRY_TEXT[: ENTRY_TEXT.index("# Fees")], "", "X"),
    "front matter not closed": (ENTRY, "damodaran-histretsp]\n---\n", "damodaran-histretsp]\n", "X"),
    "unknown key": (ENTRY, "topic: money", "topic: money\nauthor: me", "X"),
    "misspelt key": (ENTRY, "reviewed:", "reviewd:", "X"),
    "key of the wrong type": (ENTRY, "review_after_days: 180", "review_after_days: soon", "X"),
    "duplicate key": (ENTRY, "topic: money\n", "topic: money\ntopic: hardware\n", "X"),
    "bad date": (ENTRY, "reviewed: 2026-11-20", "reviewed: 2026-11-31", "X"),
    "date in the future, entry": (ENTRY, "reviewed: 2026-11-20", "reviewed: 2026-12-20", "X"),
    "date in the future, fact": (FACTS, "as_of: 2026-01-31\n", "as_of: 2027-01-31\n", "X"),
    "date in the future, post": (POST, "2026-11-20: now", "2026-12-20: now", "X"),
    "topic is not the folder": (ENTRY, "topic: money", "topic: finance", "X"),
    "unknown form of tag": (ENTRY, "tags: [loans]", "tags: [Home Loans]", "X"),
    "unknown source": (ENTRY, "[irs-pub-936-2021,", "[irs-pub-963-2021,", "X"),
    "unknown fact in front matter": (ENTRY, "loan-fees/offer_usd", "loan-fees/ofer_usd", "X"),
    "unknown calculator in front matter": (ENTRY, "[mortgage-vs-invest]", "[mortgage-or-invest]", "X"),
    "section missing": (ENTRY, "## Recent developments", "", "X"),
    "sections in another order": (ENTRY, "## Why it matters", "## Key people and organisations", "X"),
    "fewer than three sources": (ENTRY, ", damodaran-histretsp]", "]", "X"),
    "number without origin": (ENTRY, "## Why it matters\n", "## Why it matters\n\nMost pay 900 USD.\n", "X"),
    "unknown fact in the text": (ENTRY, '"fee_usd"', '"fees_usd"', "X"),
    "template that is no fact": (ENTRY, 'fact("finance/loan-fees", "fee_usd")', "fee_usd", "X"),
    "broken link": (ENTRY, "calculators/mortgage-vs-invest.md", "calculators/mortgage.md", "X"),
    "broken anchor": (ENTRY, "#method)", "#methods)", "X"),
    "unknown source in a link": (ENTRY, "sources.md#irs-pub-936-2021", "sources.md#irs-pub-936", "X"),
    "broken reference by id": (ENTRY, "post:why-fees", "post:why-fee", "X"),
    "broken reference to a subject": (ENTRY, "catalog:finance/loan-fees", "catalog:finance/loan-fee", "X"),
    "unknown kind of reference": (ENTRY, "post:why-fees", "essay:why-fees", "X"),
    "claim: unknown calculator": (ENTRY, "calculator: mortgage-vs-invest", "calculator: mortgage", "X"),
    "claim: unknown input": (ENTRY, "  extra_monthly_usd: 300", "  extra_usd: 300", "X"),
    "claim: bad input": (ENTRY, "  extra_monthly_usd: 300", "  extra_monthly_usd: much", "X"),
    "claim: unknown metric": (ENTRY, "metric: interest_saved_usd", "metric: interest_usd", "X"),
    "claim: unknown source": (ENTRY, "source: damodaran-histretsp", "source: damodaran", "X"),
    "claim: field missing": (ENTRY, "tolerance_pct: 10\n", "", "X"),
    "fence: unknown calculator": (PAGE, "```calculator\nmortgage-vs-invest", "```calculator\nmortgage", "X"),
    "fence: unknown input": (PAGE, "rate_pct: 5.5", "rate: 5.5", "X"),
    "fence: bad input": (PAGE, "rate_pct: 5.5", "rate_pct: high", "X"),
    "fence: no colon": (PAGE, "rate_pct: 5.5", "rate_pct 5.5", "X"),
    "tab in front matter": (ENTRY, "review_after_days: 180", "review_after_days:\t180", "X"),
    "tab in a fact": (FACTS, "    label: Fee", "\tlabel: Fee", "X"),
    "unknown unit": (FACTS, "value: 500\n    unit: USD", "value: 500\n    unit: EUR", "X"),
    "no unit": (FACTS, "value: 500\n    unit: USD\n", "value: 500\n", "X"),
    "name without its unit": (FACTS, "  offer_usd:", "  offer:", "X"),
    "value as text": (FACTS, "value: 500", 'value: "500"', "X"),
    "number with a comma": (FACTS, "value: 500", "value: 1,500", "X"),
    "price that falls by 90 %": (FACTS, "{value: 350,", "{value: 40,", "X"),
    "series out of order": (FACTS, "as_of: 2025-01-31", "as_of: 2026-02-28", "X"),
    "fact without source": (FACTS, "    sources:\n      - {source: irs-pub-936-2021, locator: page 3}\n", "", "X"),
    "fact with an unknown source": (
        FACTS,
        "source: irs-pub-936-2021, locator: page 3",
        "source: irs-936, locator: page 3",
        "X",
    ),
    "id is not the path": (FACTS, "id: finance/loan-fees", "id: finance/fees", "X"),
    "source with a bad address": (SOURCE, "url: https://", "url: www.", "X"),
    "not filled in, page": (ENTRY, "# Fees\n", "# Fees\n\nFILL_IN: for whom this is.\n", "X"),
    "not filled in, fact": (FACTS, "locator: page 3", "locator: FILL_IN", "X"),
    "follow-ups in another order": (POST, "### 2026-11-10: not yet", "### 2026-11-21: not yet", "X"),
    "follow-up before the post": (POST, "### 2026-11-10: not yet", "### 2026-10-10: not yet", "X"),
    "follow-up without a day": (POST, "### 2026-11-20: now", "### Now", "X"),
    "follow-up of an unknown prediction": (POST, "P1 has not", "P2 has not", "X"),
    "calculator: not Python": (CALCULATOR, "_TIE_USD = 0.005", "_TIE_USD = (0.005", "X"),
    "calculator: import": (
        CALCULATOR,
        "from calculators.core import (",
        "import statistics\nfrom calculators.core import (",
        "X",
    ),
    "calculator: sum of floats": (CALCULATOR, "_TIE_USD = 0.005", "_TIE_USD = sum([0.002, 0.003])", "X"),
    "no YAML": (FACTS, "    label: Fee", "    label: Fee: and more", "X"),
    "calculator: unknown name": (CALCULATOR, "_TIE_USD = 0.005", "_TIE_USD = TIE", "X"),
    "calculator: another slug": (CALCULATOR, 'slug="mortgage-vs-invest"', 'slug="mortgage"', "X"),
    "calculator: nothing in it": (CALCULATOR, "CALCULATOR = Calculator(", "Calculator(", "X"),
}


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """A small repository; every test mends what it breaks."""
    copy = small(tmp_path_factory.mktemp("authors"))
    for name, text in FILES.items():
        copy.write(name, text)
    return copy


def told(repository: Copy, name: str, content: str | bytes | None) -> list[str]:
    """What is said with a file changed, added or (None) taken away. It is as before afterwards."""
    path = repository.root / name
    before = path.read_bytes() if path.exists() else None
    try:
        if content is None:
            path.unlink()
        else:
            repository.write(name, content)
        return repository.check(TODAY).problems
    finally:
        if before is None:
            path.unlink()
        else:
            repository.write(name, before)


def test_there_is_nothing_to_say_of_a_repository_in_order(repository: Copy) -> None:
    found = repository.check(TODAY)
    assert found.problems == []
    assert found.catalog is not None and "finance/loan-fees" in found.catalog.subjects
    assert len(MISTAKES) >= 50


@pytest.mark.parametrize("mistake", list(MISTAKES))
def test_one_line_says_what_is_wrong_and_how_to_mend_it(repository: Copy, mistake: str) -> None:
    file, old, new, message = MISTAKES[mistake]
    text = repository.read(file)
    assert text.count(old) == 1
    assert told(repository, file, text.replace(old, new)) == [message]


LOST = """\
id: lost
title: A report
producer: Some office
url: https://www.some-office.gov/lost
published: 2024-05
accessed: 2026-01-15
licence: null
kind: primary
read_via: stored copy of the page
"""


# A whole file, where it is written (None: taken away), and what is said.
FILES_GONE_WRONG: dict[str, tuple[str, str | bytes | None, list[str]]] = {
    "a source that nobody cites": ("catalog/sources/lost.yml", LOST, ["X"]),
    "a calculator without its page": (PAGE, None, ["X"]),
    "a page without its calculator": (
        "docs/calculators/loan-points.md",
        "# Points\n\n```calculator\nloan-points\n```\n",
        ["X"],
    ),
    "a page in no place": ("docs/money/fees.md", "# Fees\n", ["X"]),
    "an empty fact file": ("catalog/finance/empty.yml", "", ["X"]),
    "a file with the wrong ending": ("catalog/finance/more.yaml", FACTS_TEXT, ["X"]),
    "an unknown kind": ("catalog/money/fees.yml", FACTS_TEXT, ["X"]),
    "a page that is not UTF-8": (ENTRY, ENTRY_TEXT.replace("A fee", "Ein Entgelt für").encode("latin-1"), ["X"]),
    "a fact that is not UTF-8": (FACTS, FACTS_TEXT.replace("Fees of", "Entgelte für").encode("latin-1"), ["X"]),
    "a calculator that is not UTF-8": (CALCULATOR, "# für\n".encode("latin-1"), ["X"]),
    "a fact with a byte order mark": (FACTS, b"\xef\xbb\xbf" + FACTS_TEXT.encode(), ["X"]),
    "two mistakes at once": (
        ENTRY,
        ENTRY_TEXT.replace("post:why-fees", "post:why-fee").replace("#method", "#methods"),
        ["X", "X"],
    ),
}


@pytest.mark.parametrize("mistake", list(FILES_GONE_WRONG))
def test_files_gone_wrong(repository: Copy, mistake: str) -> None:
    file, content, messages = FILES_GONE_WRONG[mistake]
    assert told(repository, file, content) == messages


@pytest.mark.parametrize("name", [ENTRY, POST, PAGE, FACTS, SOURCE, CALCULATOR])
def test_windows_line_ends_are_no_mistake(repository: Copy, name: str) -> None:
    text = repository.read(name)
    assert "\r" not in text
    assert told(repository, name, text.replace("\n", "\r\n")) == []


@pytest.mark.parametrize("name", [ENTRY, POST, PAGE])
def test_a_byte_order_mark_in_a_page_is_no_mistake(repository: Copy, name: str) -> None:
    assert told(repository, name, b"\xef\xbb\xbf" + repository.read(name).encode()) == []
