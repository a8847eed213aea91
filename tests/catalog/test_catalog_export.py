"""What leaves the catalog."""

import json
from typing import Any

import pytest

from catalog import UnknownReferenceError, facts_bundle

DERIVED = """\
  double_usd:
    label: Double fee
    value: 25
    unit: USD
    as_of: 2025-01-31
    method: derived
    derived_from: [finance/rates/fee_usd]
    formula: twice the fee
"""


def test_the_bundle_has_the_facts_in_the_order_asked_and_only_their_sources(tree: Any) -> None:
    tree.write_claims()
    with (tree.root / "finance/rates.yml").open("a") as file:
        file.write(DERIVED.replace("finance/rates/fee_usd]", "finance/more/fee_usd]"))
    fact = (tree.root / "finance/rates.yml").read_text().split("  double_usd")[0]
    tree.write(
        "finance/more.yml",
        fact.replace("finance/rates", "finance/more").replace("rule: latest", "rule: lowest"),
    )
    bundle = facts_bundle(tree.load(), ["finance/rates/double_usd", "finance/more/fee_usd"])
    assert list(bundle["facts"]) == ["finance/rates/double_usd", "finance/more/fee_usd"]
    assert list(bundle["sources"]) == ["some-report"], "the claim that was not chosen brings no source"
    assert json.loads(json.dumps(bundle)) == bundle
    assert bundle["facts"]["finance/rates/double_usd"] == {
        "label": "Double fee",
        "value": 25,
        "unit": "USD",
        "as_of": "2025-01-31",
        "method": "derived",
        "sources": [{"source": "some-report", "locator": "page 3"}],
    }, "a derived fact cites what its inputs cite"


def test_the_same_references_give_the_same_bytes(tree: Any) -> None:
    refs = ["finance/rates/fee_usd"]
    assert json.dumps(facts_bundle(tree.load(), refs)) == json.dumps(facts_bundle(tree.load(), refs))


def test_unknown_reference(tree: Any) -> None:
    with pytest.raises(UnknownReferenceError) as caught:
        facts_bundle(tree.load(), ["finance/rates/fee_usd", "finance/rates/fees_usd"])
    assert str(caught.value) == 'unknown fact "finance/rates/fees_usd"; did you mean "finance/rates/fee_usd"?'


def test_no_references_no_facts(tree: Any) -> None:
    assert facts_bundle(tree.load(), []) == {"facts": {}, "subjects": {}, "sources": {}}
