"""The models of the catalog: parameters and cache against a table of its own, typed from other publications."""

import pytest

from catalog import Catalog, derive, load
from catalog.model import Subject

# slug: (parameters, 10^9; parameters used for one token, 10^9; bytes of cache for each token if no layer had a window)
# The parameters are those that llama.cpp or the makers count, where they do; else they are worked out by hand.
MODELS: dict[str, tuple[float, float, int]] = {
    "llama-2-7b": (6.74, 6.74, 524_288),
    "llama-2-13b": (13.02, 13.02, 819_200),
    "llama-2-70b": (68.98, 68.98, 327_680),
    "llama-3-8b": (8.03, 8.03, 131_072),
    "llama-3-70b": (70.55, 70.55, 327_680),
    "llama-3-1-8b": (8.03, 8.03, 131_072),
    "llama-3-1-70b": (70.55, 70.55, 327_680),
    "llama-3-1-405b": (405.85, 405.85, 516_096),
    "llama-3-2-1b": (1.2358, 1.2358, 32_768),
    "llama-3-2-3b": (3.21, 3.21, 114_688),
    "llama-3-3-70b": (70.55, 70.55, 327_680),
    "mistral-7b": (7.25, 7.25, 131_072),
    "mixtral-8x7b": (46.70, 12.88, 131_072),
    "mixtral-8x22b": (140.63, 39.16, 229_376),
    "gemma-3-4b": (3.88, 3.88, 139_264),
    "gemma-3-12b": (11.77, 11.77, 393_216),
    "gemma-3-27b": (27.01, 27.01, 507_904),
    "gemma-4-26b-a4b": (25.23, 3.82, 225_280),
    "gemma-4-31b": (30.70, 30.70, 901_120),
    "phi-4": (14.66, 14.66, 204_800),
    "qwen2-5-7b": (7.62, 7.62, 57_344),
    "qwen2-5-14b": (14.77, 14.77, 196_608),
    "qwen2-5-32b": (32.76, 32.76, 262_144),
    "qwen2-5-72b": (72.71, 72.71, 327_680),
    "qwen3-8b": (8.19, 8.19, 147_456),
    "qwen3-14b": (14.77, 14.77, 163_840),
    "qwen3-32b": (32.76, 32.76, 262_144),
    "qwen3-30b-a3b": (30.53, 3.35, 98_304),
    "qwen3-235b-a22b": (235.09, 22.19, 192_512),
    "qwen3-coder-480b-a35b": (480.15, 35.47, 253_952),
    "qwen3-next-80b-a3b": (79.67, 3.87, 24_576),
    "qwen3-5-27b": (26.90, 26.90, 65_536),
    "qwen3-5-35b-a3b": (34.66, 3.45, 20_480),
    "gpt-oss-20b": (20.91, 4.19, 49_152),
    "gpt-oss-120b": (116.83, 5.71, 73_728),
    "deepseek-v2-lite": (15.71, 2.66, 31_104),
    "deepseek-v3": (671.03, 37.55, 70_272),
    "kimi-k2": (1026.41, 32.86, 70_272),
    "llama-4-scout": (107.77, 17.17, 196_608),
    "llama-4-maverick": (400.71, 17.18, 196_608),
}

# slug: (context, GiB of cache as somebody published it), at 16 bits; what each layer keeps beyond its window left out
CACHES = [
    ("gemma-3-27b", 131_072, 10.41),  # unslothai/unsloth PR 4757
    ("qwen3-5-27b", 262_144, 16.00),  # the same; AlexsJones/llmfit PR 953
    ("deepseek-v3", 163_840, 10.72),  # the same
    ("kimi-k2", 262_144, 17.16),  # the same, for K2.5
    ("qwen3-8b", 32_768, 4.50),  # Osmantic/ODS PR 3375
    ("llama-3-1-8b", 32_768, 4.00),  # ollama/ollama PR 6276
]


@pytest.fixture(scope="module")
def facts() -> Catalog:
    return load()


def _architecture(model: Subject) -> derive.Architecture:
    return derive.of({name: int(model.values[name].number) for name in derive.NAMES if name in model.values})


def _cache_bytes(model: Subject, context: int) -> float:
    """As a calculator works it out: what it is given wins over the plain formula."""

    def number(name: str, default: float = 0) -> float:
        return model.values[name].number if name in model.values else default

    each = 4 * number("kv_heads") * number("head_dim")
    window_layers = number("window_layers")
    full = number("layers") - window_layers - number("linear_layers")
    kept = min(context, number("window_tokens"))
    return context * number("kv_bytes_per_token", each * full) + kept * number(
        "window_kv_bytes_per_token", each * window_layers
    )


def test_the_table_and_the_catalog_have_the_same_models(facts: Catalog) -> None:
    models = [subject.slug for subject in facts.subjects.values() if subject.kind == "models"]
    assert sorted(MODELS) == sorted(models)
    assert len(models) == 40


@pytest.mark.parametrize("slug", MODELS)
def test_parameters_and_cache(facts: Catalog, slug: str) -> None:
    params_b, active_b, kv_bytes = MODELS[slug]
    values = facts.subject(f"models/{slug}").values
    rounding = 0.005  # the published counts have two decimals
    assert values["params_b"].number == pytest.approx(params_b, rel=0.001)
    assert values["params_b"].number == pytest.approx(params_b, abs=rounding)
    assert values["active_params_b"].number == pytest.approx(active_b, abs=rounding)
    assert values["total_kv_bytes_per_token"].value == kv_bytes


@pytest.mark.parametrize("slug", MODELS)
def test_what_the_form_takes_is_there(facts: Catalog, slug: str) -> None:
    values = facts.subject(f"models/{slug}").values
    always = {"params_b", "active_params_b", "embedding_params_b", "head_params_b", "layers", "kv_heads", "head_dim"}
    always |= {"query_heads", "vocabulary_size", "max_context_tokens", "attention", "total_kv_bytes_per_token"}
    assert always <= set(values)
    for first, second in (("experts", "experts_per_token"), ("window_layers", "window_tokens")):
        assert (first in values) == (second in values)
    assert ("linear_layers" in values) == ("state_mb" in values)
    assert ("kv_lora_rank" in values) == (values["attention"].value == "mla")


@pytest.mark.parametrize(("slug", "context", "gib"), CACHES)
def test_caches_that_others_published(facts: Catalog, slug: str, context: int, gib: float) -> None:
    assert _cache_bytes(facts.subject(f"models/{slug}"), context) / 2**30 == pytest.approx(gib, abs=0.006)


@pytest.mark.parametrize(("context", "gb"), [(4096, 0.40), (8192, 0.48), (32_768, 0.99), (131_072, 3.00)])
def test_gemma_4_in_llama_cpp(facts: Catalog, context: int, gb: float) -> None:
    """Its windows keep 512 tokens more, those being worked on (ollama/ollama PR 16958)."""
    model = facts.subject("models/gemma-4-26b-a4b")
    assert model.values["window_tokens"].value == 1024
    more = derive.MICROBATCH_TOKENS * model.values["window_kv_bytes_per_token"].number
    assert (_cache_bytes(model, context) + more) / 1e9 == pytest.approx(gb, abs=0.009)


def test_the_state_of_a_hybrid_model_as_llama_cpp_prints_it(facts: Catalog) -> None:
    """lmstudio-ai/lmstudio-bug-tracker issue 1862: 598.50 MiB for four requests."""
    state_mb = facts.value("models/qwen3-5-27b/state_mb").number
    assert 4 * state_mb * 1e6 / 2**20 == pytest.approx(598.50, abs=0.005)


def test_deepseek_v2_lite_as_ollama_keeps_it(facts: Catalog) -> None:
    """ollama/ollama issue 5136: 8640 MiB of cache and 2376 MiB of buffers at 32,768 tokens."""
    values = facts.subject("models/deepseek-v2-lite").values
    assert values["unpacked_kv_bytes_per_token"].number * 32_768 / 2**20 == 8640
    logits = 4 * 512 * values["vocabulary_size"].number
    buffers = values["scratch_bytes_per_token"].number * 32_768 + logits
    assert buffers / 2**20 == pytest.approx(2376, rel=0.03)


def test_parts_add_up(facts: Catalog) -> None:
    for slug in MODELS:
        model = _architecture(facts.subject(f"models/{slug}"))
        tables = derive.embedding_params(model) + derive.head_params(model)
        body = derive.common_params(model) + derive.routed_params(model)
        assert derive.total_params(model) == tables + body
        assert derive.active_params(model) <= derive.total_params(model)
        assert (derive.active_params(model) == derive.total_params(model)) == (model.experts == 0)


def test_makers_other_counts_stay_beside_ours(facts: Catalog) -> None:
    claims = {
        ref: sorted(claim.number for claim in facts.value(f"models/{ref}").claims)
        for ref in ("gpt-oss-20b/active_params_b", "gpt-oss-120b/active_params_b", "deepseek-v3/active_params_b")
    }
    assert [values[0] for values in claims.values()] == [3.6, 5.1, 37]
    assert [values[1] for values in claims.values()] == pytest.approx([4.19, 5.71, 37.55], abs=0.005)
    table_b = facts.value("models/gpt-oss-120b/embedding_params_b").number
    assert claims["gpt-oss-120b/active_params_b"][1] - table_b == pytest.approx(5.1, abs=0.05)
