"""The published measurements: how many there are, and figures typed from the publications themselves."""

from collections import Counter
from pathlib import Path

import pytest

import catalog
from catalog import Catalog, load

ROOT = Path(catalog.__file__).parent


@pytest.fixture(scope="module")
def facts() -> Catalog:
    return load()


def test_how_many_there_are(facts: Catalog) -> None:
    rows = [row for _, row in facts.measurements()]
    assert len(facts.benchmarks) == len(list((ROOT / "benchmarks").glob("*.yml"))) == 63
    assert len(rows) == 985
    assert Counter(row.phase for row in rows) == {"decode": 550, "prefill": 435}
    alone = [row for row in rows if row.phase == "decode" and row.batch == 1]
    assert len(alone) == 394
    assert len({row.hardware for row in alone}) >= 30
    assert Counter(row.engine for row in rows)["llama.cpp"] >= 800
    assert len({row.engine for row in rows}) >= 6


def test_every_class_of_device_has_measurements(facts: Catalog) -> None:
    measured = {table.hardware for table in facts.benchmarks.values()}
    classes = Counter(facts.value(f"hardware/{slug}/hardware_class").value for slug in measured)
    assert set(classes) == {
        "nvidia-consumer",
        "nvidia-datacenter",
        "nvidia-unified",
        "apple",
        "amd-radeon",
        "amd-unified",
        "amd-datacenter",
        "intel",
        "cpu",
    }
    assert classes["nvidia-consumer"] >= 12
    assert classes["apple"] >= 10


def test_every_class_of_attention_has_measurements(facts: Catalog) -> None:
    used = {row.model for _, row in facts.measurements()}
    kinds = {facts.value(f"models/{slug}/attention").value for slug in used}
    assert kinds >= {"mha", "gqa", "sliding-window"}
    assert sum("experts" in facts.subject(f"models/{slug}").values for slug in used) >= 5


# (table, model, quantization, tokens in the context, requests, devices, phase, tokens a second)
TYPED = [
    ("dai-rtx-4090", "llama-3-8b", "q4-k-m", 512, 1, 1, "decode", 130.58),
    ("dai-rtx-4090", "llama-3-70b", "f16", 8192, 1, 8, "prefill", 1995.85),
    ("dai-rtx-3090", "llama-3-70b", "q4-k-m", 1024, 1, 2, "decode", 16.29),
    ("dai-a100-80gb-sxm", "llama-3-70b", "q4-k-m", 4096, 1, 1, "decode", 22.91),
    ("dai-h100-pcie", "llama-3-8b", "f16", 512, 1, 1, "decode", 68.03),
    ("dai-apple-m2-ultra-192gb", "llama-3-70b", "f16", 8192, 1, 1, "decode", 4.23),
    ("llama-cpp-dgx-spark", "gpt-oss-120b", "mxfp4", 32, 1, 1, "decode", 59.02),
    ("llama-cpp-dgx-spark", "gpt-oss-20b", "mxfp4", 544, 32, 1, "decode", 614.82),
    ("llama-cpp-dgx-spark", "gemma-3-4b", "q4-0-qat", 34816, 1, 1, "prefill", 3667.74),
    ("lhl-ryzen-ai-max-395", "llama-3-3-70b", "q4-k-m", 128, 1, 1, "decode", 4.5),
    ("lmsys-dgx-spark", "llama-3-1-8b", "fp8", None, 32, 1, "decode", 368),
    ("geerling-dgx-spark", "llama-3-1-70b", "q4-k-m", None, 1, 1, "decode", 4.71),
    ("exllamav2-rtx-4090", "llama-2-7b", "exl2-4-0bpw", None, 1, 1, "decode", 207),
    ("llama-cpp-cuda-h100-sxm", "llama-2-7b", "q4-0", 128, 1, 1, "decode", 280.7),
    ("randomfoo2-epyc-9374f", "llama-2-7b", "q4-0", 128, 1, 1, "decode", 54.68),
    ("spark-vllm-mxfp4-dgx-spark", "gpt-oss-120b", "mxfp4", 2080, 1, 2, "decode", 72.71),
    ("conselara-dgx-spark", "qwen3-235b-a22b", "gptq-int4", None, 4, 2, "decode", 36.4),
    ("tensorrt-llm-h100-sxm", "llama-3-1-8b", "fp8", 256, None, 1, "decode", 28312),
    ("tensorrt-llm-gb200", "llama-3-1-405b", "nvfp4", 22000, None, 4, "decode", 739),
    ("mlperf-4-1-h100-sxm", "llama-2-70b", "fp8", None, None, 8, "decode", 24086.7),
]


def test_figures_typed_from_the_publications(facts: Catalog) -> None:
    looked = 0
    for slug, model, quantization, context, batch, devices, phase, tps in TYPED:
        looked += 1
        wanted = (model, quantization, context, batch, devices, phase)
        found = [
            row.tps
            for row in facts.benchmarks[slug].rows
            if (row.model, row.quantization, row.context_tokens, row.batch, row.devices, row.phase) == wanted
        ]
        assert tps in found, (slug, wanted)
    assert looked == 20


def test_sizes_printed_in_gib_are_in_gb(facts: Catalog) -> None:
    sizes = {(row.model, row.quantization): row.weights_gb for row in facts.benchmarks["dai-rtx-4090"].rows}
    gib = {("llama-3-8b", "q4-k-m"): 4.58, ("llama-3-8b", "f16"): 14.96}
    gib |= {("llama-3-70b", "q4-k-m"): 39.59, ("llama-3-70b", "f16"): 131.42}
    assert sizes == {name: pytest.approx(size * 2**30 / 1e9, abs=0.005) for name, size in gib.items()}


def test_what_is_excluded_is_little_and_says_why(facts: Catalog) -> None:
    excluded = [row for _, row in facts.measurements() if row.excluded]
    assert len(excluded) == 15
    assert all(row.phase == "prefill" for row in excluded)
