"""The quantizations of the catalog: the sizes of real files follow from them."""

import pytest

from catalog import Catalog, load
from catalog.model import Subject

GIB = 1.073741824

# (model, quantization, GB of the file): published by whom. Sizes in GiB are multiplied out.
FILES = [
    # XiongjieDai/GPU-Benchmarks-on-LLM-Inference, README
    ("llama-3-8b", "q4-k-m", 4.92),
    ("llama-3-8b", "f16", 16.06),
    ("llama-3-70b", "q4-k-m", 42.51),
    ("llama-3-70b", "f16", 141.11),
    # ggml-org/llama.cpp, benches/dgx-spark.md
    ("gemma-3-4b", "q4-0-qat", 2.35 * GIB),
    ("gpt-oss-20b", "mxfp4", 11.27 * GIB),
    ("gpt-oss-120b", "mxfp4", 59.02 * GIB),
    ("qwen2-5-7b", "q8-0", 7.54 * GIB),
    ("qwen3-30b-a3b", "q8-0", 30.25 * GIB),
    # lhl/strix-halo-testing and kyuz0/amd-strix-halo-toolboxes
    ("llama-2-7b", "q4-0", 3.82),
    ("llama-2-7b", "q4-k-m", 4.08),
    ("qwen3-32b", "q8-0", 34.81),
    ("qwen3-30b-a3b", "ud-q4-k-xl", 17.71),
    ("llama-4-scout", "ud-q4-k-xl", 57.73 * GIB),
    ("llama-4-scout", "q6-k", 82.35 * GIB),
    ("llama-4-scout", "q8-0", 106.65 * GIB),
    ("llama-3-1-8b", "q4-k-m", 4.92),
    ("llama-3-3-70b", "q4-k-m", 42.51),
    # geerlingguy/ai-benchmarks: the files that Ollama loads by these names
    ("llama-3-2-3b", "q4-k-m", 2.01),
    ("llama-3-1-70b", "q4-k-m", 42.51),
    ("qwen2-5-14b", "q4-k-m", 8.99),
    ("deepseek-v3", "q4-k-m", 404.4),
    # ggml-org/llama.cpp PR 3084
    ("llama-2-7b", "f16", 13.48),
    ("llama-2-7b", "q4-1", 4.24),
    ("llama-2-7b", "q5-k-m", 4.78),
    ("llama-2-7b", "q6-k", 5.53),
    ("llama-2-7b", "q8-0", 7.16),
    ("mistral-7b", "q4-0", 4.11),
    # conselara.dev: 57.64 GiB on each of two machines
    ("qwen3-235b-a22b", "gptq-int4", 2 * 57.64 * GIB),
    ("qwen3-32b", "bf16", 65.5),
    ("qwen3-8b", "bf16", 16.4),
    # ggml-org/Llama-macOS PR 63
    ("qwen3-5-27b", "q8-0", 28.6),
    ("qwen3-5-27b", "ud-q4-k-xl-2026", 17.6),
    ("qwen3-5-35b-a3b", "q8-0", 36.9),
    ("qwen3-5-35b-a3b", "ud-q4-k-xl-2026", 22.2),
    # ggml-org/llama.cpp, tools/quantize/README.md: bits a weight of Llama 3.1 8B
    ("llama-3-1-8b", "q2-k", 3.1593 * 8.0303 / 8),
    ("llama-3-1-8b", "iq2-xxs", 2.3824 * 8.0303 / 8),
    ("llama-3-1-8b", "iq3-xxs", 3.2548 * 8.0303 / 8),
    ("llama-3-1-8b", "iq4-xs", 4.4597 * 8.0303 / 8),
    ("llama-3-1-8b", "q4-k-s", 4.6672 * 8.0303 / 8),
    ("llama-3-1-8b", "q5-k-m", 5.7036 * 8.0303 / 8),
    ("llama-3-1-8b", "q6-k", 6.5633 * 8.0303 / 8),
    # ikawrakow in ggml-org/llama.cpp PR 2707
    ("llama-2-7b", "q3-k-m", 3.07 * GIB),
    # zaydiscold/Qwen2.5-7B-Instruct-MLX-4bit-gs64
    ("qwen2-5-7b", "mlx-4bit", 4.3),
    ("qwen2-5-7b", "mlx-8bit", 8.1),
    ("qwen2-5-7b", "bf16", 15.24),
    # alvarobartt/hf-mem issues 60 and 61
    ("gpt-oss-120b", "mxfp4-bf16", 65.248815744),
]


@pytest.fixture(scope="module")
def facts() -> Catalog:
    return load()


def _bits(quantization: Subject, part: str) -> float:
    """Of a part of the model; what a file says nothing about is as the layers are."""
    values = quantization.values
    name = f"{part}_bits_per_weight"
    return (values[name] if name in values else values["bits_per_weight"]).number


def parts_gb(facts: Catalog, model_slug: str, quantization_slug: str) -> tuple[float, float, float]:
    """Input table, output head, and the rest."""
    model = facts.subject(f"models/{model_slug}").values
    quantization = facts.subject(f"quantizations/{quantization_slug}")
    total, active = model["params_b"].number, model["active_params_b"].number
    table, head = model["embedding_params_b"].number, model["head_params_b"].number
    experts = 0.0
    if "experts" in model:
        experts = (total - active) / (1 - model["experts_per_token"].number / model["experts"].number)
    layers_gb = (total - table - head - experts) * _bits(quantization, "layers")
    layers_gb += experts * _bits(quantization, "expert")
    return table * _bits(quantization, "embedding") / 8, head * _bits(quantization, "head") / 8, layers_gb / 8


@pytest.mark.parametrize(("model", "quantization", "gb"), FILES)
def test_sizes_of_files(facts: Catalog, model: str, quantization: str, gb: float) -> None:
    assert sum(parts_gb(facts, model, quantization)) == pytest.approx(gb, rel=0.02)


def test_how_many(facts: Catalog) -> None:
    slugs = {subject.slug for subject in facts.subjects.values() if subject.kind == "quantizations"}
    assert len(slugs) == 27
    assert len(FILES) == len({(model, quantization) for model, quantization, _ in FILES}) == 47
    untested = {"int8", "fp8", "nvfp4", "awq-int4", "exl2-4-0bpw"}
    assert slugs - {quantization for _, quantization, _ in FILES} == untested, "no published size was found of these"


def test_what_is_read_of_a_70b_in_nvfp4(facts: Catalog) -> None:
    """NVIDIA/dgx-spark-playbooks PR 91: 38.5 GB of layers and 2.1 GB of output head for each token."""
    _, head_gb, layers_gb = parts_gb(facts, "llama-3-3-70b", "nvfp4")
    assert layers_gb == pytest.approx(38.5, rel=0.002)
    assert head_gb == pytest.approx(2.1, rel=0.002)


def test_only_experts_that_differ_have_bits_of_their_own(facts: Catalog) -> None:
    quantizations = [subject for subject in facts.subjects.values() if subject.kind == "quantizations"]
    with_experts = {subject.slug for subject in quantizations if "expert_bits_per_weight" in subject.values}
    assert with_experts == {"mxfp4", "mxfp4-bf16"}
    looked = 0
    for subject in quantizations:
        looked += 1
        parts = {"bits_per_weight", "embedding_bits_per_weight", "head_bits_per_weight"}
        assert parts <= set(subject.values)
        assert all(1.5 <= value.number <= 16 for value in subject.values.values())
    assert looked == 27
