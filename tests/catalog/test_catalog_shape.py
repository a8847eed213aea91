"""The schemas, and what is said of a file that does not fit them."""

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from catalog.choice import RULES
from catalog.schema import schema

RATES = "finance/rates.yml"
REPORT = "sources/some-report.yml"
VALUE = "catalog/finance/rates.yml"
LINE = "      - {source: some-report, locator: page 3}"


@pytest.mark.parametrize("name", ["fact", "source", "benchmark", "kinds", "units"])
def test_the_schemas_are_schemas(name: str) -> None:
    Draft202012Validator.check_schema(schema(name))


def _described(rule: Any, path: str = "") -> list[tuple[str, dict[str, Any]]]:
    found = []
    if isinstance(rule, dict):
        if "examples" in rule:
            found.append((path, rule))
        for key, part in rule.items():
            if key != "examples":
                found += _described(part, f"{path}/{key}")
    return found


@pytest.mark.parametrize("name", ["fact", "source", "benchmark", "kinds", "units"])
def test_every_example_fits_what_it_is_an_example_of(name: str) -> None:
    whole = schema(name)
    described = _described(whole)
    assert len(described) >= (12 if name in ("fact", "source", "benchmark") else 2)
    for path, rule in described:
        rule = {**rule, "$defs": whole.get("$defs", {})}
        for example in rule["examples"]:
            errors = [error.message for error in Draft202012Validator(rule).iter_errors(example)]
            assert errors == [], path


@pytest.mark.parametrize("name", ["fact", "source", "benchmark"])
def test_every_field_says_what_it_is(name: str) -> None:
    whole = schema(name)
    fields = 0
    for rule in [whole, *whole.get("$defs", {}).values()]:
        for field, part in rule.get("properties", {}).items():
            fields += 1
            assert "description" in part or "$ref" in part, field
    assert fields >= 12


def test_the_rules_of_choice_are_those_of_the_schema() -> None:
    rule = schema("fact")["$defs"]["entry"]["properties"]["chosen"]["properties"]["rule"]
    assert rule["enum"] == list(RULES)
    assert all(name in rule["description"] for name in RULES)


SAID = [
    (
        RATES,
        "    value: 12.5",
        '    value: "12.5"',
        (
            f'{VALUE}:7 values.fee_usd.value: "12.5" is not a number; '
            "expected the number, in the unit given, without separators; write it like 32200"
        ),
    ),
    (
        RATES,
        "    value: 12.5",
        "    value: 12,500",
        (
            f'{VALUE}:7 values.fee_usd.value: "12,500" is not a number; '
            "expected the number, in the unit given, without separators; write it like 32200"
        ),
    ),
    (
        RATES,
        "    value: 12.5\n",
        "",
        (
            f'{VALUE}:5 values.fee_usd: has no "value"; '
            "expected the number, in the unit given, without separators; write it like 32200"
        ),
    ),
    (
        RATES,
        "    unit: USD\n",
        "",
        (
            f'{VALUE}:5 values.fee_usd: has no "unit"; expected a unit listed in '
            f"catalog/vocabulary/units.yml; "
            'write it like "USD"'
        ),
    ),
    (
        RATES,
        "    sources:\n" + LINE,
        "    note: nobody says so",
        (
            f'{VALUE}:5 values.fee_usd: has no "sources"; expected a list of one or more citations, '
            f"each with "
            f"source and "
            'locator; write it like [{"source": "irs-rev-proc-2025-32", "locator": "section 4.14(1)"}]'
        ),
    ),
    (
        RATES,
        "as_of: 2025-01-31",
        'as_of: "2025-02-30"',
        (
            f'{VALUE}:9 values.fee_usd.as_of: "2025-02-30" does not fit; expected the day on which the value '
            f"was true, as "
            'YYYY-MM-DD; write it like "2026-01-01"'
        ),
    ),
    (
        RATES,
        "as_of: 2025-01-31",
        "as_of: 2025",
        (
            f"{VALUE}:9 values.fee_usd.as_of: 2025 is not text; expected the day on which the value was "
            f"true, as "
            'YYYY-MM-DD; write it like "2026-01-01"'
        ),
    ),
    (
        RATES,
        "    label: Fee",
        "    lable: Fee\n    label: Fee",
        (
            f"{VALUE}:6 values.fee_usd.lable: unknown field; expected one of label, unit, review_after_days, "
            f"value, as_of, "
            'method, sources, derived_from, formula, note, claims, series, earlier, chosen; did you mean "label"?'
        ),
    ),
    (
        RATES,
        "  fee_usd:",
        "  Fee_USD:",
        (
            f'{VALUE}:5 values.Fee_USD: the name "Fee_USD" does not fit; expected a name in snake_case that '
            f"ends in its "
            'unit; write it like "standard_deduction_joint_usd"'
        ),
    ),
    (
        RATES,
        "    method: reported",
        "    method: reported\n    formula: twice the other fee",
        (
            f"{VALUE}:11 values.fee_usd.formula: does not belong here; expected formula only with "
            f"method: derived; "
            "move or remove it"
        ),
    ),
    (
        RATES,
        "    method: reported",
        "    method: derived",
        (
            f'{VALUE}:5 values.fee_usd: has no "formula"; expected how it is worked out, in words, so that a '
            f"reader can do "
            'it again; write it like "twice the standard deduction of a single filer"'
        ),
    ),
    (
        RATES,
        "    label: Fee",
        "    label: Fee\n    chosen: {rule: latest, because: it is newer}",
        (
            f"{VALUE}:7 values.fee_usd.chosen: does not belong here; expected chosen only beside "
            f"claims; move "
            f"or remove it"
        ),
    ),
    (
        RATES,
        LINE,
        LINE.replace("locator", "page"),
        (
            f"{VALUE}:12 values.fee_usd.sources[0].page: unknown field; expected one of source, locator, "
            f"quote; remove it"
        ),
    ),
    (
        REPORT,
        "published: 2024-05",
        "published: 2024-13",
        (
            'catalog/sources/some-report.yml:5 published: "2024-13" does not fit; expected when it was '
            "published, as "
            'YYYY-MM-DD, YYYY-MM or "YYYY" in quotes; null with a published_note where nobody can tell; '
            'write it like "2025-10-09"'
        ),
    ),
    (
        REPORT,
        "published: 2024-05",
        "published: null",
        (
            'catalog/sources/some-report.yml:1: has no "published_note"; expected why published is null; '
            'write it like "the page carries no date"'
        ),
    ),
    (
        REPORT,
        "published: 2024-05",
        "published: 2024-05\npublished_note: it is known though",
        (
            "catalog/sources/some-report.yml:6 published_note: does not belong here; expected published_note "
            "only where "
            "published is null; move or remove it"
        ),
    ),
    (
        REPORT,
        "kind: primary",
        "kind: primry",
        (
            'catalog/sources/some-report.yml:8 kind: "primry" is not in the list; expected primary (the '
            "producer speaks of "
            "what it made, decided or measured itself), secondary (it reports what others say), community "
            "(forum posts, "
            "issue threads, readers' measurements) or seed (a document whose claims this site set out "
            "to examine); "
            'did you mean "primary"?'
        ),
    ),
    (
        REPORT,
        "url: https://www.some-office.gov/report",
        "url: www.some-office.gov",
        (
            'catalog/sources/some-report.yml:4 url: "www.some-office.gov" does not fit; expected the '
            "address of the "
            "publication itself (for a repository: with the commit), starting with https:// or http://; "
            'write it like "https://www.irs.gov/pub/irs-drop/rp-25-32.pdf"'
        ),
    ),
    (
        REPORT,
        "read_via: stored copy of the page",
        "read_via: somewhere",
        (
            'catalog/sources/some-report.yml:9 read_via: "somewhere" does not fit; expected what was '
            "actually read: "
            '"stored copy of ...", "repository file ...", "supplied document ...", or "quoted in '
            '<source id>" '
            "(which needs "
            'cited_through with that id); write it like "stored copy of the page"'
        ),
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "message"), SAID)
def test_what_is_said(tree: Any, file: str, old: str, new: str, message: str) -> None:
    tree.change(file, old, new)
    said = tree.problems()
    assert message in said
    assert all(line.startswith(f"catalog/{file}") for line in said), "no other file is blamed for this one"


CLAIMS_SAID = [
    (
        "    unit: USD",
        "    unit: USD\n    value: 3",
        (f"{VALUE}:8 values.fee_usd.value: does not belong here; expected it inside each claim; move or remove it"),
    ),
    (
        "rule: latest",
        "rule: newest",
        (
            f'{VALUE}:18 values.fee_usd.chosen.rule: "newest" is not in the list; expected latest (true most '
            f"recently), "
            "primary-source (of the one who made, decided or measured it), measured (over stated or "
            "estimated), lowest or "
            'highest (where too high or too low would mislead); did you mean "lowest"?'
        ),
    ),
    (
        "        method: measured\n",
        "",
        (
            f'{VALUE}:13 values.fee_usd.claims[1]: has no "method"; expected how the value is known: '
            f"measured "
            f"(somebody "
            "measured it and says how), vendor-stated (the seller says so), reported (published by who "
            "decides "
            "or counts "
            "it, or by who writes about it), estimated (somebody's judgement), derived (worked out from "
            "other "
            "facts or from "
            'published data by a formula); write it like "reported"'
        ),
    ),
    (
        "    chosen:\n      rule: latest\n      because: The fee was raised in June.\n",
        "",
        (
            f'{VALUE}:5 values.fee_usd: has no "chosen"; expected which of the claims counts: a rule and the '
            f"reason for it; "
            "write it like {rule, because}"
        ),
    ),
]


@pytest.mark.parametrize(("old", "new", "message"), CLAIMS_SAID)
def test_what_is_said_of_claims(tree: Any, old: str, new: str, message: str) -> None:
    tree.write_claims()
    tree.change(RATES, old, new)
    assert tree.problems() == [message]


PLACES = "not in its place; expected <kind>/<slug>.yml, sources/<id>.yml or benchmarks/<slug>.yml"


def test_files_in_the_wrong_place(tree: Any) -> None:
    tree.write("finance/deep/er.yml", "id: x\n")
    tree.write("finanse/rates.yml", "id: x\n")
    tree.write("loose.yml", "id: x\n")
    tree.write("finance/other.yaml", "id: x\n")
    tree.write("finance/README.md", "not data")
    assert tree.problems() == [
        f"catalog/finance/deep/er.yml: {PLACES}",
        'catalog/finance/other.yaml: ends in ".yaml"; expected ".yml"; rename it',
        (
            'catalog/finanse/rates.yml: unknown kind "finanse"; expected one of '
            "catalog/vocabulary/kinds.yml, "
            'sources or benchmarks; did you mean "finance"?'
        ),
        f"catalog/loose.yml: {PLACES}",
    ]


def test_everything_is_said_at_once_and_in_order(tree: Any) -> None:
    tree.write("finance/a.yml", "id: no\n")
    tree.write("finance/b.yml", "label: Bee\n")
    tree.change(RATES, "source: some-report", "source: nothing-like-it")
    tree.change(REPORT, "kind: primary", "kind: nonsense")
    places = [line.split(": ")[0] for line in tree.problems()]
    assert places == [
        "catalog/finance/a.yml:1 id",
        "catalog/finance/b.yml:1",
        "catalog/finance/b.yml:1",
        "catalog/finance/b.yml:1",
        "catalog/finance/rates.yml:12 values.fee_usd.sources[0].source",
        "catalog/sources/some-report.yml:8 kind",
    ]


def test_who_cites_a_broken_source_is_not_blamed(tree: Any) -> None:
    tree.change(REPORT, "kind: primary", "kind: nonsense")
    assert [line.split(" ")[0] for line in tree.problems()] == ["catalog/sources/some-report.yml:8"]
