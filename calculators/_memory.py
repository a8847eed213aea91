"""What a model needs of memory and what a device has for it: for every calculator that asks whether it fits.

How it is counted, and in which formulas, stands in hardware_fit.py.
"""

from __future__ import annotations

from calculators.core import Facts, InputError, Inputs, Report, format
from calculators.core.errors import INVALID_INPUT
from calculators.core.maths import power

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    class Asked(Protocol):
        """A model and a request. The inputs of a calculator are one; units and meaning are those of hardware_fit.py."""

        @property
        def params_b(self) -> float: ...
        @property
        def active_params_b(self) -> float | None: ...
        @property
        def embedding_params_b(self) -> float: ...
        @property
        def head_params_b(self) -> float: ...
        @property
        def layers(self) -> int: ...
        @property
        def kv_heads(self) -> int: ...
        @property
        def head_dim(self) -> int: ...
        @property
        def kv_bytes_per_token(self) -> float | None: ...
        @property
        def experts(self) -> int: ...
        @property
        def experts_per_token(self) -> int: ...
        @property
        def window_layers(self) -> int: ...
        @property
        def window_tokens(self) -> int: ...
        @property
        def window_kv_bytes_per_token(self) -> float | None: ...
        @property
        def linear_layers(self) -> int: ...
        @property
        def state_mb(self) -> float: ...
        @property
        def scratch_bytes_per_token(self) -> float: ...
        @property
        def vocabulary(self) -> int: ...
        @property
        def kv_bits(self) -> str: ...
        @property
        def engine(self) -> str: ...
        @property
        def concurrency(self) -> int: ...
        @property
        def hardware_class(self) -> str: ...
        @property
        def memory_gb(self) -> float: ...
        @property
        def usable_memory_gb(self) -> float | None: ...
        @property
        def devices(self) -> int: ...
        @property
        def parallelism(self) -> str: ...


GB_PER_GIB = 1.073741824
"""Memory is sold in units of 2^30 bytes and called GB."""
BYTES_OF_A_LOGIT = 4

_BITS = "bits_per_weight"
_WINDOW_EXTRA = "window_extra_tokens"
_LOGITS_TOKENS = "engines/llama-cpp/microbatch_tokens"

CLASSES = (
    ("nvidia-consumer", "NVIDIA graphics card"),
    ("nvidia-datacenter", "NVIDIA data-centre accelerator"),
    ("nvidia-unified", "NVIDIA with unified memory"),
    ("apple", "Apple silicon"),
    ("amd-radeon", "AMD graphics card"),
    ("amd-unified", "AMD with unified memory"),
    ("amd-datacenter", "AMD data-centre accelerator"),
    ("intel", "Intel graphics"),
    ("cpu", "CPU"),
    ("other", "other"),
)

MODEL_FILLS = (
    ("quantization", "usual_quantization"),
    ("params_b", "params_b"),
    ("active_params_b", "active_params_b"),
    ("layers", "layers"),
    ("kv_heads", "kv_heads"),
    ("head_dim", "head_dim"),
    ("kv_bytes_per_token", "kv_bytes_per_token"),
    ("query_heads", "query_heads"),
    ("vocabulary", "vocabulary_size"),
    ("embedding_params_b", "embedding_params_b"),
    ("head_params_b", "head_params_b"),
    ("experts", "experts"),
    ("experts_per_token", "experts_per_token"),
    ("window_layers", "window_layers"),
    ("window_tokens", "window_tokens"),
    ("window_kv_bytes_per_token", "window_kv_bytes_per_token"),
    ("linear_layers", "linear_layers"),
    ("state_mb", "state_mb"),
    ("scratch_bytes_per_token", "scratch_bytes_per_token"),
    ("max_context_tokens", "max_context_tokens"),
)
"""Input of a calculator and the fact of a model that fills it."""
QUANTIZATION_FACTS = tuple(["quantizations/*/" + part + _BITS for part in ("", "embedding_", "head_", "expert_")])
PLATFORM_FACTS = ("platforms/*/usable_pct", "platforms/*/runtime_gb")
ENGINE_FACTS = tuple(["engines/*/" + name for name in ("kv8_bits", "kv4_bits", "microbatch_tokens", _WINDOW_EXTRA)])


class CatalogModel:
    """A model of the catalog and one request to it, everything else as by default.

    The device is for the caller to set: `hardware_class`, `memory_gb`.
    """

    kv_bits = "16"
    engine = "llama.cpp"
    concurrency = 1
    devices = 1
    parallelism = "layers"
    hardware_class = "other"  # Only what the model needs is asked for, not what a device has.
    memory_gb = 0.0
    usable_memory_gb = None

    def __init__(self, facts: Facts, slug: str) -> None:
        of = "models/" + slug + "/"

        def known(name: str) -> float | None:
            return facts.value(of + name) if facts.has(of + name) else None

        def whole(name: str, otherwise: int) -> int:
            value = known(name)
            return otherwise if value is None else int(value)

        self.params_b = facts.value(of + "params_b")
        self.active_params_b = known("active_params_b")
        self.embedding_params_b = known("embedding_params_b") or 0.0
        self.head_params_b = known("head_params_b") or 0.0
        self.layers = int(facts.value(of + "layers"))
        self.kv_heads = int(facts.value(of + "kv_heads"))
        self.head_dim = int(facts.value(of + "head_dim"))
        self.vocabulary = int(facts.value(of + "vocabulary_size"))
        self.kv_bytes_per_token = known("kv_bytes_per_token")
        self.experts = whole("experts", 1)
        self.experts_per_token = whole("experts_per_token", 1)
        self.window_layers = whole("window_layers", 0)
        self.window_tokens = whole("window_tokens", 0)
        self.window_kv_bytes_per_token = known("window_kv_bytes_per_token")
        self.linear_layers = whole("linear_layers", 0)
        self.state_mb = known("state_mb") or 0.0
        self.scratch_bytes_per_token = known("scratch_bytes_per_token") or 0.0
        self.max_context_tokens = known("max_context_tokens")


class Weights:
    """The bytes of a model's parts in one quantization."""

    def __init__(self, asked: Asked, facts: Facts, quantization: str, file_gb: float | None) -> None:
        active_b = used_params_b(asked)
        k, experts = asked.experts_per_token, asked.experts
        embedding_b, head_b = asked.embedding_params_b, asked.head_params_b
        layers_b = asked.params_b - embedding_b - head_b
        # What is not used for a token is in experts that were not chosen.
        idle_b = asked.params_b - active_b
        if k < experts and idle_b > 0:
            self.read_share = k / experts
            experts_b = min(layers_b, idle_b / (1 - self.read_share))
        else:  # the number of experts is not known: all layers count as experts
            experts_b = layers_b if idle_b > 0 else 0.0
            self.read_share = (layers_b - idle_b) / layers_b if idle_b > 0 else 1.0
        bits = _bits(facts, quantization)
        self.table_gb = embedding_b * bits[1] / 8
        self.dense_gb = ((layers_b - experts_b) * bits[0] + head_b * bits[2]) / 8
        self.experts_gb = experts_b * bits[3] / 8
        if file_gb is not None:
            scale = file_gb / self.total_gb()
            self.table_gb = self.table_gb * scale
            self.dense_gb = self.dense_gb * scale
            self.experts_gb = self.experts_gb * scale

    def total_gb(self) -> float:
        return self.table_gb + self.dense_gb + self.experts_gb

    def read_gb(self, requests: float, independent: float) -> float:
        """What one step reads when so many requests are answered together."""
        if self.experts_gb == 0 or self.read_share == 1:
            return self.dense_gb + self.experts_gb
        different = 1 + independent * (requests - 1)
        return self.dense_gb + self.experts_gb * (1 - _fractional_power(1 - self.read_share, different))


def _fractional_power(base: float, exponent: float) -> float:
    """base^exponent for 0 < base < 1, between whole exponents along a straight line."""
    whole = int(exponent)
    below = power(base, whole)
    return below * (1 - (exponent - whole) * (1 - base))


def _bits(facts: Facts, quantization: str) -> tuple[float, float, float, float]:
    """Bits for each weight of the layers, the input table, the output head and the experts."""
    of = "quantizations/" + quantization + "/"
    layers = facts.value(of + _BITS)
    parts = [facts.value(of + p + _BITS) if facts.has(of + p + _BITS) else layers for p in ("embedding_", "head_")]
    expert = of + "expert_" + _BITS
    return layers, parts[0], parts[1], facts.value(expert) if facts.has(expert) else layers


def used_params_b(asked: Asked) -> float:
    return asked.params_b if asked.active_params_b is None else asked.active_params_b


class Cache:
    """The cache of one request."""

    def __init__(self, asked: Asked) -> None:
        layer_bytes = 2 * 2 * asked.kv_heads * asked.head_dim
        full_layers = asked.layers - asked.window_layers - asked.linear_layers
        full, window = asked.kv_bytes_per_token, asked.window_kv_bytes_per_token
        self.token_bytes = full if full is not None else float(full_layers * layer_bytes)
        self.window_token_bytes = window if window is not None else float(asked.window_layers * layer_bytes)
        self.window_tokens = asked.window_tokens
        self.state_gb = asked.state_mb / 1000
        self.share = int(asked.kv_bits) / 16

    def tokens_gb(self, context: float) -> float:
        """What is kept of the tokens."""
        kept = context * self.token_bytes + min(context, self.window_tokens) * self.window_token_bytes
        return kept * self.share / 1e9

    def gb(self, context: float) -> float:
        """That, and the state of layers without a cache."""
        return self.tokens_gb(context) + self.state_gb


class Memory:
    """What must be held, and what there is to hold it."""

    def __init__(self, asked: Asked, facts: Facts, weights: Weights, cache: Cache) -> None:
        platform = "platforms/" + asked.hardware_class + "/"
        engine = "engines/" + engine_slug(asked) + "/"
        self.weights_gb = weights.total_gb()
        self.cache = cache
        self.requests = asked.concurrency
        self.runtime_gb = facts.value(platform + "runtime_gb")
        if asked.usable_memory_gb is None:
            self.device_gb = asked.memory_gb * GB_PER_GIB * facts.value(platform + "usable_pct") / 100
        else:
            self.device_gb = asked.usable_memory_gb
        self.holding = holding(asked)
        self.usable_gb = self.device_gb * self.holding
        self.scratch_bytes = asked.scratch_bytes_per_token
        logits = facts.value(_LOGITS_TOKENS) * asked.vocabulary * BYTES_OF_A_LOGIT / 1e9
        self.fixed_gb = self.runtime_gb * self.holding + logits
        # Layers with a window keep the tokens that are being read, too.
        kept = facts.value(engine + _WINDOW_EXTRA) if facts.has(engine + _WINDOW_EXTRA) else 0.0
        self.window_extra_tokens = kept if cache.window_token_bytes else 0.0
        self.scale_share = scale_share(asked, facts, int(asked.kv_bits))

    def overhead_gb(self, context: float) -> float:
        return self.fixed_gb + self.scratch_bytes * context / 1e9 + self.requests * self._beside_cache_gb(context)

    def _beside_cache_gb(self, context: float) -> float:
        """What programs keep beside the cache of one request: scales of blocks, and the end of a window."""
        scales_gb = self.cache.tokens_gb(context) * self.scale_share
        beyond = min(self.window_extra_tokens, max(0.0, context - self.cache.window_tokens))
        return scales_gb + beyond * self.cache.window_token_bytes * self.cache.share / 1e9

    def request_gb(self, context: float) -> float:
        """What one more request needs."""
        return self.cache.gb(context) + self._beside_cache_gb(context)

    def needed_gb(self, context: float) -> float:
        return self.weights_gb + self.requests * self.cache.gb(context) + self.overhead_gb(context)

    def needed_with_bits_gb(self, context: float, share: float, scale_share: float) -> float:
        """The same with the values of the cache at `share` of their bits and other scales; states stay as they are."""
        values_gb = self.request_gb(context) - self.cache.state_gb - self.cache.tokens_gb(context) * self.scale_share
        scales_gb = self.cache.tokens_gb(context) * share * scale_share
        one_gb = self.cache.state_gb + values_gb * share + scales_gb
        return self.needed_gb(context) + self.requests * (one_gb - self.request_gb(context))

    def longest_context(self, limit: int) -> int:
        """The most tokens that fit, 0 if not even one does."""
        if self.needed_gb(limit) <= self.usable_gb:
            return limit
        fitting, beyond = 0, limit
        while beyond - fitting > 1:
            middle = (fitting + beyond) // 2
            if self.needed_gb(middle) <= self.usable_gb:
                fitting = middle
            else:
                beyond = middle
        return fitting


def scale_share(asked: Asked, facts: Facts, bits: int) -> float:
    """Quantized caches store a scale for each block of values: what it adds to the cache."""
    stored = "engines/" + engine_slug(asked) + "/kv" + str(bits) + "_bits"
    return facts.value(stored) / bits - 1 if bits < 16 and facts.has(stored) else 0.0


def holding(asked: Asked) -> int:
    """Devices that hold a part of the model: shared out by layers, no more than there are layers."""
    return asked.devices if asked.parallelism == "tensor" else min(asked.devices, asked.layers)


def engine_slug(asked: Asked) -> str:
    return asked.engine.replace(".", "-")


def room_gb(facts: Facts, hardware_class: str, memory_gb: float) -> float:
    """What a model can have on one such device, beside the runtime. The facts do not become sources of the report."""
    platform = "platforms/" + hardware_class + "/"
    share, runtime_gb = facts.default(platform + "usable_pct"), facts.default(platform + "runtime_gb")
    assert isinstance(share, (int, float)) and isinstance(runtime_gb, (int, float))
    return memory_gb * GB_PER_GIB * share / 100 - runtime_gb


def settle_context(inputs: Inputs, asked: int, longest: float | None, report: Report) -> None:
    """A context beyond what the model was made for: the default gives way, what the reader gave is refused."""
    if longest is None or asked <= longest:
        return
    if not inputs.give_way("context_tokens", longest):
        raise InputError(
            INVALID_INPUT,
            "context_tokens",
            f"Context is {format.count(asked)} tokens, but the model was made for {format.count(longest)}; "
            f"give at most {format.count(longest)}.",
        )
    report.note(
        "assumption", f"The usual context of {format.count(asked)} tokens is beyond this model: its own is taken."
    )
