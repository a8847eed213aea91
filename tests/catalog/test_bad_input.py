"""What authors get wrong, and what they are told: everything at once, in the order of the files, word for word."""

from __future__ import annotations

from typing import Any

import pytest

from catalog import vocabulary
from catalog.__main__ import main
from catalog.loader import MAX_BYTES, load_bytes
from catalog.schema import _is_valid, _validator, shape_problems

RATES = "finance/rates.yml"
PLACE = "catalog/finance/rates.yml"
PAGE = "docs/index.md"

DEVICE = """\
id: hardware/card
label: Card
summary: A device that the tests look at.
values:
  hardware_class:
    label: Class
    value: nvidia-unified
    unit: text
    as_of: 2025-01-31
    method: reported
    sources:
      - {source: some-report, locator: page 3}
  bandwidth_gbs:
    label: Bandwidth
    value: 273
    unit: GB/s
    as_of: 2025-01-31
    method: reported
    sources:
      - {source: some-report, locator: "page 3, 273 GB/s, 8 channels of 8533 Mb/s", quote: "Bandwidth: 273 GBps"}
    note: A link of 200 Gb/s joins two of them.
"""
CARD = "catalog/hardware/card.yml"
CLAIMED = """\
    unit: GB/s
    claims:
      - {value: 273, as_of: 2025-01-31, method: reported, sources: [{source: some-report, locator: page 3}]}
      - {value: 256, as_of: 2025-03-31, method: measured, sources: [{source: some-report, locator: page 9}]}
    chosen: {rule: measured, because: Somebody measured it.}
"""
SINGLE = DEVICE[DEVICE.index("    value: 273") :]


@pytest.mark.parametrize("text", [DEVICE, DEVICE.replace(SINGLE, CLAIMED)])
def test_bandwidths_in_bytes_pass(tree: Any, text: str) -> None:
    tree.write("hardware/card.yml", text)
    assert tree.problems(today="2026-02-01") == []


IN_BITS = "expected gigabytes, 8 bits each; divide by 8"
BITS = [
    (
        DEVICE.replace("A link of 200 Gb/s joins two of them.", "The report says 273 Gb/s."),
        (
            f'{CARD}:21 values.bandwidth_gbs.note: "273 Gb/s" is in bits, and bandwidth_gbs says 273 GB/s; '
            f"{IN_BITS}, or correct the words"
        ),
    ),
    (
        DEVICE.replace("Bandwidth: 273 GBps", "Bandwidth: 273 Gbps"),
        (
            f'{CARD}:20 values.bandwidth_gbs.sources[0].quote: "273 Gbps" is in bits, and bandwidth_gbs says '
            f"273 GB/s; {IN_BITS}, or correct the words"
        ),
    ),
    (
        DEVICE.replace("273", "800").replace("page 3, 800 GB/s", "page 3, 800.0 Gbit/s"),
        (
            f'{CARD}:20 values.bandwidth_gbs.sources[0].locator: "800.0 Gbit/s" is in bits, and bandwidth_gbs says '
            f"800 GB/s; {IN_BITS}, or correct the words"
        ),
    ),
    (
        DEVICE.replace(SINGLE, CLAIMED.replace("value: 256", "value: 34.125")),
        (
            f"{CARD}:17 values.bandwidth_gbs.claims[0].value: 273 GB/s is exactly 8 times 34.125, which is claimed as "
            f"well; {IN_BITS}, or say in a note why it is so"
        ),
    ),
    (
        DEVICE.replace(
            SINGLE,
            CLAIMED.replace("claims:", "series:").replace("value: 256", "value: 34.125").partition("    chosen")[0],
        ),
        (
            f"{CARD}:17 values.bandwidth_gbs.series[0].value: 273 GB/s is exactly 8 times 34.125, which is claimed as "
            f"well; {IN_BITS}, or say in a note why it is so"
        ),
    ),
    (
        DEVICE.replace("273", "2184"),
        (
            f"{CARD}:15 values.bandwidth_gbs.value: 2184 GB/s is not plausible for nvidia-unified; expected 25 to "
            "1000, in gigabytes and not in gigabits; correct it, or widen the range in "
            "catalog/vocabulary/bandwidths.yml"
        ),
    ),
]


@pytest.mark.parametrize(("text", "message"), BITS)
def test_bits_for_bytes(tree: Any, text: str, message: str) -> None:
    tree.write("hardware/card.yml", text)
    said = [line for line in tree.problems() if "falls by" not in line]  # a step of 8 is a leap in a series, too
    assert said == [message]


def test_a_claim_in_bits_may_stay_to_be_seen_when_a_note_says_so(tree: Any) -> None:
    text = CLAIMED.replace("value: 256", "value: 34.125").replace("273, as_of", "273, note: These are bits, as_of")
    tree.write("hardware/card.yml", DEVICE.replace(SINGLE, text))
    assert tree.problems() == []


def test_every_class_of_hardware_has_a_plausible_bandwidth() -> None:
    ranges = vocabulary.bandwidths()
    assert list(ranges) == list(vocabulary.kinds()["hardware"].choices["hardware_class"])
    assert len(ranges) >= 10
    assert all(0 < low < high for low, high in ranges.values())


FEE = """\
    value: 12.5
    unit: USD
    as_of: 2025-01-31
    method: reported
    sources:
      - {source: some-report, locator: page 3}
"""
FALLING = """\
    unit: USD
    series:
      - {value: 4000, as_of: 2025-01-31, method: reported, sources: [{source: some-report, locator: page 3}]}
      - {value: 400, as_of: 2025-06-30, method: reported, sources: [{source: some-report, locator: page 4}]}
"""

# What stands in the catalog of the tests, what replaces it, and all that is said.
SLIPS = {
    "a duplicate key": (
        ("    value: 12.5\n", "    value: 12.5\n    value: 13\n"),
        f"{PLACE}:8 values.fee_usd.value: stands twice (first in line 7); expected each name once; remove one",
    ),
    "an unknown unit": (
        ("unit: USD", "unit: EUR"),
        f'{PLACE}:8 values.fee_usd.unit: unknown unit "EUR"; expected one of catalog/vocabulary/units.yml',
    ),
    "a date in the future": (
        ("as_of: 2025-01-31", "as_of: 2026-02-02"),
        (
            f"{PLACE}:9 values.fee_usd.as_of: 2026-02-02 is after 2026-02-01; "
            "expected a day that has come; correct the date"
        ),
    ),
    "a fact without source": (
        ("    sources:\n      - {source: some-report, locator: page 3}\n", ""),
        (
            f'{PLACE}:5 values.fee_usd: has no "sources"; expected a list of one or more citations, each with source '
            'and locator; write it like [{"source": "irs-rev-proc-2025-32", "locator": "section 4.14(1)"}]'
        ),
    ),
    "a price that falls by 90 %": (
        (FEE, FALLING),
        (
            f"{PLACE}:10 values.fee_usd.series[1].value: falls by 90 % of 4000 USD (2025-01-31); expected a smaller "
            "step; correct the value or its unit, or say in a note why it is so"
        ),
    ),
    "a circular derivation": (
        (
            "method: reported",
            "method: derived\n    formula: what it is, again\n    derived_from: [finance/rates/fee_usd]",
        ),
        (
            f"{PLACE}:5 values.fee_usd: derived from itself: finance/rates/fee_usd <- finance/rates/fee_usd; "
            "expected facts that lead to sources; take one of them from a source"
        ),
    ),
    "an empty value": (
        ("    label: Fee\n", "    label:\n"),
        f"{PLACE}:6 values.fee_usd.label: has no value; expected one; write it, write null, or remove the name",
    ),
    "a value not filled in": (
        ("locator: page 3", "locator: FILL_IN"),
        (
            f"{PLACE}:12 values.fee_usd.sources[0].locator: not filled in yet; expected where in the publication: "
            'section, page, table, paragraph; write it like "section 4.14(1)"'
        ),
    ),
}


@pytest.mark.parametrize("slip", list(SLIPS))
def test_a_slip_is_told_once(tree: Any, slip: str) -> None:
    (old, new), message = SLIPS[slip]
    assert tree.problems(today="2026-02-01") == []
    tree.change(RATES, old, new)
    said = tree.problems(today="2026-02-01")
    assert [line.partition("; did you mean")[0] for line in said] == [message]


def test_a_source_that_nobody_cites(tree: Any) -> None:
    tree.write(PAGE, "# A page\n")
    text = (tree.root / "sources/some-report.yml").read_text()
    tree.write("sources/lost.yml", text.replace("some-report", "lost").replace("/report", "/lost"))
    assert tree.problems() == [
        (
            "catalog/sources/lost.yml:1 id: nobody cites this source; expected a fact, or a page "
            "(its front matter or a link sources.md#lost); cite it or delete the file"
        )
    ]


def test_an_id_that_changed(tree: Any) -> None:
    """A file was renamed: the id in it is wrong, and whoever named the old one is told the new one."""
    tree.write("hardware/card.yml", DEVICE)
    derived = (
        "method: derived\n    formula: what the card has, in dollars\n    derived_from: [hardware/card/bandwidth_gbs]"
    )
    tree.change(RATES, "method: reported", derived)
    assert tree.problems() == []
    (tree.root / "hardware/card.yml").rename(tree.root / "hardware/card-16gb.yml")
    assert tree.problems() == [
        (
            f'{PLACE}:12 values.fee_usd.derived_from[0]: unknown fact "hardware/card/bandwidth_gbs"; expected '
            'kind/slug/name of a fact in the catalog; did you mean "hardware/card-16gb/bandwidth_gbs"?'
        ),
        (
            'catalog/hardware/card-16gb.yml:1 id: "hardware/card" is not the path of the file; '
            'expected "hardware/card-16gb"; correct it or move the file'
        ),
    ]
    tree.change("hardware/card-16gb.yml", "id: hardware/card", "id: hardware/card-16gb")
    tree.change(RATES, "hardware/card/", "hardware/card-16gb/")
    assert tree.problems() == []


RENTAL = """\
id: rentals/some-card
label: "Some: card"
summary: A price that the tests look at.
values:
  hardware:
    label: Device
    value: card
    unit: text
    as_of: 2025-01-31
    method: reported
    sources:
      - {source: some-report, locator: page 3}
"""


def test_a_reference_to_what_is_not_there(tree: Any) -> None:
    tree.write("hardware/card.yml", DEVICE)
    tree.write("rentals/some-card.yml", RENTAL)
    assert tree.problems() == []
    place = "catalog/rentals/some-card.yml:7 values.hardware.value"
    expected = "expected the name of a file in catalog/hardware"
    tree.change("rentals/some-card.yml", "value: card", "value: cart")
    assert tree.problems() == [f'{place}: there is no hardware/cart; {expected}; did you mean "card"?']
    tree.change("rentals/some-card.yml", "value: cart", "value: zzzzzz")
    assert tree.problems() == [f"{place}: there is no hardware/zzzzzz; {expected}; add catalog/hardware/zzzzzz.yml"]
    tree.change("rentals/some-card.yml", "value: zzzzzz", "value: card")
    tree.change("hardware/card.yml", "label: Card", "label: no")
    assert [line.split(":")[0] for line in tree.problems()] == [CARD], "a file that cannot be read is not missing"


def test_a_source_read_through_one_that_is_not_there(tree: Any) -> None:
    tree.change("sources/some-report.yml", "read_via: stored copy of the page", "read_via: quoted in zzzzzz")
    tree.change("sources/some-report.yml", "licence: null", "licence: null\ncited_through: zzzzzz")
    assert tree.problems() == [
        (
            'catalog/sources/some-report.yml:8 cited_through: unknown source "zzzzzz"; expected the id of a file in '
            "catalog/sources; write catalog/sources/zzzzzz.yml"
        )
    ]


def test_addresses_that_are_none_are_not_called_the_same(tree: Any) -> None:
    text = (tree.root / "sources/some-report.yml").read_text().replace("www.some-office.gov", "[::1")
    tree.write("sources/some-report.yml", text)
    said = "url: https://[::1/report is not an address (Invalid IPv6 URL); expected the publication's public address; "
    assert tree.problems() == [f"catalog/sources/some-report.yml:4 {said}copy it from a browser"]


def test_a_file_of_a_megabyte(tree: Any) -> None:
    text = (tree.root / RATES).read_text()
    tree.write(RATES, text + "# " + "x" * (MAX_BYTES - len(text) - 3) + "\n")
    assert tree.problems() == [], "as large as may be"
    tree.write(RATES, text + "# " + "x" * (MAX_BYTES - len(text) - 2) + "\n")
    assert tree.problems() == [
        f"{PLACE}: larger than 1,000,000 bytes; expected a file that a person can read; split it"
    ]


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize("text", [BOMB, "a: &a [*a]\n", "a: &a {b: 1}\nc: {<<: *a}\n"])
def test_an_alias_bomb(tree: Any, text: str) -> None:
    tree.write(RATES, text)
    assert tree.problems() == [f"{PLACE}:1 a: &a is a YAML reference; expected every value in its place; write it out"]


def test_ten_broken_files_are_told_at_once(tree: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """Also those that a rule finds, beside those that could not be read; sorted by place."""
    good = (tree.root / RATES).read_text()
    source = (tree.root / "sources/some-report.yml").read_text()

    def fact(slug: str, *change: str) -> None:
        tree.write(f"finance/{slug}.yml", good.replace("finance/rates", f"finance/{slug}").replace(*change))

    fact("a-key", "    value: 12.5\n", "    value: 12.5\n    value: 13\n")
    fact("b-unit", "unit: USD", "unit: usd")
    fact("c-date", "as_of: 2025-01-31", "as_of: 2027-01-31")
    fact("d-source", "    sources:\n      - {source: some-report, locator: page 3}\n", "")
    fact("e-range", "value: 12.5", "value: 125000000000")
    fact("f-blank", "label: Fee", "label: FILL_IN")
    fact("g-bomb", good.replace("finance/rates", "finance/g-bomb"), BOMB)
    tree.write("hardware/card.yml", DEVICE.replace("273", "2184"))
    tree.write("sources/h-address.yml", source.replace("some-report", "h-address").replace("https:", "ftp:"))
    tree.write("docs/page.md", "# A page\n\nSee [it](sources.md#some-reprot) and FILL_IN: what else there is.\n")
    assert main(["check", "--root", str(tree.root), "--today", "2026-02-01"]) == 1
    said = capsys.readouterr().out.splitlines()
    assert [line.partition(";")[0] for line in said] == [
        "catalog/finance/a-key.yml:8 values.fee_usd.value: stands twice (first in line 7)",
        'catalog/finance/b-unit.yml:8 values.fee_usd.unit: unknown unit "usd"',
        "catalog/finance/c-date.yml:9 values.fee_usd.as_of: 2027-01-31 is after 2026-02-01",
        'catalog/finance/d-source.yml:5 values.fee_usd: has no "sources"',
        "catalog/finance/e-range.yml:7 values.fee_usd.value: 125000000000 USD is not plausible",
        "catalog/finance/f-blank.yml:6 values.fee_usd.label: not filled in yet",
        "catalog/finance/g-bomb.yml:1 a: &a is a YAML reference",
        "catalog/hardware/card.yml:15 values.bandwidth_gbs.value: 2184 GB/s is not plausible for nvidia-unified",
        'catalog/sources/h-address.yml:4 url: "ftp://www.some-office.gov/report" does not fit',
        "docs/page.md:3: not filled in yet",
        'docs/page.md:3 link: unknown source "some-reprot"',
    ]


# ---- blanks of new files


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("FILL_IN: what it is.", "what it is"),
        ("tags: [FILL_IN] # lower case", "lower case"),
        ('    disclaimer="FILL_IN: what the answer is not.",', "what the answer is not"),
        ("Text FILL_IN", "what the comments beside it say"),
    ],
)
def test_blanks_of_pages_and_code(tree: Any, line: str, expected: str, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("docs/page.md", "docs/../calculators/new.py", "docs/../tests/calculators/test_new.py"):
        tree.write(name, f"First line.\n{line}\n")
    assert main(["check", "--root", str(tree.root)]) == 1
    told = f"not filled in yet; expected {expected}; write it in place of FILL_IN"
    names = ("calculators/new.py", "docs/page.md", "tests/calculators/test_new.py")
    assert capsys.readouterr().out.splitlines() == [f"{name}:2: {told}" for name in names]


def test_front_matter_of_an_entry_is_checked_with_the_catalog(tree: Any) -> None:
    tree.write("docs/research/money/page.md", "---\ntitle: x\nsources: [some-report]\n---\n# A page\n")
    said = tree.problems()
    short = (
        'docs/research/money/page.md:2 title: "x" does not fit; expected the name of the subject, as short as can be'
    )
    assert [line for line in said if line.startswith(short)]
    assert len(said) == 9
    tree.write("docs/research/page.md", "---\ntitle: x\nsources: [some-report]\n---\n# No entry\n")
    assert tree.problems() == said


def test_each_blank_says_what_belongs_there() -> None:
    text = "id: FILL_IN\nlabel: A label\nsummary: FILL_IN\n"
    text += "values:\n  a_usd: {label: FILL_IN, unit: text, claims: FILL_IN}\n"
    said = {problem.field: problem.message for problem in shape_problems(load_bytes(text.encode(), "f.yml"), "fact")}
    assert said.pop("values.a_usd").startswith('has no "chosen"; expected which of the claims counts')
    assert {field: message.partition("; write it like")[0] for field, message in said.items()} == {
        "id": "not filled in yet; expected the path of the file without .yml: kind/slug, lower case, digits, single "
        "hyphens (in a kind also underscores)",
        "summary": "not filled in yet; expected one sentence that says what the subject is and what its values are for",
        "values.a_usd.label": "not filled in yet; expected what the quantity is called, without its unit",
        "values.a_usd.claims": "not filled in yet; expected two or more claims about the same quantity, in the same "
        "unit, that disagree",
    }


# ---- the fast validator and the one that explains


GOOD: dict[str, Any] = {"source": "a", "locator": "page 3"}
VALUE: dict[str, Any] = {
    "label": "Fee",
    "unit": "USD",
    "value": 1,
    "as_of": "2025-01-31",
    "method": "reported",
    "sources": [GOOD],
}
VALUES: list[tuple[bool, dict[str, Any]]] = [
    (True, VALUE),
    (True, VALUE | {"value": 1.5, "note": "Eight signs."}),
    (False, VALUE | {"note": "Seven s"}),
    (False, VALUE | {"value": "1"}),
    (False, VALUE | {"value": True}),
    (False, VALUE | {"value": None}),
    (True, VALUE | {"unit": "text", "value": "name"}),
    (False, VALUE | {"unit": "text"}),
    (False, VALUE | {"as_of": "2025-02-29"}),
    (False, VALUE | {"as_of": "2025-1-31"}),
    (False, VALUE | {"as_of": "2025-01-31\n"}),
    (False, VALUE | {"as_of": 2025}),
    (False, VALUE | {"method": "guessed"}),
    (False, VALUE | {"method": "derived"}),
    (True, VALUE | {"method": "derived", "formula": "twice the other"}),
    (False, VALUE | {"formula": "twice the other"}),
    (False, VALUE | {"sources": []}),
    (False, VALUE | {"sources": [GOOD | {"source": "a\n"}]}),
    (False, VALUE | {"sources": [GOOD | {"source": "Ä"}]}),
    (False, VALUE | {"sources": [GOOD | {"page": 3}]}),
    (True, VALUE | {"review_after_days": 30}),
    (True, VALUE | {"review_after_days": 30.0}),
    (False, VALUE | {"review_after_days": 30.5}),
    (False, VALUE | {"review_after_days": 0}),
    (False, VALUE | {"claims": [VALUE, VALUE]}),
    (False, VALUE | {"chosen": {"rule": "latest", "because": "It is the latest."}}),
]


@pytest.mark.parametrize(("fits", "value"), VALUES)
def test_both_validators_agree(fits: bool, value: dict[str, Any]) -> None:
    """The fast one decides whether the other is asked at all: it must not let anything pass."""
    data = {"id": "finance/rates", "label": "Rates", "summary": "Rates of the tests.", "values": {"fee_usd": value}}
    slow = _validator("fact").is_valid(data)
    assert (slow, _is_valid("fact")(data)) == (fits, fits)
