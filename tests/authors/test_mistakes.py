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
    "front matter missing": (
        ENTRY,
        ENTRY_TEXT[: ENTRY_TEXT.index("# Fees")],
        "",
        (
            "docs/research/money/fees.md:1: no front matter; expected a block between two lines of --- that "
            "says what the entry is; write it"
        ),
    ),
    "front matter not closed": (
        ENTRY,
        "damodaran-histretsp]\n---\n",
        "damodaran-histretsp]\n",
        (
            "docs/research/money/fees.md:1: front matter without an end; expected a second line of ---; "
            "write it below the last field"
        ),
    ),
    "unknown key": (
        ENTRY,
        "topic: money",
        "topic: money\nauthor: me",
        (
            "docs/research/money/fees.md:5 author: unknown field; expected one of title, summary, topic, "
            "tags, reviewed, review_after_days, facts, calculators, sources; remove it"
        ),
    ),
    "misspelt key": (
        ENTRY,
        "reviewed:",
        "reviewd:",
        (
            "docs/research/money/fees.md:6 reviewd: unknown field; expected one of title, summary, topic, "
            'tags, reviewed, review_after_days, facts, calculators, sources; did you mean "reviewed"?'
        ),
    ),
    "key of the wrong type": (
        ENTRY,
        "review_after_days: 180",
        "review_after_days: soon",
        (
            'docs/research/money/fees.md:7 review_after_days: "soon" is not a whole number; expected after '
            "how many days it should be read again; write it like 180"
        ),
    ),
    "duplicate key": (
        ENTRY,
        "topic: money\n",
        "topic: money\ntopic: hardware\n",
        ("docs/research/money/fees.md:5 topic: stands twice (first in line 4); expected each name once; remove one"),
    ),
    "bad date": (
        ENTRY,
        "reviewed: 2026-11-20",
        "reviewed: 2026-11-31",
        (
            "docs/research/money/fees.md:6 reviewed: 2026-11-31 is not a day of the calendar; expected "
            "YYYY-MM-DD; correct it"
        ),
    ),
    "date in the future, entry": (
        ENTRY,
        "reviewed: 2026-11-20",
        "reviewed: 2026-12-20",
        (
            "docs/research/money/fees.md:6: 2026-12-20 is after 2026-11-21; expected a day that has come; "
            "correct the date"
        ),
    ),
    "date in the future, fact": (
        FACTS,
        "as_of: 2026-01-31\n",
        "as_of: 2027-01-31\n",
        (
            "catalog/finance/loan-fees.yml:9 values.fee_usd.as_of: 2027-01-31 is after 2026-11-21; expected "
            "a day that has come; correct the date"
        ),
    ),
    "date in the future, post": (
        POST,
        "2026-11-20: now",
        "2026-12-20: now",
        ("docs/posts/why-fees.md:21: 2026-12-20 is after 2026-11-21; expected a day that has come; correct the date"),
    ),
    "topic is not the folder": (
        ENTRY,
        "topic: money",
        "topic: finance",
        (
            'docs/research/money/fees.md:4 topic: "finance" is not the folder of the file; expected "money";'
            " move the file or mend it"
        ),
    ),
    "unknown form of tag": (
        ENTRY,
        "tags: [loans]",
        "tags: [Home Loans]",
        (
            'docs/research/money/fees.md:5 tags[0]: "Home Loans" does not fit; expected a tag in lower case '
            'with hyphens, other than index; write it like "unified-memory"'
        ),
    ),
    "unknown source": (
        ENTRY,
        "[irs-pub-936-2021,",
        "[irs-pub-963-2021,",
        (
            'docs/research/money/fees.md:10 sources[0]: unknown source "irs-pub-963-2021"; expected the id '
            'of a file in catalog/sources; did you mean "irs-pub-936-2021"?'
        ),
    ),
    "unknown fact in front matter": (
        ENTRY,
        "loan-fees/offer_usd",
        "loan-fees/ofer_usd",
        (
            'docs/research/money/fees.md:8 facts[0]: unknown fact "finance/loan-fees/ofer_usd"; did you mean'
            ' "finance/loan-fees/offer_usd"?'
        ),
    ),
    "unknown calculator in front matter": (
        ENTRY,
        "[mortgage-vs-invest]",
        "[mortgage-or-invest]",
        (
            'docs/research/money/fees.md:9 calculators[0]: unknown calculator "mortgage-or-invest"; there '
            "are: mortgage-vs-invest"
        ),
    ),
    "section missing": (
        ENTRY,
        "## Recent developments",
        "",
        (
            "docs/research/money/fees.md:45: an entry has the sections (##) What it is, Why it matters, "
            "Recent developments, Key people and organisations, Sources, in this order and no others"
        ),
    ),
    "sections in another order": (
        ENTRY,
        "## Why it matters",
        "## Key people and organisations",
        (
            "docs/research/money/fees.md:20: an entry has the sections (##) What it is, Why it matters, "
            "Recent developments, Key people and organisations, Sources, in this order and no others"
        ),
    ),
    "fewer than three sources": (
        ENTRY,
        ", damodaran-histretsp]",
        "]",
        (
            'docs/research/money/fees.md:10 sources: ["irs-pub-936-2021", "irs-rev-proc-2025-32"] does not '
            "fit; expected a list of at least three ids of files in catalog/sources; write it like "
            '["nvidia-dgx-spark", "lmsys-dgx-spark-review", "geerling-ai-benchmarks"]'
        ),
    ),
    "number without origin": (
        ENTRY,
        "## Why it matters\n",
        "## Why it matters\n\nMost pay 900 USD.\n",
        (
            'docs/research/money/fees.md:22: "900 USD" does not say where it comes from; expected {{ '
            "fact(...) }}, a link to sources.md#<id> or a sum in its paragraph, item or row, or a claim "
            "block; write its source, or { .worked-out } at the end of the paragraph that explains it"
        ),
    ),
    "unknown fact in the text": (
        ENTRY,
        '"fee_usd"',
        '"fees_usd"',
        (
            'docs/research/money/fees.md:17: unknown fact "finance/loan-fees/fees_usd"; did you mean '
            '"finance/loan-fees/fee_usd"?'
        ),
    ),
    "template that is no fact": (
        ENTRY,
        'fact("finance/loan-fees", "fee_usd")',
        "fee_usd",
        (
            'docs/research/money/fees.md:17: "{{ fee_usd }}" is not a reference to a fact; expected {{ '
            'fact("kind/slug", "name") }}'
        ),
    ),
    "broken link": (
        ENTRY,
        "calculators/mortgage-vs-invest.md",
        "calculators/mortgage.md",
        (
            'docs/research/money/fees.md:18: the link "../../calculators/mortgage.md#method" leads to no '
            "page; expected the path of a .md file from the page's own folder; mend it"
        ),
    ),
    "broken anchor": (
        ENTRY,
        "#method)",
        "#methods)",
        (
            'docs/research/money/fees.md:18: the link "../../calculators/mortgage-vs-invest.md#methods" '
            "leads to a heading that is not there; expected the anchor of one; mend it"
        ),
    ),
    "unknown source in a link": (
        ENTRY,
        "sources.md#irs-pub-936-2021",
        "sources.md#irs-pub-936",
        (
            'docs/research/money/fees.md:22 link: unknown source "irs-pub-936"; expected the id of a file in'
            ' catalog/sources; did you mean "irs-pub-936-2021"?'
        ),
    ),
    "broken reference by id": (
        ENTRY,
        "post:why-fees",
        "post:why-fee",
        'docs/research/money/fees.md:23: unknown post "why-fee"; did you mean "why-fees"?',
    ),
    "broken reference to a subject": (
        ENTRY,
        "catalog:finance/loan-fees",
        "catalog:finance/loan-fee",
        ('docs/research/money/fees.md:23: unknown subject "finance/loan-fee"; did you mean "finance/loan-fees"?'),
    ),
    "unknown kind of reference": (
        ENTRY,
        "post:why-fees",
        "essay:why-fees",
        (
            'docs/research/money/fees.md:23: "essay:why-fees" leads to no kind of page; expected one of '
            "entry, post, calculator, source, catalog, or an address"
        ),
    ),
    "claim: unknown calculator": (
        ENTRY,
        "calculator: mortgage-vs-invest",
        "calculator: mortgage",
        (
            'docs/research/money/fees.md:30 calculator: unknown calculator "mortgage"; did you mean '
            '"mortgage-vs-invest"?'
        ),
    ),
    "claim: unknown input": (
        ENTRY,
        "  extra_monthly_usd: 300",
        "  extra_usd: 300",
        (
            'docs/research/money/fees.md:32 inputs.extra_usd: There is no input "extra_usd"; there are: '
            "balance_usd, rate_pct, compounding, term_months, payment_usd, extra_monthly_usd, lump_sum_usd, "
            "return_pct ..."
        ),
    ),
    "claim: bad input": (
        ENTRY,
        "  extra_monthly_usd: 300",
        "  extra_monthly_usd: much",
        (
            'docs/research/money/fees.md:32 inputs.extra_monthly_usd: Extra money each month is "much", '
            "which is not a number; give a number from 0 to 10,000,000,000 (USD)."
        ),
    ),
    "claim: unknown metric": (
        ENTRY,
        "metric: interest_saved_usd",
        "metric: interest_usd",
        (
            'docs/research/money/fees.md:33 metric: mortgage-vs-invest has no metric "interest_usd"; did you'
            ' mean "interest_saved_usd"?'
        ),
    ),
    "claim: unknown source": (
        ENTRY,
        "source: damodaran-histretsp",
        "source: damodaran",
        (
            'docs/research/money/fees.md:28 claim: unknown source "damodaran"; expected the id of a file in '
            'catalog/sources; did you mean "damodaran-histretsp"?'
        ),
    ),
    "claim: field missing": (
        ENTRY,
        "tolerance_pct: 10\n",
        "",
        (
            'docs/research/money/fees.md:26: has no "tolerance_pct"; expected by how many percent the claim '
            "may miss our figure and still hold: as exact as it is stated; write it like 5"
        ),
    ),
    "fence: unknown calculator": (
        PAGE,
        "```calculator\nmortgage-vs-invest",
        "```calculator\nmortgage",
        (
            'docs/calculators/mortgage-vs-invest.md:4: There is no calculator "mortgage"; did you mean '
            '"mortgage-vs-invest"?'
        ),
    ),
    "fence: unknown input": (
        PAGE,
        "rate_pct: 5.5",
        "rate: 5.5",
        ('docs/calculators/mortgage-vs-invest.md:5: rate: There is no input "rate"; did you mean "rate_pct"?'),
    ),
    "fence: bad input": (
        PAGE,
        "rate_pct: 5.5",
        "rate_pct: high",
        (
            'docs/calculators/mortgage-vs-invest.md:5: rate_pct: Mortgage rate is "high", which is not a '
            "number; give a number from 0 to 1,000 (%)."
        ),
    ),
    "fence: no colon": (
        PAGE,
        "rate_pct: 5.5",
        "rate_pct 5.5",
        (
            'docs/calculators/mortgage-vs-invest.md:5: "rate_pct 5.5" is not an input; write "name: value", '
            'such as "rate_pct: 7"'
        ),
    ),
    "tab in front matter": (
        ENTRY,
        "review_after_days: 180",
        "review_after_days:\t180",
        "docs/research/money/fees.md:7: has a tab; expected spaces only; replace the tab by spaces",
    ),
    "tab in a fact": (
        FACTS,
        "    label: Fee",
        "\tlabel: Fee",
        "catalog/finance/loan-fees.yml:6: has a tab; expected spaces only; replace the tab by spaces",
    ),
    "unknown unit": (
        FACTS,
        "value: 500\n    unit: USD",
        "value: 500\n    unit: EUR",
        (
            'catalog/finance/loan-fees.yml:8 values.fee_usd.unit: unknown unit "EUR"; expected one of '
            "catalog/vocabulary/units.yml"
        ),
    ),
    "no unit": (
        FACTS,
        "value: 500\n    unit: USD\n",
        "value: 500\n",
        (
            'catalog/finance/loan-fees.yml:5 values.fee_usd: has no "unit"; expected a unit listed in '
            'catalog/vocabulary/units.yml; write it like "USD"'
        ),
    ),
    "name without its unit": (
        FACTS,
        "  offer_usd:",
        "  offer:",
        (
            'catalog/finance/loan-fees.yml:13 values.offer: ends in no unit but its unit is "USD"; expected '
            'a name that ends in "_usd"; rename it or correct the unit'
        ),
    ),
    "value as text": (
        FACTS,
        "value: 500",
        'value: "500"',
        (
            'catalog/finance/loan-fees.yml:7 values.fee_usd.value: "500" is not a number; expected the '
            "number, in the unit given, without separators; write it like 32200"
        ),
    ),
    "number with a comma": (
        FACTS,
        "value: 500",
        "value: 1,500",
        (
            'catalog/finance/loan-fees.yml:7 values.fee_usd.value: "1,500" is not a number; expected the '
            "number, in the unit given, without separators; write it like 32200"
        ),
    ),
    "price that falls by 90 %": (
        FACTS,
        "{value: 350,",
        "{value: 40,",
        (
            "catalog/finance/loan-fees.yml:18 values.offer_usd.series[1].value: falls by 90 % of 400 USD "
            "(2025-01-31); expected a smaller step; correct the value or its unit, or say in a note why it "
            "is so"
        ),
    ),
    "series out of order": (
        FACTS,
        "as_of: 2025-01-31",
        "as_of: 2026-02-28",
        (
            "catalog/finance/loan-fees.yml:18 values.offer_usd.series[1].as_of: 2026-01-31 does not come "
            "after 2026-02-28, the observation above; expected the oldest first, one a day; put it in its "
            "place, or write claims where sources disagree about one day"
        ),
    ),
    "fact without source": (
        FACTS,
        "    sources:\n      - {source: irs-pub-936-2021, locator: page 3}\n",
        "",
        (
            'catalog/finance/loan-fees.yml:5 values.fee_usd: has no "sources"; expected a list of one or '
            'more citations, each with source and locator; write it like [{"source": "irs-rev-proc-2025-32",'
            ' "locator": "section 4.14(1)"}]'
        ),
    ),
    "fact with an unknown source": (
        FACTS,
        "source: irs-pub-936-2021, locator: page 3",
        "source: irs-936, locator: page 3",
        (
            'catalog/finance/loan-fees.yml:12 values.fee_usd.sources[0].source: unknown source "irs-936"; '
            'expected the id of a file in catalog/sources; did you mean "irs-pub-936-2021"?'
        ),
    ),
    "id is not the path": (
        FACTS,
        "id: finance/loan-fees",
        "id: finance/fees",
        (
            'catalog/finance/loan-fees.yml:1 id: "finance/fees" is not the path of the file; expected '
            '"finance/loan-fees"; correct it or move the file'
        ),
    ),
    "source with a bad address": (
        SOURCE,
        "url: https://",
        "url: www.",
        (
            "catalog/sources/irs-pub-936-2021.yml:4 url: "
            '"www.zbook.org/read/c2a7b2_deduction-interest-mortgage-irs-tax-forms.html" does not fit; '
            "expected the address of the publication itself (for a repository: with the commit), starting "
            'with https:// or http://; write it like "https://www.irs.gov/pub/irs-drop/rp-25-32.pdf"'
        ),
    ),
    "not filled in, page": (
        ENTRY,
        "# Fees\n",
        "# Fees\n\nFILL_IN: for whom this is.\n",
        ("docs/research/money/fees.md:15: not filled in yet; expected for whom this is; write it in place of FILL_IN"),
    ),
    "not filled in, fact": (
        FACTS,
        "locator: page 3",
        "locator: FILL_IN",
        (
            "catalog/finance/loan-fees.yml:12 values.fee_usd.sources[0].locator: not filled in yet; expected"
            ' where in the publication: section, page, table, paragraph; write it like "section 4.14(1)"'
        ),
    ),
    "follow-ups in another order": (
        POST,
        "### 2026-11-10: not yet",
        "### 2026-11-21: not yet",
        (
            'docs/posts/why-fees.md:21: "2026-11-20" is not later than the follow-up of 2026-11-21; expected'
            " the oldest first, one for a day; add new ones last"
        ),
    ),
    "follow-up before the post": (
        POST,
        "### 2026-11-10: not yet",
        "### 2026-10-10: not yet",
        (
            'docs/posts/why-fees.md:17: "2026-10-10" is not later than the post itself, published '
            "2026-11-01; expected the oldest first, one for a day; add new ones last"
        ),
    ),
    "follow-up without a day": (
        POST,
        "### 2026-11-20: now",
        "### Now",
        ('docs/posts/why-fees.md:21: "Now" is no follow-up; expected "### YYYY-MM-DD: what came of it"; write it so'),
    ),
    "follow-up of an unknown prediction": (
        POST,
        "P1 has not",
        "P2 has not",
        "docs/posts/why-fees.md:19: no prediction P2; expected one of P1; mend it",
    ),
    "calculator: not Python": (
        CALCULATOR,
        "_TIE_USD = 0.005",
        "_TIE_USD = (0.005",
        (
            "calculators/mortgage_vs_invest.py:65: not Python: '(' was never closed; expected Python 3.11; "
            "correct the line"
        ),
    ),
    "calculator: import": (
        CALCULATOR,
        "from calculators.core import (",
        "import statistics\nfrom calculators.core import (",
        (
            'calculators/mortgage_vs_invest.py:25: imports "statistics"; expected calculators.core or one of'
            " collections, json, math, os, which every engine has; do without it"
        ),
    ),
    "calculator: sum of floats": (
        CALCULATOR,
        "_TIE_USD = 0.005",
        "_TIE_USD = sum([0.002, 0.003])",
        (
            "calculators/mortgage_vs_invest.py:65: sum() differs between engines, since newer Pythons "
            "compensate rounding; add in a loop"
        ),
    ),
    "no YAML": (
        FACTS,
        "    label: Fee",
        "    label: Fee: and more",
        (
            "catalog/finance/loan-fees.yml:6: not YAML: mapping values are not allowed in this context; "
            "expected lines of `name: value`; correct it"
        ),
    ),
    "calculator: unknown name": (
        CALCULATOR,
        "_TIE_USD = 0.005",
        "_TIE_USD = TIE",
        (
            "calculators/mortgage_vs_invest.py:65: NameError: name 'TIE' is not defined; expected code that "
            "answers every scenario; run python -m calculators list for more"
        ),
    ),
    "calculator: another slug": (
        CALCULATOR,
        'slug="mortgage-vs-invest"',
        'slug="mortgage"',
        (
            'calculators/mortgage_vs_invest.py:1067: the slug "mortgage" is not the name of the file; '
            'expected "mortgage-vs-invest"; mend one'
        ),
    ),
    "calculator: nothing in it": (
        CALCULATOR,
        "CALCULATOR = Calculator(",
        "Calculator(",
        (
            "calculators/mortgage_vs_invest.py:1076: has no CALCULATOR; expected CALCULATOR = "
            "Calculator(...) at its end; write it, or begin the name of the file with _"
        ),
    ),
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
    "a source that nobody cites": (
        "catalog/sources/lost.yml",
        LOST,
        [
            (
                "catalog/sources/lost.yml:1 id: nobody cites this source; expected a fact, or a page (its front "
                "matter or a link sources.md#lost); cite it or delete the file"
            )
        ],
    ),
    "a calculator without its page": (
        PAGE,
        None,
        [
            (
                "calculators/mortgage_vs_invest.py: has no page; expected "
                "docs/calculators/mortgage-vs-invest.md; write it"
            ),
            (
                'docs/research/money/fees.md:18: the link "../../calculators/mortgage-vs-invest.md#method" leads'
                " to no page; expected the path of a .md file from the page's own folder; mend it"
            ),
        ],
    ),
    "a page without its calculator": (
        "docs/calculators/loan-points.md",
        "# Points\n\n```calculator\nloan-points\n```\n",
        [('docs/calculators/loan-points.md:4: There is no calculator "loan-points"; there are: mortgage-vs-invest')],
    ),
    "a page in no place": (
        "docs/money/fees.md",
        "# Fees\n",
        [
            (
                "docs/money/fees.md: stands where the navigation finds no page; expected a page of "
                "docs/research/<topic>, docs/posts, docs/calculators, docs/embedding or docs/authors; move it"
            )
        ],
    ),
    "an empty fact file": (
        "catalog/finance/empty.yml",
        "",
        ["catalog/finance/empty.yml:1: is empty; expected lines of `name: value`; write at least the id"],
    ),
    "a file with the wrong ending": (
        "catalog/finance/more.yaml",
        FACTS_TEXT,
        ['catalog/finance/more.yaml: ends in ".yaml"; expected ".yml"; rename it'],
    ),
    "an unknown kind": (
        "catalog/money/fees.yml",
        FACTS_TEXT,
        [
            (
                'catalog/money/fees.yml: unknown kind "money"; expected one of catalog/vocabulary/kinds.yml, '
                "sources or benchmarks"
            )
        ],
    ),
    "a page that is not UTF-8": (
        ENTRY,
        ENTRY_TEXT.replace("A fee", "Ein Entgelt für").encode("latin-1"),
        ["docs/research/money/fees.md:17: byte 0xfc is not UTF-8; expected UTF-8; save the file as UTF-8"],
    ),
    "a fact that is not UTF-8": (
        FACTS,
        FACTS_TEXT.replace("Fees of", "Entgelte für").encode("latin-1"),
        ["catalog/finance/loan-fees.yml:2: byte 0xfc is not UTF-8; expected UTF-8; save the file as UTF-8"],
    ),
    "a calculator that is not UTF-8": (
        CALCULATOR,
        "# für\n".encode("latin-1"),
        [("calculators/mortgage_vs_invest.py:1: byte 0xfc is not UTF-8; expected UTF-8; save the file as UTF-8")],
    ),
    "a fact with a byte order mark": (
        FACTS,
        b"\xef\xbb\xbf" + FACTS_TEXT.encode(),
        [
            (
                "catalog/finance/loan-fees.yml:1: begins with a byte order mark; expected plain UTF-8; save it "
                "without a BOM"
            )
        ],
    ),
    "two mistakes at once": (
        ENTRY,
        ENTRY_TEXT.replace("post:why-fees", "post:why-fee").replace("#method", "#methods"),
        [
            (
                'docs/research/money/fees.md:18: the link "../../calculators/mortgage-vs-invest.md#methods" '
                "leads to a heading that is not there; expected the anchor of one; mend it"
            ),
            'docs/research/money/fees.md:23: unknown post "why-fee"; did you mean "why-fees"?',
        ],
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
