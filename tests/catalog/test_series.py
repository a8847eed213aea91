"""Values that change: series of dated observations, values that were replaced, and what is made of both."""

from __future__ import annotations

from typing import Any

import pytest

import catalog
from catalog.changes import changes

RATES = "finance/rates.yml"
PLACE = "catalog/finance/rates.yml"
SERIES = """\
id: finance/rates
label: Rates
summary: Rates that the tests look at.
values:
  fee_usd:
    label: Fee
    unit: USD
    series:
      - {value: 10, as_of: 2024-01-31, method: reported, sources: [{source: some-report, locator: page 3}]}
      - {value: 12, as_of: 2025-01-31, method: reported, sources: [{source: some-report, locator: page 4}]}
      - {value: 11, as_of: 2025-06-30, method: measured, note: Half off, sources: [{source: some-report, locator: p5}]}
    earlier:
      - value: 9
        as_of: 2024-01-31
        method: reported
        sources: [{source: some-report, locator: page 2}]
        replaced: 2025-03-02
        because: Page 2 has last year's fee.
      - value: 90
        as_of: 2024-01-31
        method: estimated
        sources: [{source: some-report, locator: page 1}]
        replaced: 2025-03-01
        because: A zero too many.
"""


def test_the_last_observation_counts(tree: Any) -> None:
    tree.write(RATES, SERIES)
    value = tree.load().value("finance/rates/fee_usd")
    assert (value.value, value.as_of, value.method, value.choice) == (11, "2025-06-30", "measured", None)
    assert [claim.value for claim in value.series] == [10, 12, 11]
    assert value.claims == (value.series[-1],)
    assert [(former.claim.value, former.replaced) for former in value.earlier] == [
        (9, "2025-03-02"),
        (90, "2025-03-01"),
    ]
    assert [claim.value for claim in value.stated()] == [10, 12, 11, 9, 90]


def test_changes_are_listed_newest_first(tree: Any) -> None:
    tree.write(RATES, SERIES)
    found = [(c.date, c.why, c.old.value, c.new.value, c.because) for c in changes(tree.load())]
    assert found == [
        ("2025-06-30", "series", 12, 11, "Half off"),
        ("2025-03-02", "replaced", 9, 10, "Page 2 has last year's fee."),
        ("2025-03-01", "replaced", 90, 9, "A zero too many."),
        ("2025-01-31", "series", 10, 12, ""),
    ]


def test_the_catalog_has_changes() -> None:
    found = changes(catalog.load())
    assert len(found) >= 1
    assert [change.date for change in found] == sorted((change.date for change in found), reverse=True)
    for change in found:
        assert change.old is not change.new


BREAKS = [
    (
        "value: 12,",
        "value: 1,",
        (
            f"{PLACE}:10 values.fee_usd.series[1].value: falls by 90 % of 10 USD (2024-01-31); expected a smaller "
            "step; correct the value or its unit, or say in a note why it is so"
        ),
    ),
    (
        "value: 12,",
        "value: 51,",
        (
            f"{PLACE}:10 values.fee_usd.series[1].value: grows to 5.1 times of 10 USD (2024-01-31); expected a smaller "
            "step; correct the value or its unit, or say in a note why it is so"
        ),
    ),
    (
        "as_of: 2025-01-31",
        "as_of: 2024-01-31",
        (
            f"{PLACE}:10 values.fee_usd.series[1].as_of: 2024-01-31 does not come after 2024-01-31, the observation "
            "above; expected the oldest first, one a day; put it in its place, or write claims where sources disagree "
            "about one day"
        ),
    ),
    (
        "replaced: 2025-03-02",
        "replaced: 2023-03-02",
        (
            f"{PLACE}:17 values.fee_usd.earlier[0].replaced: replaced on 2023-03-02, before it was true (2024-01-31); "
            "expected the same day or later; correct one of the two"
        ),
    ),
    (
        "replaced: 2025-03-01",
        "replaced: 2025-03-03",
        (
            f"{PLACE}:23 values.fee_usd.earlier[1].replaced: 2025-03-03 comes after 2025-03-02, the one above; "
            "expected what was replaced last first; put it in its place"
        ),
    ),
    (
        "        because: A zero too many.\n",
        "",
        (
            f'{PLACE}:19 values.fee_usd.earlier[1]: has no "because"; expected why it was replaced, in a sentence that '
            'readers will see; write it like "The review has since been corrected by its author."'
        ),
    ),
    (
        "    unit: USD\n    series",
        "    unit: USD\n    value: 3\n    series",
        f"{PLACE}:8 values.fee_usd.value: does not belong here; expected it inside each observation; move or remove it",
    ),
    (
        "source: some-report, locator: page 4",
        "source: some-repot, locator: page 4",
        (
            f'{PLACE}:10 values.fee_usd.series[1].sources[0].source: unknown source "some-repot"; expected the id of a '
            'file in catalog/sources; did you mean "some-report"?'
        ),
    ),
]


@pytest.mark.parametrize(("old", "new", "message"), BREAKS)
def test_what_breaks_a_series(tree: Any, old: str, new: str, message: str) -> None:
    tree.write(RATES, SERIES)
    tree.change(RATES, old, new)
    said = tree.problems()
    assert message in said
    assert len([line for line in said if "fee_usd" in line]) <= 2


def test_a_big_step_may_be_explained(tree: Any) -> None:
    tree.write(RATES, SERIES)
    tree.change(RATES, "value: 11,", "value: 1,")
    assert tree.problems() == []


def test_a_value_that_was_not_replaced_is_not_earlier(tree: Any) -> None:
    tree.change(
        RATES,
        "      - {source: some-report, locator: page 3}\n",
        "      - {source: some-report, locator: page 3}\n    earlier:\n      - {value: 12.5, as_of: 2024-01-31, "
        "method: estimated, sources: [{source: some-report, locator: page 2}], replaced: 2025-03-02, "
        "because: It was rounded before.}\n",
    )
    assert tree.problems() == [
        (
            f"{PLACE}:14 values.fee_usd.earlier[0].value: 12.5 is what the value still says; expected a value that was "
            "replaced; change the value above it, or remove this one"
        )
    ]


def test_a_replacement_in_the_future(tree: Any) -> None:
    tree.write(RATES, SERIES)
    said = tree.problems(today="2025-03-01")
    assert [line.split(": ", 1)[0] for line in said if "replaced" in line] == [
        f"{PLACE}:17 values.fee_usd.earlier[0].replaced"
    ]


def test_claims_and_a_series_do_not_go_together(tree: Any) -> None:
    tree.write_claims()
    tree.change(
        RATES,
        "    chosen:\n",
        "    series:\n      - {value: 10, as_of: 2024-01-31, method: reported, sources: [{source: some-report, "
        "locator: page 3}]}\n    chosen:\n",
    )
    assert tree.problems() == [
        (
            f"{PLACE}:17 values.fee_usd.series: does not belong here; expected either claims, which disagree about one "
            "day, or a series of dated observations; move or remove it"
        )
    ]
