"""What classes of hardware leave for a model, how programs store its cache, and what connects devices."""

import pytest

from catalog import Catalog, load, vocabulary

ENGINES = ("llama-cpp", "ollama", "mlx", "vllm", "sglang", "tensorrt-llm", "exllama")
CONNECTIONS = ("pcie", "nvlink", "infiniband", "ethernet-25g", "ethernet-10g", "thunderbolt")


@pytest.fixture(scope="module")
def facts() -> Catalog:
    return load()


def of_kind(facts: Catalog, kind: str) -> set[str]:
    return {subject.slug for subject in facts.subjects.values() if subject.kind == kind}


def test_every_class_of_hardware_has_a_platform(facts: Catalog) -> None:
    classes = vocabulary.kinds()["hardware"].choices["hardware_class"]
    assert len(classes) == 10
    assert of_kind(facts, "platforms") == set(classes)
    for name in classes:
        values = facts.subject(f"platforms/{name}").values
        assert 70 <= values["usable_pct"].number < 100, name  # nothing leaves all of it, or less than macOS does
        assert 0.05 <= values["runtime_gb"].number < 1, name


def test_engines_and_connections_are_those_of_the_form(facts: Catalog) -> None:
    assert of_kind(facts, "engines") == set(ENGINES)
    assert of_kind(facts, "interconnects") == set(CONNECTIONS)


@pytest.mark.parametrize(
    ("reference", "value", "unit"),
    [
        ("platforms/nvidia-consumer/usable_pct", 92, "%"),
        ("platforms/nvidia-datacenter/usable_pct", 92, "%"),
        ("platforms/apple/usable_pct", 74, "%"),
        ("platforms/apple/usable_128gb_pct", 84, "%"),
        ("platforms/amd-unified/usable_pct", 75, "%"),
        ("platforms/cpu/usable_pct", 80, "%"),
        ("platforms/nvidia-consumer/runtime_gb", 0.346, "GB"),
        ("engines/llama-cpp/microbatch_tokens", 512, "tokens"),
        ("engines/ollama/window_extra_tokens", 512, "tokens"),
        ("engines/vllm/microbatch_tokens", 2048, "tokens"),
        ("engines/tensorrt-llm/microbatch_tokens", 8192, "tokens"),
        ("engines/vllm/kv8_bits", 8, "bits"),
        ("interconnects/nvlink/bandwidth_gbs", 365, "GB/s"),
        ("interconnects/pcie/latency_us", 39, "us"),
        ("interconnects/infiniband/latency_us", 59, "us"),
        ("speed/verdicts/tool_tps", 30, "tokens/s"),
        ("speed/verdicts/usable_tps", 15, "tokens/s"),
        ("speed/verdicts/slow_tps", 5, "tokens/s"),
    ],
)
def test_values(facts: Catalog, reference: str, value: float, unit: str) -> None:
    fact = facts.value(reference)
    assert (fact.value, fact.unit) == (value, unit)


def test_bits_of_the_cache_follow_the_layout_of_its_blocks(facts: Catalog) -> None:
    with_scale = {  # engine: (values that share a scale, bits of what they share), for the 8-bit and the 4-bit cache
        "llama-cpp": ((32, 16), (32, 16)),
        "ollama": ((32, 16), (32, 16)),
        "mlx": ((64, 32), (64, 32)),
        "exllama": ((32, 16), (32, 16)),
        "vllm": (None, (16, 8)),
        "sglang": (None, (16, 8)),
        "tensorrt-llm": (None, (16, 8)),
    }
    looked = 0
    for engine, layouts in with_scale.items():
        values = facts.subject(f"engines/{engine}").values
        for bits, layout in zip((8, 4), layouts, strict=True):
            if f"kv{bits}_bits" in values:
                shared = layout[1] / layout[0] if layout else 0
                assert values[f"kv{bits}_bits"].number == bits + shared, engine
                looked += 1
    assert looked == 14


def test_shares_of_memory_follow_their_formulas(facts: Catalog) -> None:
    looked = 0
    for subject in facts.subjects.values():
        if subject.kind != "platforms":
            continue
        for value in subject.values.values():
            for claim in value.claims:
                if value.name.startswith("usable_") and claim.method == "derived":
                    worked_out = claim.formula.rpartition(": ")[2].replace(",", "")
                    above, _, below = worked_out.partition(" / ")
                    whole, _, less = above.strip("()").partition(" - ")
                    share = (float(whole) - float(less or 0)) / float(below)
                    assert claim.value == pytest.approx(100 * share, abs=0.06), value.ref
                    looked += 1
    assert looked == 13


def test_faster_connections_wait_less_and_carry_more(facts: Catalog) -> None:
    order = ("nvlink", "pcie", "infiniband", "ethernet-25g")
    waits = [facts.value(f"interconnects/{name}/latency_us").number for name in order]
    carries = [facts.value(f"interconnects/{name}/bandwidth_gbs").number for name in (*order, "ethernet-10g")]
    assert waits == sorted(waits)
    assert carries == sorted(carries, reverse=True)


def test_an_all_reduce_takes_no_longer_than_a_whole_engine_showed(facts: Catalog) -> None:
    most = (1 / 72.71 - 1 / 60.02 / 2) / (36 * 2) * 1e6  # gpt-oss-120b on two machines and on one, 36 layers
    assert facts.value("interconnects/infiniband/end_to_end_us").number == pytest.approx(most, abs=0.5)
    assert facts.value("interconnects/infiniband/latency_us").number <= most


def test_verdicts_are_in_order(facts: Catalog) -> None:
    tool, usable, slow = (facts.value(f"speed/verdicts/{name}_tps").number for name in ("tool", "usable", "slow"))
    assert tool > usable > slow > 0
