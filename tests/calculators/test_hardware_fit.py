"""hardware-fit against sums done by hand, and against the mistakes that users of other calculators reported."""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping
from typing import Any

import pytest

from calculators import registry
from calculators.core.errors import InputError
from calculators.core.run import run
from tests.calculators.helpers import bundle, evaluate, rows, values

SLUG = "hardware-fit"
GIB = 1.073741824

IDEAL: dict[str, float] = {
    "usable_pct": 100,
    "runtime_gb": 0,
    "bandwidth_share_pct": 100,
    "cache_cost_ratio": 1,
    "layer_us": 0,
    "decode_low_ratio": 0.5,
    "decode_high_ratio": 1.5,
    "prefill_share_pct": 100,
    "attention_cost_ratio": 1,
    "moe_cost_ratio": 0,
    "prefill_low_ratio": 0.5,
    "prefill_high_ratio": 2,
}
"""A class of hardware that loses nothing, so that every figure is a sum that can be done by hand."""

CUSTOM: dict[str, Any] = {
    "hardware": "custom",
    "hardware_class": "other",
    "memory_gb": 100,
    "bandwidth_gbs": 1000,
    "compute_tflops": 100,
    "power_w": 500,
    "price_usd": 26_280,
    "model": "custom",
    "quantization": "f16",
    "params_b": 10,
    "layers": 10,
    "kv_heads": 4,
    "head_dim": 100,
    "query_heads": 10,
    "vocabulary": 1,
    "context_tokens": 10_000,
    "interconnect": "pcie",
}


def ideal(given: Mapping[str, float] | None = None, **inputs: Any) -> dict[str, Any]:
    """The report on hardware that loses nothing; `given` are facts put in the place of the catalog's."""
    facts = copy.deepcopy(bundle(SLUG))
    for name, value in IDEAL.items():
        facts["facts"][f"platforms/other/{name}" if name in ("usable_pct", "runtime_gb") else f"speed/other/{name}"][
            "value"
        ] = value
    for ref, value in (given or {}).items():
        facts["facts"][ref]["value"] = value
    return run(registry.load(SLUG), {**CUSTOM, **inputs}, facts, None)


def worked_out(given: Mapping[str, float] | None = None, **inputs: Any) -> dict[str, Any]:
    return values(ideal(given, **inputs))


def close(actual: float, expected: float, tolerance: float = 1e-9) -> bool:
    return math.isclose(actual, expected, rel_tol=tolerance)


# ---- memory


def test_memory_adds_up() -> None:
    """10 billion weights of 16 bits; 10 layers x 2 x 4 heads x 100 x 2 bytes x 10,000 tokens; logits of 512 tokens."""
    found = worked_out()
    assert close(found["weights_gb"], 20)
    assert close(found["kv_cache_gb"], 0.16)
    assert close(found["overhead_gb"], 512 * 4 / 1e9)
    assert close(found["memory_needed_gb"], 20.16 + 512 * 4 / 1e9)
    assert close(found["memory_usable_gb"], 100 * GIB)
    assert close(found["memory_free_gb"], 100 * GIB - 20.16 - 512 * 4 / 1e9)
    assert found["fits"] == 1


def test_parts_of_a_file_have_bits_of_their_own() -> None:
    """Q4_K_M as the catalog has it: 8 billion in layers, 1 in the input table, 1 in the output head."""
    facts = bundle(SLUG)["facts"]
    bits = [facts[f"quantizations/q4-k-m/{part}bits_per_weight"]["value"] for part in ("", "embedding_", "head_")]
    found = worked_out(quantization="q4-k-m", embedding_params_b=1, head_params_b=1)
    assert close(found["weights_gb"], (8 * bits[0] + bits[1] + bits[2]) / 8)
    assert close(found["read_gb"], (8 * bits[0] + bits[2]) / 8)


def test_the_real_file_counts() -> None:
    """A file of 15 GB instead of 20: everything that is read shrinks by the same share."""
    found = worked_out(weights_gb=15, embedding_params_b=1, head_params_b=1)
    assert close(found["weights_gb"], 15)
    assert close(found["read_gb"], 15 * 0.9)


@pytest.mark.parametrize(("bits", "share"), [(16, 1), (8, 0.5), (4, 0.25), ("8", 0.5)])
def test_cache_bits(bits: int | str, share: float) -> None:
    assert close(worked_out(kv_bits=bits)["kv_cache_gb"], 0.16 * share)


def test_blocks_of_a_quantized_cache_have_scales() -> None:
    """llama.cpp's q8_0 stores 34 bytes for 32 values: the scales are 1/16 of the cache, and count as overhead."""
    assert close(worked_out(kv_bits=8)["overhead_gb"], 512 * 4 / 1e9 + 0.08 / 16)


def test_windows_states_and_latent_vectors() -> None:
    """A layer keeps 1,600 bytes a token: 6 full ones, 3 that look back 1,000 tokens, 1 with a state of 50 MB."""
    hybrid: dict[str, Any] = {"window_layers": 3, "window_tokens": 1000, "linear_layers": 1, "state_mb": 50}
    assert close(worked_out(**hybrid)["kv_cache_gb"], (6 * 1600 * 10_000 + 3 * 1600 * 1000) / 1e9 + 0.05)
    assert close(worked_out(**hybrid, context_tokens=500)["kv_cache_gb"], 9 * 1600 * 500 / 1e9 + 0.05)
    assert close(worked_out(kv_bytes_per_token=70_272)["kv_cache_gb"], 0.70272)
    own = worked_out(kv_bytes_per_token=100, window_kv_bytes_per_token=10, window_tokens=2000)
    assert close(own["kv_cache_gb"], (100 * 10_000 + 10 * 2000) / 1e9)


def test_each_request_has_a_cache() -> None:
    found = worked_out(concurrency=7, scratch_bytes_per_token=1000)
    assert close(found["kv_cache_gb"], 7 * 0.16)
    assert close(found["overhead_gb"], 512 * 4 / 1e9 + 0.01)


def test_longest_context_is_the_longest() -> None:
    found = worked_out()
    longest = found["max_context_tokens"]
    assert worked_out(context_tokens=longest)["fits"] == 1
    assert worked_out(context_tokens=longest + 1)["fits"] == 0
    assert close(longest, (100 * GIB - 20) / 16_000 * 1e9, 1e-6)
    assert worked_out(max_context_tokens=20_000)["max_context_tokens"] == 20_000
    assert worked_out(params_b=60)["max_context_tokens"] == 0


def test_devices_add_memory_up_to_one_for_each_layer() -> None:
    assert close(worked_out(devices=4)["memory_usable_gb"], 400 * GIB)
    assert close(worked_out(devices=40)["memory_usable_gb"], 1000 * GIB)
    assert close(worked_out(devices=40, parallelism="tensor")["memory_usable_gb"], 4000 * GIB)
    assert close(worked_out({"platforms/other/runtime_gb": 0.5}, devices=4)["overhead_gb"], 2 + 512 * 4 / 1e9)


# ---- speed


def test_without_losses_the_ceiling_is_reached() -> None:
    """20 GB of weights and 0.16 of cache at 1,000 GB/s."""
    found = worked_out()
    assert close(found["bandwidth_ceiling_tps"], 1000 / 20.16)
    assert close(found["decode_tps"], 1000 / 20.16)
    decode = ideal()["metrics"]["decode_tps"]
    assert close(decode["low"], 500 / 20.16)
    assert close(decode["high"], 1000 / 20.16)  # half as much again would be faster than memory


def test_losses_add_up() -> None:
    """At 80 %: 25 ms for weights; 0.16 GB at a cost of 2: 0.32 ms; 10 layers of 100 us: 1 ms."""
    losses = {"bandwidth_share_pct": 80, "cache_cost_ratio": 2, "layer_us": 100}
    found = worked_out({f"speed/other/{name}": value for name, value in losses.items()})
    assert close(found["decode_tps"], 1 / 0.02632)
    assert found["decode_tps"] < found["bandwidth_ceiling_tps"]


def test_experts_of_one_request_and_of_many() -> None:
    """8 of 64 experts: 9 billion of 10 in experts, so 1 + 9/8 are active. Requests go to more of them."""
    moe: dict[str, Any] = {"experts": 64, "experts_per_token": 8, "active_params_b": 2.125}
    assert close(worked_out(**moe)["weights_gb"], 20)
    assert close(worked_out(**moe)["read_gb"], 4.25)
    independent = {"speed/batching/independent_share_pct": 100.0}
    assert close(worked_out(independent, **moe, concurrency=2)["read_gb"], 2 + 18 * (1 - (7 / 8) ** 2))
    half = {"speed/batching/independent_share_pct": 50.0}
    assert close(worked_out(half, **moe, concurrency=3)["read_gb"], 2 + 18 * (1 - (7 / 8) ** 2))
    none = {"speed/batching/independent_share_pct": 0.0}
    assert close(worked_out(none, **moe, concurrency=16)["read_gb"], 4.25)
    assert worked_out(independent, **moe, concurrency=500)["read_gb"] <= 20


def test_many_requests_share_the_weights_until_arithmetic_binds() -> None:
    """Two: 20 + 2 x 0.16 GB a step. Each takes 2 x 10 billion operations, 0.2 ms at 100 TFLOPS; 200 take 40 ms."""
    found = worked_out(concurrency=2)
    assert close(found["decode_tps"], 1000 / 20.32)
    assert close(found["total_tps"], 2000 / 20.32)
    found = worked_out(concurrency=200, context_tokens=100)
    assert close(found["decode_tps"], 1 / 0.04)
    assert close(found["total_tps"], 200 / 0.04)


def test_layers_do_not_add_speed_and_tensor_does() -> None:
    links = {"interconnects/pcie/latency_us": 100.0, "interconnects/pcie/bandwidth_gbs": 1000.0}
    alone = worked_out(links)["decode_tps"]
    layers = worked_out(links, devices=2)["decode_tps"]
    assert close(1 / layers, 1 / alone + 1e-4)
    tensor = worked_out(links, devices=2, parallelism="tensor")
    assert close(1 / tensor["decode_tps"], 0.02016 / 2 + 2 * 10 * 1e-4)
    assert close(tensor["bandwidth_ceiling_tps"], 2000 / 20.16)


def test_prompt_and_answer() -> None:
    """(2 x 10 billion + 4 x 1,000 x 10 layers x 5,000) operations a token at 100 TFLOPS: 4,950 tokens a second."""
    found = worked_out(output_tokens=101)
    assert close(found["prefill_tps"], 100e12 / (20e9 + 0.2e9))
    assert close(found["first_token_s"], 10_000 / found["prefill_tps"] + 0.02016)
    assert close(found["answer_s"], found["first_token_s"] + 100 * 0.02016)
    report = ideal()
    assert close(report["metrics"]["first_token_s"]["high"], 2 * found["first_token_s"])


def test_arithmetic_limits_the_prompt() -> None:
    """At 8 bits 100 TFLOPS are 200: 9,901 tokens a second, which neither estimate nor range exceeds."""
    assert close(worked_out()["prefill_ceiling_tps"], 200e12 / 20.2e9)
    assert close(worked_out(devices=3)["prefill_ceiling_tps"], 600e12 / 20.2e9)
    fast = ideal({"speed/other/prefill_share_pct": 190.0, "speed/other/attention_cost_ratio": 0.1})["metrics"]
    assert fast["prefill_tps"]["value"] < fast["prefill_ceiling_tps"]["value"]
    assert fast["prefill_tps"]["high"] == fast["prefill_ceiling_tps"]["value"]


def test_few_tokens_of_a_prompt_need_all_weights() -> None:
    """A prompt of one token moves 20 GB: 20 ms, whatever the arithmetic."""
    assert close(worked_out(context_tokens=1)["prefill_tps"], 50)


def test_unknown_arithmetic_power_and_price_are_not_guessed() -> None:
    found = worked_out(compute_tflops=None, power_w=None, price_usd=None)
    for name in (
        "prefill_tps",
        "first_token_s",
        "answer_s",
        "power_w",
        "tokens_per_joule",
        "usd_per_million_tokens",
    ):
        assert found[name] is None, name
    assert found["decode_tps"] > 0


def test_energy_and_money() -> None:
    """$26,280 over 8,760 h is $3 an hour; 500 W, half the time at $0.2: $0.05; 49.6 tokens a second, half the time."""
    found = worked_out(life_years=1, utilization_pct=50, electricity_usd_per_kwh=0.2)
    tps = 1000 / 20.16
    assert close(found["tokens_per_joule"], tps / 500)
    assert close(found["usd_per_million_tokens"], 3.05 / (tps * 3600 * 0.5) * 1e6)
    electricity = worked_out(price_usd=None, electricity_usd_per_kwh=0.2)["usd_per_million_tokens"]
    assert close(electricity, 0.1 / (tps * 3600) * 1e6)


@pytest.mark.parametrize(
    ("bandwidth", "verdict"),
    [(2, "painful"), (5.1, "slow"), (14.9, "slow"), (15.1, "usable"), (29.9, "usable"), (30.1, "tool")],
)
def test_verdicts(bandwidth: float, verdict: str) -> None:
    assert ideal(bandwidth_gbs=bandwidth * 20.16)["verdict"] == verdict


# ---- what does not fit


def test_what_does_not_fit_has_no_speed_and_says_what_would() -> None:
    report = ideal(memory_gb=10)
    found = values(report)
    assert report["verdict"] == "does-not-fit"
    assert found["fits"] == 0
    for name in ("decode_tps", "total_tps", "prefill_tps", "first_token_s", "answer_s", "usd_per_million_tokens"):
        assert found[name] is None, name
    assert found["memory_free_gb"] < 0
    assert found["bandwidth_ceiling_tps"] > 0
    advice = [note["text"] for note in report["notes"] if note["kind"] == "advice"]
    assert "2 such devices hold it." in advice
    assert any("is the largest quantization that fits" in text for text in advice)
    assert any(text.startswith("The smallest single device of the catalog that holds it: ") for text in advice)
    assert worked_out(memory_gb=10, devices=2)["fits"] == 1


def test_advice_about_context_and_cache() -> None:
    """40 GB of room, 20 of weights; a cache of 16 kB a token: 1.4 million tokens fit, twice as many at 8 bits."""
    report = ideal(memory_gb=40 / GIB, context_tokens=2_000_000)
    advice = [note["text"] for note in report["notes"] if note["kind"] == "advice"]
    longest = report["metrics"]["max_context_tokens"]["value"]
    assert f"A context of up to {longest:,} tokens fits." in advice
    assert "A KV cache of 8 bits makes it fit." in advice


@pytest.mark.parametrize("engine", ["llama.cpp", "vllm"])
@pytest.mark.parametrize("room_gb", [30.3, 30.6, 31, 32, 33])
def test_advice_about_the_cache_is_true(room_gb: float, engine: str) -> None:
    """20 GB of weights, 10 of state, a cache of 1 to 3: what is said to fit fits, and what fits is said."""
    inputs: dict[str, Any] = {
        "usable_memory_gb": room_gb,
        "engine": engine,
        "context_tokens": 100_000,
        "window_layers": 5,
        "concurrency": 2,
        "kv_bytes_per_token": 14_000,
        "state_mb": 5000,
    }
    report = ideal(**inputs)
    advice = [note["text"] for note in report["notes"] if note["kind"] == "advice"]
    fitting = [bits for bits in (16, 8, 4) if worked_out(**inputs, kv_bits=bits)["fits"]]
    said = [bits for bits in (8, 4) if f"A KV cache of {bits} bits makes it fit." in advice]
    assert said == ([] if 16 in fitting else fitting[:1])


def test_the_device_that_is_named_holds_it() -> None:
    """The advice counts the runtime of the device that it names, not that of those which it replaces."""
    for devices in (1, 8):
        report = evaluate(SLUG, hardware="rtx-3060", model="llama-3-1-70b", quantization="f16", devices=devices)
        labels = [n["text"] for n in report["notes"] if n["text"].startswith("The smallest single device")]
        assert len(labels) == 1
        label = labels[0].partition(": ")[2].removesuffix(".")
        found = [slug for slug, name in bundle(SLUG)["subjects"]["hardware"] if name == label]
        assert len(found) == 1
        assert evaluate(SLUG, hardware=found[0], model="llama-3-1-70b", quantization="f16")["verdict"] != "does-not-fit"


def test_a_model_that_fits_nowhere() -> None:
    report = ideal(params_b=50_000, memory_gb=0.1)
    advice = [note["text"] for note in report["notes"] if note["kind"] == "advice"]
    assert advice == ["No single device of the catalog holds it."]


def test_by_table() -> None:
    report = ideal(concurrency=2)
    contexts = rows(report, "by_context")
    assert [row["context_tokens"] for row in contexts][:5] == [1024, 2048, 4096, 8192, 10_000]
    asked = next(row for row in contexts if row["context_tokens"] == 10_000)
    found = values(report)
    assert asked["decode_tps"] == found["decode_tps"]
    assert asked["needed_gb"] == found["memory_needed_gb"]
    both = rows(report, "by_requests")[1]
    assert both["total_tps"] == found["total_tps"]
    assert close(both["needed_gb"], found["memory_needed_gb"])
    formats = rows(report, "by_quantization")
    assert len(formats) >= 14
    assert found["weights_gb"] in [row["weights_gb"] for row in formats]


# ---- bad input


@pytest.mark.parametrize(
    ("inputs", "field", "message"),
    [
        ({"hardware": "dgx-sprk"}, "hardware", 'Hardware cannot be "dgx-sprk"; did you mean "dgx-spark"?'),
        ({"memory_gb": 0}, "memory_gb", "Memory is 0, out of range; give a number from 0.1 to 100,000 (GB)."),
        ({"devices": 10**9}, "devices", "Devices is 1,000,000,000, out of range;"),
        ({"devices": 2, "interconnect": "none"}, "interconnect", "2 devices that share a model need a connection"),
        (
            {"max_context_tokens": 4096, "context_tokens": 5000},
            "context_tokens",
            "Context is 5,000 tokens, but the model was made for 4,096; give at most 4,096.",
        ),
        ({"active_params_b": 11}, "active_params_b", "Active parameters are more than all parameters"),
        ({"active_params_b": 1, "head_params_b": 1}, "head_params_b", "Output head has as many parameters"),
        ({"experts": 4, "experts_per_token": 5}, "experts_per_token", "Experts for a token are more than"),
        ({"window_layers": 6, "linear_layers": 5}, "window_layers", "Layers with a window are more than"),
        ({"linear_layers": 11}, "linear_layers", "Layers without a cache are more than there are layers"),
        ({"window_layers": 11}, "window_layers", "Layers with a window are more than there are layers"),
        ({"kv_bits": 5}, "kv_bits", "KV cache is 5, which is not one of the choices; give one of 16, 8, 4."),
        ({"quantization": "custom"}, "quantization", 'Quantization cannot be "custom";'),
    ],
)
def test_bad_input(inputs: dict[str, Any], field: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        evaluate(SLUG, **{**CUSTOM, **inputs})
    assert caught.value.field == field
    assert caught.value.message.startswith(message)


def test_usual_context_gives_way_to_a_short_model() -> None:
    report = evaluate(SLUG, model="custom", max_context_tokens=4096)
    assert report["inputs"]["context_tokens"]["value"] == 4096
    assert report["inputs"]["context_tokens"]["origin"] == "assumption"
    assert any("beyond this model" in note["text"] for note in report["notes"])
