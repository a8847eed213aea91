"""Published measurements: the shape of their files, what they become, and the rule that checks them."""

from collections.abc import Mapping
from typing import Any

import pytest

from catalog.checks.measurements import ceiling_tps

TABLE = "benchmarks/some-report-card.yml"
FILE = "catalog/benchmarks/some-report-card.yml"

CARD = {"memory_gb": (24, "GB"), "bandwidth_gbs": (1000, "GB/s")}
SMALL = {  # the shape of Llama 2 7B: 6,738,415,616 weights, of which 131,072,000 are its input table
    "layers": (32, "count"),
    "hidden_size": (4096, "count"),
    "query_heads": (32, "count"),
    "kv_heads": (32, "count"),
    "head_dim": (128, "count"),
    "vocabulary_size": (32000, "count"),
    "ffn_size": (11008, "count"),
    "max_context_tokens": (4096, "tokens"),
    "params_b": (6.738415616, "10^9"),
    "active_params_b": (6.738415616, "10^9"),
    "embedding_params_b": (0.131072, "10^9"),
    "head_params_b": (0.131072, "10^9"),
    "total_kv_bytes_per_token": (524288, "bytes/token"),
}
PLAIN = dict.fromkeys(("bits_per_weight", "embedding_bits_per_weight", "head_bits_per_weight"), (8, "bits/weight"))

MEASURED = """\
id: benchmarks/some-report-card
label: Small on Card, measured by some office
summary: Two speeds that the tests look at.
hardware: card
as_of: 2025-01-31
method: measured
source: some-report
locator: table 1
engine: llama.cpp
engine_version: llama.cpp b4011
rows:
  - {model: small, quantization: plain, weights_gb: 6.74, context_tokens: 512, batch: 1, phase: decode, tps: 100.5}
  - {model: small, quantization: plain, context_tokens: 4096, new_tokens: 2048, batch: 1, phase: prefill, tps: 4000}
  - {model: small, quantization: plain, devices: 2, parallelism: tensor, saturated: true, phase: decode, tps: 9000}
"""


def _subject(subject_id: str, values: Mapping[str, tuple[float, str]]) -> str:
    lines = [f"id: {subject_id}", "label: Something", "summary: Something that the tests look at.", "values:"]
    for name, (value, unit) in values.items():
        lines += [f"  {name}:", "    label: A number", f"    value: {value}", f"    unit: {unit}"]
        lines += ["    as_of: 2025-01-31", "    method: reported", "    sources:"]
        lines += ["      - {source: some-report, locator: page 3}"]
    return "\n".join(lines) + "\n"


@pytest.fixture
def measured(tree: Any) -> Any:
    """The small catalog with a device, a model, a quantization and three measurements."""
    tree.write("hardware/card.yml", _subject("hardware/card", CARD))
    tree.write("models/small.yml", _subject("models/small", SMALL))
    tree.write("quantizations/plain.yml", _subject("quantizations/plain", PLAIN))
    tree.write(TABLE, MEASURED)
    return tree


def test_what_a_table_becomes(measured: Any) -> None:
    catalog = measured.load(today="2026-02-01")
    table = catalog.benchmarks["some-report-card"]
    assert (table.id, table.slug, table.hardware) == ("benchmarks/some-report-card", "some-report-card", "card")
    assert (table.citation.source, table.citation.locator) == ("some-report", "table 1")
    first, second, third = table.rows
    assert [row for _, row in catalog.measurements()] == [first, second, third]
    assert (first.hardware, first.model, first.quantization, first.weights_gb) == ("card", "small", "plain", 6.74)
    assert (first.phase, first.tps, first.batch, first.saturated, first.devices) == ("decode", 100.5, 1, False, 1)
    assert (first.engine, first.engine_version) == ("llama.cpp", "llama.cpp b4011")
    assert (first.context_tokens, first.new_tokens, first.mean_context_tokens) == (512, 512, 256)
    assert (second.new_tokens, second.mean_context_tokens) == (2048, 3072)
    assert (third.batch, third.saturated, third.devices, third.parallelism) == (None, True, 2, "tensor")
    assert third.mean_context_tokens is None


def test_a_row_may_differ_from_its_table(measured: Any) -> None:
    measured.change(TABLE, "phase: decode, tps: 100.5", "phase: decode, tps: 100.5, engine: ollama")
    measured.change(TABLE, "tps: 4000", "tps: 4000, engine_version: llama.cpp b4012")
    rows = measured.load().benchmarks["some-report-card"].rows
    assert [(row.engine, row.engine_version) for row in rows] == [
        ("ollama", "llama.cpp b4011"),
        ("llama.cpp", "llama.cpp b4012"),
        ("llama.cpp", "llama.cpp b4011"),
    ]


def test_what_the_bandwidth_allows(measured: Any) -> None:
    def ceiling(old: str = "", new: str = "") -> float | None:
        measured.write(TABLE, MEASURED.replace(old, new, 1))
        catalog = measured.load()
        return ceiling_tps(catalog, catalog.benchmarks["some-report-card"].rows[0])

    read_gb = 6.74 - 0.131072  # all but the input table, at one byte a weight
    assert ceiling() == pytest.approx(1000 / read_gb)
    assert ceiling("weights_gb: 6.74, ", "") == pytest.approx(1000 / (6.738415616 - 0.131072))
    assert ceiling("batch: 1,", "batch: 8,") == pytest.approx(8 * 1000 / read_gb)
    assert ceiling("batch: 1,", "batch: 1, devices: 4, parallelism: layers,") == pytest.approx(1000 / read_gb)
    assert ceiling("batch: 1,", "batch: 1, devices: 4, parallelism: tensor,") == pytest.approx(4000 / read_gb)
    assert ceiling("batch: 1,", "batch: 2, devices: 4, parallelism: layers,") == pytest.approx(8000 / read_gb)
    assert ceiling("batch: 1,", "saturated: true,") is None
    assert ceiling("phase: decode", "phase: prefill") is None


def test_of_experts_only_those_in_use_are_read(measured: Any) -> None:
    experts = SMALL | {
        "expert_ffn_size": (11008, "count"),
        "experts": (8, "count"),
        "experts_per_token": (2, "count"),
        "params_b": (37.04, "10^9"),
        "active_params_b": (11.07, "10^9"),
    }
    measured.write("models/small.yml", _subject("models/small", experts))
    measured.change(TABLE, "weights_gb: 6.74", "weights_gb: 37.04")
    measured.change(TABLE, "tps: 100.5", "tps: 90.5")
    catalog = measured.load()
    ceiling = ceiling_tps(catalog, catalog.benchmarks["some-report-card"].rows[0])
    assert ceiling == pytest.approx(1000 / (11.07 - 0.131072), rel=1e-3)


# (what stands there, what breaks it, what is said)
BREAKS = [
    (
        "hardware: card",
        "hardware: cart",
        f'{FILE}:4 hardware: unknown "cart"; expected the name of a file in catalog/hardware; did you mean "card"?',
    ),
    (
        "{model: small, quantization: plain, weights_gb",
        "{model: smal, quantization: plain, weights_gb",
        (
            f'{FILE}:12 rows[0].model: unknown "smal"; expected the name of a file in catalog/models; '
            'did you mean "small"?'
        ),
    ),
    (
        "quantization: plain, weights_gb",
        "quantization: q4-k-m, weights_gb",
        (
            f'{FILE}:12 rows[0].quantization: unknown "q4-k-m"; expected the name of a file in '
            "catalog/quantizations; write catalog/quantizations/q4-k-m.yml"
        ),
    ),
    (
        "tps: 100.5",
        "tps: 0",
        f"{FILE}:12 rows[0].tps: 0 tokens a second is no speed; expected 0.01 or more; correct it",
    ),
    (
        "tps: 100.5",
        "tps: 151.4",
        (
            f"{FILE}:12 rows[0].tps: 151.4 tokens a second is faster than the memory delivers the weights; "
            "expected at most 151.3; correct the row, or say in excluded what is wrong with it"
        ),
    ),
    (
        "context_tokens: 512",
        "context_tokens: 5120",
        (
            f"{FILE}:12 rows[0].context_tokens: 5120 tokens is more than small can take; expected at most 4096; "
            "correct it, or the model's max_context_tokens"
        ),
    ),
    (
        "new_tokens: 2048",
        "new_tokens: 4097",
        (
            f"{FILE}:13 rows[1].new_tokens: 4097 is more than the 4096 of the context; expected a part of it; "
            "correct one of the two"
        ),
    ),
    (
        "weights_gb: 6.74, context_tokens: 512, batch: 1, phase: decode, tps: 100.5",
        "context_tokens: 4096, new_tokens: 2048, batch: 1, phase: prefill, tps: 4001",
        (
            f"{FILE}:13 rows[1]: the same as the measurement in line 12 but for its speed; expected each once; "
            "remove one, or say in engine_version what differs"
        ),
    ),
    (
        "id: benchmarks/some-report-card",
        "id: benchmarks/some-report",
        (
            f'{FILE}:1 id: "benchmarks/some-report" is not the path of the file; expected '
            '"benchmarks/some-report-card"; correct it or move the file'
        ),
    ),
    (
        "as_of: 2025-01-31",
        "as_of: 2017-12-31",
        f"{FILE}:5 as_of: 2017-12-31 is before anything in hardware; expected 2018-01-01 or later; correct the date",
    ),
    (
        "as_of: 2025-01-31",
        "as_of: 2026-02-02",
        f"{FILE}:5 as_of: 2026-02-02 is after 2026-02-01; expected a day that has come; correct the date",
    ),
    (
        "source: some-report",
        "source: same-report",
        (
            f'{FILE}:7 source: unknown source "same-report"; expected the id of a file in catalog/sources; '
            'did you mean "some-report"?'
        ),
    ),
    (
        "batch: 1, phase: decode",
        "phase: decode",
        (
            f'{FILE}:12 rows[0]: has no "batch"; expected how many requests ran at once; left out only with '
            "saturated: true; write it like 1"
        ),
    ),
    (
        "saturated: true",
        "saturated: true, batch: 8",
        f"{FILE}:14 rows[2].batch: does not belong here; expected batch only without saturated; move or remove it",
    ),
    (
        "devices: 2, parallelism: tensor",
        "parallelism: tensor",
        (
            f'{FILE}:14 rows[2]: has no "devices"; expected how many of the device worked together; '
            "1 where it is left out; write it like 4"
        ),
    ),
    (
        "phase: prefill",
        "phase: prefil",
        (
            f'{FILE}:13 rows[1].phase: "prefil" is not in the list; expected decode (tokens written) or prefill '
            '(tokens of the prompt read); did you mean "prefill"?'
        ),
    ),
]


@pytest.mark.parametrize(("old", "new", "message"), BREAKS)
def test_breaks(measured: Any, old: str, new: str, message: str) -> None:
    assert measured.problems(today="2026-02-01") == []
    measured.change(TABLE, old, new)
    assert measured.problems(today="2026-02-01") == [message]


def test_an_impossible_measurement_stays_when_it_says_why(measured: Any) -> None:
    measured.change(TABLE, "tps: 100.5", "tps: 500, excluded: measured with another model's file")
    row = measured.load().benchmarks["some-report-card"].rows[0]
    assert (row.tps, row.excluded) == (500, "measured with another model's file")


def test_an_unknown_name_is_said_once_a_table(measured: Any) -> None:
    measured.write(TABLE, MEASURED.replace("model: small", "model: smal"))
    said = measured.problems()
    assert len(said) == 1
    assert said[0].startswith(f'{FILE}:12 rows[0].model: unknown "smal"')


def test_a_broken_file_is_not_called_unknown(measured: Any) -> None:
    measured.change("hardware/card.yml", "label: Something\n", "label: no\n")
    assert [line.split(":")[0] for line in measured.problems()] == ["catalog/hardware/card.yml"]


def test_a_source_may_be_cited_by_measurements_alone(measured: Any) -> None:
    text = (measured.root / "sources/some-report.yml").read_text(encoding="utf-8")
    measured.write("sources/other-report.yml", text.replace("some-report", "other-report").replace("/report", "/other"))
    measured.write("docs/index.md", "# A page\n")
    said = measured.problems()
    assert len(said) == 1
    assert "nobody cites this source" in said[0]
    measured.change(TABLE, "source: some-report", "source: other-report")
    assert measured.problems() == []
