"""Every rule: an entry that passes it, and one that breaks it with the exact message."""

from pathlib import Path
from typing import Any

import pytest

import catalog.checks
from catalog.checks import CHECKS, Given, run
from catalog.model import Catalog

RATES = "finance/rates.yml"
REPORT = "sources/some-report.yml"
PAGE = "docs/research/page.md"


def test_the_small_catalog_passes_all_rules(tree: Any) -> None:
    tree.write(PAGE, "---\ntitle: A page\nsources:\n  - some-report\n---\n[a source](../sources.md#some-report)\n")
    assert tree.problems(today="2026-02-01") == []
    tree.write_claims()
    assert tree.problems(today="2026-02-01") == []


def test_every_rule_in_the_folder_is_run() -> None:
    folder = Path(catalog.checks.__file__).parent
    files = {file.stem for file in folder.glob("*.py")} - {"__init__", "base"}
    assert sorted(check.__name__.rpartition(".")[2] for check in CHECKS) == sorted(files)
    assert all(check.__doc__ for check in CHECKS)


def test_a_rule_that_looks_at_nothing_is_a_problem() -> None:
    said = [str(problem) for problem in run(CHECKS, Given(Catalog({}, {})))]
    assert len(said) == len(CHECKS)
    assert said[0] == 'catalog: the check "ids" looked at nothing; expected facts and sources; check --root'


def test_an_empty_catalog_is_a_problem(tree: Any) -> None:
    (tree.root / RATES).unlink()
    (tree.root / REPORT).unlink()
    assert tree.problems() == ["catalog: no facts and no sources; expected <kind>/<slug>.yml; check --root"]


# rule: (file, what stands there, what breaks it, what is said)
BREAKS = [
    (
        "ids",
        RATES,
        "id: finance/rates",
        "id: finance/rate",
        (
            'catalog/finance/rates.yml:1 id: "finance/rate" is not the path of the file; expected '
            '"finance/rates"; '
            "correct it or move the file"
        ),
    ),
    (
        "ids",
        REPORT,
        "id: some-report",
        "id: same-report",
        (
            'catalog/sources/some-report.yml:1 id: "same-report" is not the name of the file; expected '
            '"some-report"; '
            "correct it or rename the file"
        ),
    ),
    (
        "units",
        RATES,
        "unit: USD",
        "unit: usd",
        (
            'catalog/finance/rates.yml:8 values.fee_usd.unit: unknown unit "usd"; '
            'expected one of catalog/vocabulary/units.yml; did you mean "USD"?'
        ),
    ),
    (
        "units",
        RATES,
        "unit: USD",
        "unit: month",
        (
            'catalog/finance/rates.yml:8 values.fee_usd.unit: unknown unit "month"; '
            'expected one of catalog/vocabulary/units.yml; did you mean "months"?'
        ),
    ),
    (
        "suffixes",
        RATES,
        "fee_usd:",
        "fee:",
        (
            'catalog/finance/rates.yml:5 values.fee: ends in no unit but its unit is "USD"; '
            'expected a name that ends in "_usd"; rename it or correct the unit'
        ),
    ),
    (
        "suffixes",
        RATES,
        "fee_usd:",
        "fee_pct:",
        (
            'catalog/finance/rates.yml:5 values.fee_pct: ends in "_pct" but its unit is "USD"; '
            'expected a name that ends in "_usd"; rename it or correct the unit'
        ),
    ),
    (
        "ranges",
        RATES,
        "value: 12.5",
        "value: 125000000",
        (
            "catalog/finance/rates.yml:7 values.fee_usd.value: 125000000 USD is not plausible; "
            "expected 0 to 10000000 in finance; correct the value or its unit, "
            "or widen the range in catalog/vocabulary/kinds.yml"
        ),
    ),
    (
        "dates",
        RATES,
        "as_of: 2025-01-31",
        "as_of: 1925-01-31",
        (
            "catalog/finance/rates.yml:9 values.fee_usd.as_of: 1925-01-31 is before anything in finance; "
            "expected 2000-01-01 or later; correct the date"
        ),
    ),
    (
        "dates",
        RATES,
        "as_of: 2025-01-31",
        "as_of: 2026-03-01",
        (
            "catalog/finance/rates.yml:9 values.fee_usd.as_of: 2026-03-01 is after 2026-02-01; "
            "expected a day that has come; correct the date"
        ),
    ),
    (
        "dates",
        REPORT,
        "accessed: 2026-01-15",
        "accessed: 2026-03-01",
        (
            "catalog/sources/some-report.yml:6 accessed: 2026-03-01 is after 2026-02-01; "
            "expected a day that has come; correct the date"
        ),
    ),
    (
        "dates",
        REPORT,
        "accessed: 2026-01-15",
        "accessed: 2024-04-30",
        (
            "catalog/sources/some-report.yml:6 accessed: read on 2024-04-30, before it was published "
            "(2024-05); "
            "expected the same day or later; correct one of the two"
        ),
    ),
    (
        "derivations",
        RATES,
        "method: reported",
        "method: derived\n    formula: twice the other fee\n    derived_from: [finance/rates/fee_eur]",
        (
            "catalog/finance/rates.yml:12 values.fee_usd.derived_from[0]: unknown fact "
            '"finance/rates/fee_eur"; '
            'expected kind/slug/name of a fact in the catalog; did you mean "finance/rates/fee_usd"?'
        ),
    ),
    (
        "derivations",
        RATES,
        "method: reported\n    sources:\n      - {source: some-report, locator: page 3}",
        "method: derived\n    formula: twice the other fee",
        (
            "catalog/finance/rates.yml:10 values.fee_usd.method: derived from nothing that is named; "
            "expected facts or publications; write derived_from, or sources where it is worked out from "
            "published data"
        ),
    ),
    (
        "derivations",
        RATES,
        "method: reported",
        "method: derived\n    formula: twice itself, for ever\n    derived_from: [finance/rates/fee_usd]",
        (
            "catalog/finance/rates.yml:5 values.fee_usd: derived from itself: finance/rates/fee_usd <- "
            "finance/rates/fee_usd; expected facts that lead to sources; take one of them from a source"
        ),
    ),
    (
        "sources_exist",
        RATES,
        "source: some-report",
        "source: some-reprot",
        (
            'catalog/finance/rates.yml:12 values.fee_usd.sources[0].source: unknown source "some-reprot"; '
            'expected the id of a file in catalog/sources; did you mean "some-report"?'
        ),
    ),
    (
        "sources_exist",
        RATES,
        "source: some-report",
        "source: unheard-of",
        (
            'catalog/finance/rates.yml:12 values.fee_usd.sources[0].source: unknown source "unheard-of"; '
            "expected the id of a file in catalog/sources; write catalog/sources/unheard-of.yml"
        ),
    ),
    (
        "read_via",
        REPORT,
        "read_via: stored copy of the page",
        "read_via: quoted in other-report",
        (
            'catalog/sources/some-report.yml:9 read_via: "quoted in other-report" and cited_through do '
            "not agree; "
            "expected read_via: quoted in <source id> with cited_through: the same id, or neither; "
            "correct one "
            "of the two"
        ),
    ),
    (
        "read_via",
        REPORT,
        "read_via: stored copy of the page",
        "read_via: quoted in some-report\ncited_through: some-report",
        (
            "catalog/sources/some-report.yml:10 cited_through: read through itself; "
            "expected the id of another source; correct it"
        ),
    ),
    (
        "urls",
        REPORT,
        "url: https://www.some-office.gov/report",
        "url: https://www.some-office.gov/the report",
        (
            'catalog/sources/some-report.yml:4 url: https://www.some-office.gov/the report has " ", which an '
            "address cannot have; expected the publication's public address; copy it from a browser"
        ),
    ),
]


@pytest.mark.parametrize(("rule", "file", "old", "new", "message"), BREAKS)
def test_breaks(tree: Any, rule: str, file: str, old: str, new: str, message: str) -> None:
    assert tree.problems(today="2026-02-01") == []
    tree.change(file, old, new)
    assert tree.problems(today="2026-02-01") == [message]


def test_every_rule_has_an_entry_that_breaks_it() -> None:
    elsewhere = {
        "bits_and_bytes",
        "choices",
        "series",
        "references",
        "sources_cited",
        "duplicate_urls",
        "measurements",
        "architectures",
    }
    names = {check.__name__.rpartition(".")[2] for check in CHECKS}
    assert {rule for rule, *_ in BREAKS} | elsewhere == names


def test_dates_are_not_compared_with_a_clock(tree: Any) -> None:
    tree.change(RATES, "as_of: 2025-01-31", "as_of: 2999-01-01")
    assert tree.problems() == [], "a build gives the same answer on every day"


def test_a_unit_without_a_known_range_asks_for_one(tree: Any) -> None:
    tree.change(RATES, "fee_usd:", "fee_months:")
    tree.change(RATES, "unit: USD", "unit: months")
    assert tree.problems() == [
        (
            'catalog/finance/rates.yml:8 values.fee_months.unit: no range is known for "months" in finance; '
            "expected one; add what is plausible to finance in catalog/vocabulary/kinds.yml"
        )
    ]


def test_a_circle_of_derivations_is_said_once(tree: Any) -> None:
    lines = ["id: finance/rates", "label: Rates", "summary: Rates that the tests look at.", "values:"]
    for name, other in (("c_usd", "a_usd"), ("a_usd", "b_usd"), ("b_usd", "c_usd"), ("d_usd", "a_usd")):
        lines += [f"  {name}:", "    label: Fee", "    value: 1", "    unit: USD", "    as_of: 2025-01-31"]
        lines += [
            "    method: derived",
            "    formula: the other one",
            f"    derived_from: [finance/rates/{other}]",
        ]
    tree.write(RATES, "\n".join(lines) + "\n")
    (tree.root / REPORT).unlink()
    circle = "finance/rates/a_usd <- finance/rates/b_usd <- finance/rates/c_usd <- finance/rates/a_usd"
    assert [line for line in tree.problems() if "looked at nothing" not in line] == [
        (
            f"catalog/finance/rates.yml:13 values.a_usd: derived from itself: {circle}; "
            "expected facts that lead to sources; take one of them from a source"
        )
    ]


CHOICES = [
    ("rule: latest", "rule: lowest", None),
    ("rule: latest", "rule: highest", None),
    ("rule: latest", "rule: measured", None),
    ("rule: latest", "rule: primary-source", None),
    (
        "as_of: 2025-06-30",
        "as_of: 2025-01-31",
        (
            'catalog/finance/rates.yml:18 values.fee_usd.chosen.rule: "latest" (the claim that was true most '
            "recently) "
            "picks 2 of 2 claims; expected exactly one; choose another rule"
        ),
    ),
    (
        "value: 14",
        "value: 12.5",
        (
            "catalog/finance/rates.yml:8 values.fee_usd.claims: all claims say 12.5; expected claims "
            "that disagree; "
            "write one value with several sources"
        ),
    ),
]


@pytest.mark.parametrize(("old", "new", "message"), CHOICES)
def test_choices(tree: Any, old: str, new: str, message: str | None) -> None:
    tree.write_claims()
    tree.change(RATES, old, new)
    assert tree.problems() == ([message] if message else [])


def test_a_rule_that_accepts_no_claim(tree: Any) -> None:
    tree.write_claims()
    tree.change(RATES, "method: measured", "method: estimated")
    tree.change(RATES, "rule: latest", "rule: measured")
    assert tree.problems() == [
        (
            'catalog/finance/rates.yml:18 values.fee_usd.chosen.rule: "measured" (the claim that somebody '
            "measured, over those that state or estimate) picks no claim; "
            "expected exactly one; choose another rule"
        )
    ]


@pytest.mark.parametrize(
    ("rule", "value"),
    [("latest", 14), ("lowest", 12.5), ("highest", 14), ("measured", 14), ("primary-source", 12.5)],
)
def test_the_rule_decides_which_claim_counts(tree: Any, rule: str, value: float) -> None:
    tree.write_claims()
    tree.change(RATES, "rule: latest", f"rule: {rule}")
    fact = tree.load().value("finance/rates/fee_usd")
    assert (fact.value, len(fact.claims), fact.choice.rule) == (value, 2, rule)


UNCITED = (
    "catalog/sources/other-report.yml:1 id: nobody cites this source; expected a fact, or a page "
    "(its front matter or a link sources.md#other-report); cite it or delete the file"
)


@pytest.mark.parametrize(
    ("page", "cited"),
    [
        ("---\nsources:\n  - other-report\n---\ntext\n", True),
        ("See [this](../sources.md#other-report).\n", True),
        ("See [this](source:other-report).\n", True),
        ("`[this](source:other-report)` and source:other-report\n", False),
        ("See other-report.\n", False),
        ("```\n[this](../sources.md#other-report)\n```\n", False),
        ("````\n```\n[this](../sources.md#other-report)\n````\n", False),
        ("```\nx\n```\n[this](sources.md#other-report)\n", True),
        ("---\ntitle: x\n---\n", False),
    ],
)
def test_a_source_is_cited_by_a_page(tree: Any, page: str, cited: bool) -> None:
    tree.write_claims()
    tree.write(RATES, (tree.root / RATES).read_text().replace("other-report", "some-report"))
    tree.write(PAGE, page)
    assert tree.problems() == ([] if cited else [UNCITED])


def test_a_source_is_cited_through_one_that_was_read(tree: Any) -> None:
    tree.write_claims()
    tree.write(RATES, (tree.root / RATES).read_text().replace("other-report", "some-report"))
    tree.write("docs/index.md", "No source here.\n")
    tree.change(
        REPORT,
        "read_via: stored copy of the page",
        "read_via: quoted in other-report\ncited_through: other-report",
    )
    assert tree.problems() == []


def test_uncited_sources_are_not_looked_for_without_the_pages_or_beside_broken_files(tree: Any) -> None:
    tree.write_claims()
    tree.write(RATES, (tree.root / RATES).read_text().replace("other-report", "some-report"))
    assert tree.problems() == [], "without pages nobody can know"
    tree.write("docs/index.md", "No source here.\n")
    assert tree.problems() == [UNCITED]
    tree.write("finance/broken.yml", "a: no\n")
    assert [line.split(" ")[0] for line in tree.problems()] == ["catalog/finance/broken.yml:1"]


def test_pages_that_cite_unknown_sources(tree: Any) -> None:
    tree.write(PAGE, "---\ntitle: x\nsources:\n  - some-reprot\n---\n\n[a](../sources.md#some-repotr), b\n")
    expected = 'expected the id of a file in catalog/sources; did you mean "some-report"?'
    assert tree.problems() == [
        f'docs/research/page.md:4 sources[0]: unknown source "some-reprot"; {expected}',
        f'docs/research/page.md:7 link: unknown source "some-repotr"; {expected}',
    ]


def test_front_matter_is_read_as_strictly(tree: Any) -> None:
    tree.write(PAGE, "---\ntitle: x\nsources: some-report\n---\n")
    tree.write("docs/other.md", "---\ntitle: x\nversion: 3.10\n---\n")
    assert tree.problems() == [
        (
            "docs/other.md:3 version: 3.10 loses a digit when read as a number (3.1); expected a number "
            "that is read as "
            'it is written; write 3.1, or "3.10" in quotes if it is a version'
        ),
        (
            "docs/research/page.md:3 sources: not a list of source ids; expected ids of files in "
            "catalog/sources; "
            "write each after a -"
        ),
    ]


ADDRESSES = [
    ("https://www.irs.gov/pub/irs-drop/rp-25-32.pdf", ""),
    ("http://a.co.uk/x?y=%20z&q=1#part-2", ""),
    ("https://github.com/a/b/blob/0f1e/c.md#L10-L12", ""),
    ("https://user@some-office.gov/", "has a user name or a port"),
    ("https://some-office.gov:8080/", "has a user name or a port"),
    (
        "https://some-office.gov:port/",
        "is not an address (Port could not be cast to integer value as 'port')",
    ),
    ("https://[::1/", "is not an address (Invalid IPv6 URL)"),
    ("https:///path", 'has no public host ("")'),
    ("https://intranet/page", 'has no public host ("intranet")'),
    ("http://127.0.0.1/", 'has no public host ("127.0.0.1")'),
    ("https://www.example.com/x", 'has a host that nobody can have read ("www.example.com")'),
    ("https://printer.local/", 'has a host that nobody can have read ("printer.local")'),
    ("https://some-office.gov/100%", 'has "%", which an address cannot have'),
    ("https://some-office.gov/<x>", 'has "<", which an address cannot have'),
    ("javascript:alert(1)", "does not begin with https:// or http://"),
    ("see p.10 of report.pdf", 'has " ", which an address cannot have'),
]


@pytest.mark.parametrize(("url", "wrong"), ADDRESSES)
def test_addresses(url: str, wrong: str) -> None:
    assert catalog.checks.urls.what_is_wrong(url) == wrong


@pytest.mark.parametrize(
    "url",
    [
        "https://www.some-office.gov/report",
        "http://some-office.gov/report/",
        "https://WWW.Some-Office.gov/report#page-2",
    ],
)
def test_one_publication_has_one_file(tree: Any, url: str) -> None:
    tree.write_claims()
    tree.change("sources/other-report.yml", "https://www.some-office.gov/other", url)
    assert tree.problems() == [
        (
            'catalog/sources/some-report.yml:4 url: the address of "other-report" too; '
            "expected one file per publication; merge the two and put what differs into the locators"
        )
    ]


def test_two_pages_of_one_site_are_two_publications(tree: Any) -> None:
    tree.write_claims()
    tree.change("sources/other-report.yml", "/other", "/report?page=2")
    assert tree.problems() == []


MODEL = "models/small.yml"


def _model_text(**changes: float) -> str:
    """The shape of Llama 2 7B, whose published files have 6,738,415,616 weights."""
    values: dict[str, tuple[float, str]] = {
        "layers": (32, "count"),
        "hidden_size": (4096, "count"),
        "query_heads": (32, "count"),
        "kv_heads": (32, "count"),
        "head_dim": (128, "count"),
        "vocabulary_size": (32000, "count"),
        "ffn_size": (11008, "count"),
        "params_b": (6.738415616, "10^9"),
        "active_params_b": (6.738415616, "10^9"),
        "embedding_params_b": (0.131072, "10^9"),
        "head_params_b": (0.131072, "10^9"),
        "total_kv_bytes_per_token": (524288, "bytes/token"),
    }
    lines = ["id: models/small", "label: Small", "summary: A model that the tests look at.", "values:"]
    for name, (value, unit) in values.items():
        changed = changes.get(name, value)
        if changed < 0:
            continue
        lines += [f"  {name}:", "    label: A count", f"    value: {changed:.12f}".rstrip("0").rstrip(".")]
        lines += [f"    unit: {unit}", "    as_of: 2025-01-31", "    method: reported"]
        lines += ["    sources:", "      - {source: some-report, locator: page 3}"]
    return "\n".join(lines) + "\n"


def test_a_model_that_is_what_its_architecture_gives(tree: Any) -> None:
    tree.write(MODEL, _model_text())
    assert tree.problems() == []
    tree.write(MODEL, _model_text(params_b=6.74))
    assert tree.problems() == [], "rounded to 0.1 %"


ARCHITECTURES = [
    (
        {"params_b": 6.8},
        (
            "catalog/models/small.yml:63 values.params_b.value: 6.8 does not follow from the architecture; "
            "expected 6.7384, within 0.1 %; correct it, or the architecture"
        ),
    ),
    (
        {"total_kv_bytes_per_token": 524287},
        (
            "catalog/models/small.yml:95 values.total_kv_bytes_per_token.value: 524287 does not follow from the "
            "architecture; expected 524288, exactly; correct it, or the architecture"
        ),
    ),
    (
        {"total_kv_bytes_per_token": -1},
        (
            "catalog/models/small.yml:4 values: total_kv_bytes_per_token is missing; expected 524288, which the "
            "architecture gives; add it"
        ),
    ),
    (
        {"hidden_size": -1},
        (
            "catalog/models/small.yml:4 values: hidden_size is missing; expected it of every model, to work out its "
            "parameters; add it"
        ),
    ),
    (
        {"kv_heads": 1.5},
        "catalog/models/small.yml:31 values.kv_heads.value: 1.5 counts nothing; expected a whole number; correct it",
    ),
]


@pytest.mark.parametrize(("changes", "message"), ARCHITECTURES)
def test_a_model_that_is_not_what_its_architecture_gives(tree: Any, changes: dict[str, float], message: str) -> None:
    tree.write(MODEL, _model_text(**changes))
    assert tree.problems() == [message]


DEVICE = """\
id: hardware/card
label: Card
summary: A device that the tests look at.
values:
  hardware_class:
    label: Class
    value: apple
    unit: text
    as_of: 2025-01-31
    method: reported
    sources:
      - {source: some-report, locator: page 3}
"""


def test_a_name_out_of_its_list_passes(tree: Any) -> None:
    tree.write("hardware/card.yml", DEVICE)
    assert tree.problems() == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            "value: apple",
            "value: aple",
            (
                '"aple" is not a name of hardware_class; expected nvidia-consumer, nvidia-datacenter, nvidia-unified, '
                'apple, amd-radeon, amd-unified, amd-datacenter, intel, cpu, other; did you mean "apple"?'
            ),
        ),
        (
            "hardware_class:",
            "colour:",
            (
                '"apple" is not a name of colour; expected a list of names; '
                "add it to catalog/vocabulary/kinds.yml if it is one"
            ),
        ),
    ],
)
def test_a_name_that_is_not_in_its_list(tree: Any, old: str, new: str, problem: str) -> None:
    tree.write("hardware/card.yml", DEVICE.replace(old, new, 1))
    name = "colour" if new == "colour:" else "hardware_class"
    assert tree.problems() == [f"catalog/hardware/card.yml:7 values.{name}.value: {problem}"]


def test_a_number_where_a_name_belongs(tree: Any) -> None:
    tree.write("hardware/card.yml", DEVICE.replace("value: apple", "value: 7"))
    assert tree.problems() == [
        (
            "catalog/hardware/card.yml:7 values.hardware_class.value: 7 is not text; expected one of the names that "
            'catalog/vocabulary/kinds.yml lists for this value; write it like "nvidia-consumer"'
        )
    ]
