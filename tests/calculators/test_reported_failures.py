"""What users of other calculators reported as wrong, with the numbers of their reports.

The threads were read as stored copies; each test names its own. GB are 10^9 bytes, GiB 2^30.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.calculators.helpers import evaluate, rows, values

SLUG = "hardware-fit"
GIB = 1.073741824
RX_6900_XT: dict[str, Any] = {
    "hardware": "custom",
    "hardware_class": "amd-radeon",
    "memory_gb": 16,
    "bandwidth_gbs": 512,
}


def ask(**inputs: Any) -> dict[str, Any]:
    """The figures, on a device with room for everything unless the inputs say otherwise."""
    return values(evaluate(SLUG, **{"memory_gb": 10_000, "max_context_tokens": None, **inputs}))


def cache_of_a_token(model: str) -> float:
    """Growth of the 16-bit cache with one token, far beyond every window."""
    some, more = (ask(model=model, context_tokens=tokens)["kv_cache_gb"] for tokens in (20_000, 120_000))
    return float((more - some) * 1e9 / 100_000)


# ---- speed of mixtures of experts


def test_llmfit_449_three_times_too_fast() -> None:
    """Qwen3 30B-A3B at Q5: 472 tokens a second said, 150 to 180 seen; 472 is beyond what 1,008 GB/s allow."""
    decode = evaluate(SLUG, hardware="rtx-4090", model="qwen3-30b-a3b", quantization="q5-k-m", context_tokens=512)
    metrics = decode["metrics"]
    assert metrics["bandwidth_ceiling_tps"]["value"] < 472
    assert metrics["decode_tps"]["low"] <= 150 <= 180 <= metrics["decode_tps"]["high"]


def test_llmfit_474_all_experts_read() -> None:
    """Qwen3.5 35B-A3B at Q2_K on an RX 6900 XT: 34.7 said, 77.6 measured."""
    report = evaluate(SLUG, **RX_6900_XT, model="qwen3-5-35b-a3b", quantization="q2-k", context_tokens=512)
    decode = report["metrics"]["decode_tps"]
    assert decode["low"] <= 77.6 <= decode["high"]
    assert decode["value"] > 2 * 34.7
    assert any("Layers without a cache are young" in note["text"] for note in report["notes"])


def test_llmfit_805_two_estimators_that_differ_by_four() -> None:
    """33.7 from one place, about 160 from another, for the same scenario: here headline, figure and tables agree."""
    report = evaluate(
        SLUG,
        tables=None,
        hardware="rtx-3090",
        model="qwen3-30b-a3b",
        quantization="q4-k-m",
        context_tokens=1024,
    )
    decode = report["metrics"]["decode_tps"]
    assert decode["value"] > 4 * 33.7
    assert decode["text"].removesuffix(" tok/s") in report["headline"]
    assert rows(report, "by_context")[0]["decode_tps"] == decode["value"]
    assert rows(report, "by_requests")[0]["decode_tps"] == decode["value"]


def test_llmfit_544_offloading_is_not_fitting() -> None:
    """Qwen3-Coder-Next at Q4 on a card of 16 GB: 28.3 said, 10.3 measured, since most of it lies in slower memory."""
    found = ask(**RX_6900_XT, model="qwen3-next-80b-a3b", quantization="q4-k-m")
    assert found["weights_gb"] > 47
    assert (found["fits"], found["decode_tps"]) == (0, None)


# ---- memory of mixtures of experts


def test_odysseus_377_active_parameters_are_not_the_file() -> None:
    """A model of 80 billion parameters at 4 bits: 9.2 GB said, 37.4 on disk after a third of the experts was merged."""
    small = {"hardware": "custom", "hardware_class": "nvidia-consumer", "memory_gb": 12, "bandwidth_gbs": 360}
    found = ask(**small, model="qwen3-next-80b-a3b", quantization="awq-int4")
    assert found["weights_gb"] > 37.4
    assert found["fits"] == 0
    assert ask(**small, model="qwen3-next-80b-a3b", quantization="awq-int4", weights_gb=37.4)["fits"] == 0


def test_llmfit_230_ten_billion_active_of_125() -> None:
    """Qwen3.5 122B-A10B at Q4_K_M: 33 GB said, a perfect fit for a Mac of 48 GB; 70 to 77 are needed."""
    found = ask(
        hardware="custom",
        hardware_class="apple",
        memory_gb=48,
        bandwidth_gbs=273,
        model="custom",
        params_b=125.1,
        active_params_b=10,
        quantization="q4-k-m",
    )
    assert 70 <= found["weights_gb"] <= 77
    assert found["fits"] == 0


# ---- the cache


@pytest.mark.parametrize(
    ("model", "bytes_per_token", "report"),
    [
        ("llama-2-7b", 524_288, "vllm-fit #2 and #14: 4,194,304 said"),
        ("llama-3-8b", 131_072, "the same formula is 32 times too much for 8 KV heads of 32"),
        ("qwen3-8b", 147_456, "Osmantic/ODS #3324: 0.98 GB at 32,768 said"),
        ("qwen3-30b-a3b", 98_304, "the same: 3.5 GB at 32,768 said"),
        ("qwen3-5-27b", 65_536, "llmfit #951: all 64 layers counted, 16 keep a cache"),
        ("qwen3-5-35b-a3b", 20_480, "gguf-parser-go #28: 81,920 said"),
        ("deepseek-v3", 70_272, "unsloth PR 4757: 2.08 GiB at 163,840 said"),
        ("kimi-k2", 70_272, "the same: 6.67 GiB at 262,144 said"),
        ("gemma-4-26b-a4b", 20_480, "ollama PR 16958: 430,080 said"),
        ("gemma-4-31b", 81_920, "configiq #112: 880 KiB said"),
        ("gemma-3-27b", 81_920, "GPUStack #2101: 507,904 if no layer had a window"),
        ("gpt-oss-120b", 36_864, "hf-mem #60: the layers without a window"),
    ],
)
def test_cache_of_a_token(model: str, bytes_per_token: int, report: str) -> None:
    assert cache_of_a_token(model) == pytest.approx(bytes_per_token, rel=1e-9), report


@pytest.mark.parametrize(("tokens", "gib"), [(32_768, 4.5), (262_144, 36)])
def test_ods_3324(tokens: int, gib: float) -> None:
    assert ask(model="qwen3-8b", context_tokens=tokens)["kv_cache_gb"] == pytest.approx(gib * GIB, rel=1e-12)


@pytest.mark.parametrize(
    ("tokens", "said_gb", "right_gb"),
    [(4096, 1.76, 0.40), (8192, 3.52, 0.48), (32_768, 14.09, 0.99), (131_072, 56.37, 3.0)],
)
def test_ollama_16958_windows(tokens: int, said_gb: float, right_gb: float) -> None:
    """Gemma 4 26B-A4B: 4.4 to 18.8 times too much. Ollama keeps 512 tokens beyond each window, counted as a buffer."""
    inputs: dict[str, Any] = {"model": "gemma-4-26b-a4b", "context_tokens": tokens, "engine": "ollama"}
    kept = ask(**inputs)
    buffers = kept["overhead_gb"] - ask(**{**inputs, "engine": "vllm"})["overhead_gb"]
    assert kept["kv_cache_gb"] + buffers == pytest.approx(right_gb, abs=0.0055)
    assert said_gb > 4 * kept["kv_cache_gb"]


def test_unsloth_4757_gemma_3() -> None:
    """Gemma 3 27B at 131,072: 81.38 GiB said, 10.41 with windows of 1,024."""
    found = ask(model="gemma-3-27b", context_tokens=131_072)["kv_cache_gb"]
    assert found == pytest.approx((81_920 * 131_072 + 425_984 * 1024) / 1e9, rel=1e-12)
    assert found / GIB == pytest.approx(10.41, abs=0.005)


def test_gpustack_2101_gemma_3_on_four_cards() -> None:
    """139 GB said at 128,000 and 54.74 at 85,000; four cards of 22 GB used about 32 GB at 85,000."""
    cards = {"hardware": "rtx-2080-ti", "memory_gb": 22, "devices": 4, "model": "gemma-3-27b", "quantization": "q4-k-m"}
    found = ask(**cards, context_tokens=85_000)
    assert found["fits"] == 1
    assert 24 < found["memory_needed_gb"] < 32
    assert ask(**cards, context_tokens=128_000)["memory_needed_gb"] < 40


def test_lmstudio_1862_state_of_linear_layers() -> None:
    """Four requests at 262,144: the log has 16,384 MiB of cache for one, and 598.5 MiB of state for the four."""
    one, four = (ask(model="qwen3-5-27b", context_tokens=262_144, concurrency=n)["kv_cache_gb"] for n in (1, 4))
    state_gb = 598.5 * 2**20 / 4 / 1e9
    assert one == pytest.approx(16 * GIB + state_gb, rel=1e-6)
    assert four == pytest.approx(4 * one, rel=1e-12)


def test_ollama_7965_and_10128_quantized_cache() -> None:
    """Qwen2.5 14B at 88,000 tokens with a cache of 4 bits: 21 GB said, 14.21 used. Ignored: 52 said for 10."""
    inputs: dict[str, Any] = {"model": "qwen2-5-14b", "quantization": "q4-k-m", "context_tokens": 88_000}
    found = ask(**inputs, engine="ollama", kv_bits=4, hardware="rtx-4090")
    assert found["memory_needed_gb"] == pytest.approx(14.21, rel=0.03)
    assert ask(**inputs)["memory_needed_gb"] > found["memory_needed_gb"] + 12


def test_ollama_5136_and_17201_latent_attention_and_its_buffer() -> None:
    """DeepSeek-V2-Lite at 32,768: 15,405 MiB said, 19,392 used: model 8,376, cache 8,640, buffers 2,376 MiB.

    Ollama unpacks the latent vectors; engines that keep them need 1.02 GB of cache instead.
    """
    inputs: dict[str, Any] = {
        "hardware": "rtx-3090",
        "engine": "ollama",
        "model": "deepseek-v2-lite",
        "quantization": "q4-0",
        "context_tokens": 32_768,
    }
    mib = 2**20 / 1e9
    found = ask(**inputs, weights_gb=8376 * mib, kv_bytes_per_token=276_480)
    assert found["kv_cache_gb"] == pytest.approx(8640 * mib, rel=1e-12)
    assert found["overhead_gb"] - 0.346 == pytest.approx(2376 * mib, rel=0.03)  # beside the runtime
    assert found["memory_needed_gb"] - 0.346 == pytest.approx(19_392 * mib, rel=0.01)
    assert ask(**inputs)["kv_cache_gb"] == pytest.approx(31_104 * 32_768 / 1e9, rel=1e-12)


def test_gpustack_2412_a_model_without_a_cache() -> None:
    """An encoder of 0.568 billion parameters: 13.8 GiB said, a file of 1.07 GiB."""
    found = ask(model="custom", params_b=0.568, quantization="f16", kv_bytes_per_token=0, context_tokens=8192)
    assert found["kv_cache_gb"] == 0
    assert found["weights_gb"] == pytest.approx(1.07 * GIB, rel=0.02)
    assert found["memory_needed_gb"] < 2


# ---- claims that cannot be


@pytest.mark.parametrize(
    ("hardware", "claimed_tps"),
    [
        ("rtx-pro-6000-blackwell", 60),
        ("rtx-pro-6000-blackwell", 100),
        ("apple-m3-ultra-512gb", 30),
        ("l40s", 25),
        ("apple-m4-max-128gb", 20),
    ],
)
def test_speeds_of_70b_at_4_bits_beyond_memory(hardware: str, claimed_tps: float) -> None:
    """Figures of published guides for one request: more than the bandwidth allows, even with an empty context."""
    found = ask(hardware=hardware, model="llama-3-1-70b", quantization="q4-k-m", context_tokens=1)
    assert found["bandwidth_ceiling_tps"] < claimed_tps
    assert found["decode_tps"] < found["bandwidth_ceiling_tps"]


def test_four_sparks_cannot_hold_maverick_unquantized() -> None:
    """400 billion weights of 16 bits are 801 GB; four machines have 512."""
    found = ask(hardware="dgx-spark", memory_gb=128, devices=4, model="llama-4-maverick", quantization="bf16")
    assert found["weights_gb"] == pytest.approx(801, rel=0.002)
    assert found["fits"] == 0
