"""Does this model fit on this hardware, and how fast does it answer?

Method. Memory is counted: the weights at the bits that the quantization gives each part of the model, the cache that
attention keeps for every token, and the buffers of the program. Speed is estimated. To write one token, the device
reads the weights that the token needs and the cache; the time is that of moving these bytes, plus a fixed time for
each layer. Reading the prompt is limited by arithmetic instead. How much of the bandwidth and of the arithmetic a
class of hardware reaches is fitted to published measurements; what is left unexplained is the range.

Formulas (GB are 10^9 bytes):
    weights        (parameters of a part x bits of that part, over all parts) / 8
    cache, token   2 bytes x (key + value) x KV heads x head size x layers that keep everything; a layer with a window
                   keeps no more than the window; multi-head latent attention (MLA) keeps one short vector instead
    usable         devices x memory as sold (counted in 2^30 bytes) x share that a model can have
    read, token    output head + layers + routed experts x share of them that is read
    experts read   1 - (1 - k/E)^n, n = 1 + independent share x (requests - 1)
    time, token    read / (efficiency x bandwidth) + requests x cache x cost / bandwidth + layers x time of a layer
                   + layers x 2 x all-reduce, if the devices split every layer between them (tensor);
                   never less than requests x 2 x active parameters / arithmetic
    ceiling        bandwidth / (read + requests x cache): no program can be faster
    prompt ceiling 2 x arithmetic of all devices / operations: 8-bit arithmetic is twice as fast
    prompt, token  (2 x active parameters + 4 x query heads x head size x layers x half the context)
                   / (arithmetic x share reached)
    $ per million  (price / hours of its life + kW x utilisation x $ per kWh) / (tokens an hour x utilisation) x 10^6

Limits: steady state, one size of request, the whole context filled, no speculative decoding, no sharing of prompts,
nothing moved to slower memory. Layers shared out over several devices work one after the other.
Sources: the facts it names; the parameters of speed say which measurements they were fitted to.
"""

from __future__ import annotations

from calculators._memory import (
    CLASSES,
    ENGINE_FACTS,
    MODEL_FILLS,
    PLATFORM_FACTS,
    QUANTIZATION_FACTS,
    Cache,
    Memory,
    Weights,
    engine_slug,
    holding,
    room_gb,
    scale_share,
    settle_context,
    used_params_b,
)
from calculators.core import (
    Calculator,
    CatalogChoice,
    Chart,
    Choice,
    Column,
    Facts,
    InputError,
    Inputs,
    Integer,
    Metric,
    Number,
    OptionalInteger,
    OptionalNumber,
    Report,
    Series,
    Table,
    format,
)
from calculators.core.errors import INVALID_INPUT
from calculators.core.units import (
    BILLION,
    BITS,
    BYTES_PER_TOKEN,
    COUNT,
    GB,
    GB_PER_SECOND,
    MB,
    PERCENT,
    SECONDS,
    TEXT,
    TFLOPS,
    TOKENS,
    TOKENS_PER_JOULE,
    TOKENS_PER_SECOND,
    USD,
    USD_PER_KWH,
    USD_PER_MILLION_TOKENS,
    WATTS,
    YEARS,
    YES_NO,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from calculators.core.report import Rows

HOURS_A_YEAR = 8760
EIGHT_BIT_GAIN = 2
"""Matrix units do twice as many operations at 8 bits as at 16: programs use them for quantized weights."""

_QUESTION = "What runs on what"
_REQUEST = "The request"
_COST = "Cost"
_HARDWARE = "The hardware"
_MODEL = "The model"

_HARDWARE_FILLS = (
    ("hardware_class", "hardware_class"),
    ("memory_gb", "memory_gb"),
    ("bandwidth_gbs", "bandwidth_gbs"),
    ("compute_tflops", "compute_tflops"),
    ("power_w", "power_w"),
    ("price_usd", "price_usd"),
)


class HardwareInputs(Inputs):
    hardware = CatalogChoice(
        "Hardware",
        "hardware",
        "dgx-spark",
        fills=_HARDWARE_FILLS,
        group=_QUESTION,
        help="Fills in the memory, the bandwidth and the rest of one device.",
    )
    devices = Integer(
        "Devices",
        COUNT,
        1,
        min=1,
        max=100_000,
        typical=(1, 8),
        group=_QUESTION,
        help="How many of them share the work.",
    )
    model = CatalogChoice(
        "Model",
        "models",
        "llama-3-1-70b",
        fills=MODEL_FILLS,
        group=_QUESTION,
        help="Fills in the architecture.",
    )
    quantization = CatalogChoice(
        "Quantization",
        "quantizations",
        "q4-k-m",
        custom=False,
        group=_QUESTION,
        help="How many bits each weight takes in the file.",
    )
    engine = Choice(
        "Engine",
        (
            ("llama.cpp", "llama.cpp"),
            ("ollama", "Ollama"),
            ("mlx", "MLX"),
            ("vllm", "vLLM"),
            ("sglang", "SGLang"),
            ("tensorrt-llm", "TensorRT-LLM"),
            ("exllama", "ExLlama"),
        ),
        group=_QUESTION,
        help="The program that runs the model.",
    )
    context_tokens = Integer(
        "Context, filled",
        TOKENS,
        8192,
        min=1,
        max=100_000_000,
        typical=(512, 16_384),
        group=_REQUEST,
        help="Tokens that a request has in view; memory and all speeds are for this many.",
    )
    output_tokens = Integer(
        "Answer", TOKENS, 500, min=1, max=10_000_000, typical=(50, 2000), group=_REQUEST, help="Length of an answer."
    )
    concurrency = Integer(
        "Requests at once",
        COUNT,
        1,
        min=1,
        max=100_000,
        typical=(1, 16),
        group=_REQUEST,
        help="Each has a cache of its own.",
    )
    kv_bits = Choice(
        "KV cache",
        (("16", "16 bit"), ("8", "8 bit"), ("4", "4 bit")),
        group=_REQUEST,
        help="Bits of each cached value.",
    )
    electricity_usd_per_kwh = Number(
        "Electricity",
        USD_PER_KWH,
        0.15,
        min=0,
        max=100,
        typical=(0.04, 0.4),
        group=_COST,
        help="Price of a kilowatt-hour at the socket.",
    )
    utilization_pct = Number(
        "Utilisation",
        PERCENT,
        30,
        min=0.01,
        max=100,
        typical=(5, 100),
        group=_COST,
        help="Share of the hours of the year in which it writes tokens at this speed.",
    )
    life_years = Number(
        "Life", YEARS, 3, min=0.1, max=50, typical=(2, 6), group=_COST, help="Years over which the price is spread."
    )
    hardware_class = Choice(
        "Class",
        CLASSES,
        group=_HARDWARE,
        help="Decides how much of the memory, the bandwidth and the arithmetic a program reaches.",
    )
    memory_gb = Number(
        "Memory", GB, 24, min=0.1, max=100_000, typical=(8, 192), group=_HARDWARE, help="Of one device, as it is sold."
    )
    usable_memory_gb = OptionalNumber(
        "Of it, for a model",
        GB,
        min=0.01,
        max=200_000,
        typical=(6, 180),
        group=_HARDWARE,
        help="Of one device, in 10^9 bytes, if you know or raised the limit; blank: worked out from the class.",
    )
    bandwidth_gbs = Number(
        "Memory bandwidth",
        GB_PER_SECOND,
        900,
        min=1,
        max=1_000_000,
        typical=(100, 4000),
        group=_HARDWARE,
        help="Of one device, the peak that its maker states.",
    )
    compute_tflops = OptionalNumber(
        "Arithmetic, dense 16-bit",
        TFLOPS,
        min=0.01,
        max=1_000_000,
        typical=(5, 1000),
        group=_HARDWARE,
        help="Of one device; blank if nobody states it: then there is no estimate of how fast a prompt is read.",
    )
    power_w = OptionalNumber(
        "Power",
        WATTS,
        min=1,
        max=1_000_000,
        typical=(60, 1000),
        group=_HARDWARE,
        help="Of one device while it works; blank if not known.",
    )
    price_usd = OptionalNumber(
        "Price",
        USD,
        min=0,
        max=100_000_000,
        typical=(500, 40_000),
        group=_HARDWARE,
        help="Of one device; blank to count the electricity only.",
    )
    parallelism = Choice(
        "Shared out by",
        (("layers", "layers, one device after the other"), ("tensor", "tensor, every layer over all devices")),
        group=_HARDWARE,
        help="Matters with several devices.",
    )
    interconnect = Choice(
        "Connected by",
        (
            ("pcie", "PCIe"),
            ("none", "nothing"),
            ("nvlink", "NVLink"),
            ("infiniband", "InfiniBand or RoCE"),
            ("ethernet-25g", "25 Gbit/s Ethernet"),
            ("ethernet-10g", "10 Gbit/s Ethernet"),
            ("thunderbolt", "Thunderbolt"),
        ),
        group=_HARDWARE,
        help="Matters with several devices.",
    )
    params_b = Number(
        "Parameters",
        BILLION,
        8,
        min=0.001,
        max=100_000,
        typical=(7, 120),
        group=_MODEL,
        help="All of them, in billions.",
    )
    active_params_b = OptionalNumber(
        "Active parameters",
        BILLION,
        min=0.001,
        max=100_000,
        typical=(2.5, 7),
        group=_MODEL,
        help="Used for one token, embedding and output head included; blank for a dense model: all.",
    )
    layers = Integer("Layers", COUNT, 32, min=1, max=10_000, typical=(24, 80), group=_MODEL, help="All of them.")
    kv_heads = Integer(
        "KV heads", COUNT, 8, min=1, max=10_000, typical=(2, 16), group=_MODEL, help="Keys and values in each layer."
    )
    head_dim = Integer(
        "Size of a head", COUNT, 128, min=1, max=100_000, typical=(64, 256), group=_MODEL, help="Numbers in a key."
    )
    kv_bytes_per_token = OptionalNumber(
        "Cache of a token",
        BYTES_PER_TOKEN,
        min=0,
        max=1_000_000_000,
        typical=(20_000, 400_000),
        group=_MODEL,
        help="At 16 bits, in the layers that keep everything; blank: worked out from layers and heads.",
    )
    weights_gb = OptionalNumber(
        "Size of the file",
        GB,
        min=0.001,
        max=1_000_000,
        typical=(4, 140),
        group=_MODEL,
        help="Of all weights, if you know it; blank: worked out from parameters and quantization.",
    )
    max_context_tokens = OptionalInteger(
        "Longest context",
        TOKENS,
        min=1,
        max=100_000_000,
        typical=(8192, 262_144),
        group=_MODEL,
        help="What the model was made for; blank for no limit.",
    )
    query_heads = Integer(
        "Query heads", COUNT, 32, min=1, max=100_000, typical=(16, 64), group=_MODEL, help="Queries in each layer."
    )
    vocabulary = Integer(
        "Vocabulary",
        COUNT,
        128_256,
        min=1,
        max=100_000_000,
        typical=(32_000, 262_144),
        group=_MODEL,
        help="Tokens it knows.",
    )
    embedding_params_b = Number(
        "Input table",
        BILLION,
        0,
        min=0,
        max=10_000,
        typical=(0, 0.7),
        group=_MODEL,
        help="Of the parameters; looked up, not read in full. 0 if it is also the output head.",
    )
    head_params_b = Number(
        "Output head",
        BILLION,
        0,
        min=0,
        max=10_000,
        typical=(0.1, 0.7),
        group=_MODEL,
        help="Of the parameters; quantized files keep it at more bits.",
    )
    experts = Integer(
        "Experts",
        COUNT,
        1,
        min=1,
        max=100_000,
        typical=(16, 128),
        group=_MODEL,
        help="In a layer; 1 for a dense model.",
    )
    experts_per_token = Integer(
        "Experts for a token",
        COUNT,
        1,
        min=1,
        max=100_000,
        typical=(1, 8),
        group=_MODEL,
        help="Of those, for one token.",
    )
    window_layers = Integer(
        "Layers with a window",
        COUNT,
        0,
        min=0,
        max=10_000,
        typical=(0, 12),
        group=_MODEL,
        help="They look back only so far.",
    )
    window_tokens = Integer(
        "That window",
        TOKENS,
        1024,
        min=1,
        max=100_000_000,
        typical=(128, 4096),
        group=_MODEL,
        help="How far they look.",
    )
    window_kv_bytes_per_token = OptionalNumber(
        "Cache of a token in the window",
        BYTES_PER_TOKEN,
        min=0,
        max=1_000_000_000,
        typical=(10_000, 300_000),
        group=_MODEL,
        help="At 16 bits, in the layers with a window; blank: worked out from layers and heads.",
    )
    linear_layers = Integer(
        "Layers without a cache",
        COUNT,
        0,
        min=0,
        max=10_000,
        typical=(0, 12),
        group=_MODEL,
        help="Linear attention, which keeps a state of fixed size.",
    )
    state_mb = Number(
        "That state",
        MB,
        0,
        min=0,
        max=1_000_000,
        typical=(0, 200),
        group=_MODEL,
        help="For each request, in all layers.",
    )
    scratch_bytes_per_token = Number(
        "Attention buffer",
        BYTES_PER_TOKEN,
        0,
        min=0,
        max=1_000_000_000,
        typical=(0, 70_000),
        group=_MODEL,
        help="For each token of the context; MLA models need one in programs without flash attention for them.",
    )


_SIZES = ("model", "quantization", "params_b", "active_params_b", "embedding_params_b", "head_params_b", "weights_gb")
_EXPERTS = ("experts", "experts_per_token")
_CACHE_OF_A_TOKEN = (
    "model",
    "kv_bits",
    "layers",
    "kv_heads",
    "head_dim",
    "kv_bytes_per_token",
    "window_layers",
    "window_tokens",
    "window_kv_bytes_per_token",
    "linear_layers",
    "state_mb",
)
_CACHE = _CACHE_OF_A_TOKEN + ("context_tokens", "max_context_tokens")
_BUFFERS = ("scratch_bytes_per_token", "vocabulary", "engine", "concurrency", "devices", "hardware", "hardware_class")
_MEMORY = _SIZES + _EXPERTS + _CACHE + _BUFFERS
_USABLE = ("hardware", "hardware_class", "memory_gb", "usable_memory_gb", "devices")
_FIT = _MEMORY + ("memory_gb", "usable_memory_gb")
_READ = _SIZES + _EXPERTS + ("concurrency",)
_LIMIT = _READ + _CACHE + ("hardware", "bandwidth_gbs", "devices", "parallelism")
_STEP = _FIT + ("bandwidth_gbs", "compute_tflops", "parallelism", "interconnect")
_PROMPT = _FIT + ("bandwidth_gbs", "compute_tflops", "parallelism", "interconnect", "query_heads")
_ARITHMETIC = (
    "hardware",
    "compute_tflops",
    "devices",
    "model",
    "params_b",
    "active_params_b",
    "embedding_params_b",
    "layers",
    "window_layers",
    "window_tokens",
    "linear_layers",
    "query_heads",
    "head_dim",
    "context_tokens",
    "max_context_tokens",
)
_MONEY = ("price_usd", "power_w", "electricity_usd_per_kwh", "utilization_pct", "life_years")

_FREE = "memory_free_gb"

METRICS = (
    Metric("decode_tps", "Speed of one request", TOKENS_PER_SECOND, _STEP, key=True, follows=_FREE),
    Metric("memory_needed_gb", "Memory needed", GB, _MEMORY, key=True),
    Metric("memory_usable_gb", "Memory that a model can have", GB, _USABLE, key=True),
    Metric(
        "max_context_tokens",
        "Longest context that fits",
        TOKENS,
        _SIZES + _EXPERTS + _CACHE_OF_A_TOKEN + _BUFFERS + ("memory_gb", "usable_memory_gb", "max_context_tokens"),
        key=True,
        follows=_FREE,
    ),
    Metric("first_token_s", "Until the first token", SECONDS, _PROMPT, key=True, follows=_FREE),
    Metric("bandwidth_ceiling_tps", "No program can be faster than", TOKENS_PER_SECOND, _LIMIT, key=True),
    Metric("prefill_ceiling_tps", "Arithmetic allows, for the prompt", TOKENS_PER_SECOND, _ARITHMETIC),
    Metric("total_tps", "All requests together", TOKENS_PER_SECOND, _STEP, follows=_FREE),
    Metric("prefill_tps", "Reading the prompt", TOKENS_PER_SECOND, _PROMPT, follows=_FREE),
    Metric("answer_s", "Until the answer is complete", SECONDS, _PROMPT + ("output_tokens",), follows=_FREE),
    Metric("fits", "Fits", YES_NO, _FIT, follows=_FREE),
    Metric("weights_gb", "Weights", GB, _SIZES + _EXPERTS),
    Metric("kv_cache_gb", "KV cache", GB, _CACHE + ("concurrency",)),
    Metric(
        "overhead_gb",
        "Buffers and runtime",
        GB,
        _CACHE_OF_A_TOKEN[:-1] + ("context_tokens", "max_context_tokens") + _BUFFERS,
    ),
    Metric("memory_free_gb", "Memory left", GB, _FIT),
    Metric("read_gb", "Read for each step", GB, _READ),
    Metric("power_w", "Power", WATTS, ("hardware", "power_w", "devices")),
    Metric("tokens_per_joule", "Tokens for a joule", TOKENS_PER_JOULE, _STEP + ("power_w",), follows=_FREE),
    Metric("usd_per_million_tokens", "A million tokens", USD_PER_MILLION_TOKENS, _STEP + _MONEY, follows=_FREE),
)

_TOOL = "speed/verdicts/tool_tps"
_USABLE_SPEED = "speed/verdicts/usable_tps"
_SLOW = "speed/verdicts/slow_tps"
_INDEPENDENT = "speed/batching/independent_share_pct"
_EXPERTS_LOW = "speed/experts/decode_low_ratio"
_EXPERTS_HIGH = "speed/experts/decode_high_ratio"
_LINEAR_LOW = "speed/linear-attention/decode_low_ratio"
_PIPELINE_GAIN = "speed/layer-split/prefill_gain_ratio"

_FITTED = (
    "bandwidth_share_pct",
    "cache_cost_ratio",
    "layer_us",
    "decode_low_ratio",
    "decode_high_ratio",
    "prefill_share_pct",
    "attention_cost_ratio",
    "moe_cost_ratio",
    "prefill_low_ratio",
    "prefill_high_ratio",
    "decode_ratio",
    "prefill_ratio",
)
"""What `python -m tests.accuracy` fits: of a class of hardware, or (the last two) of an engine."""

FACTS = (
    (_TOOL, _USABLE_SPEED, _SLOW, _INDEPENDENT, _PIPELINE_GAIN)
    + tuple(["hardware/*/" + name for _, name in _HARDWARE_FILLS])
    + tuple(["models/*/" + name for _, name in MODEL_FILLS])
    + QUANTIZATION_FACTS
    + PLATFORM_FACTS
    + tuple(["speed/*/" + name for name in _FITTED])
    + ENGINE_FACTS
    + ("interconnects/*/latency_us", "interconnects/*/bandwidth_gbs")
)


class _Speed:
    """The time of a step of generation, and of reading a prompt."""

    def __init__(self, inputs: HardwareInputs, facts: Facts, weights: Weights, cache: Cache) -> None:
        of = "speed/" + inputs.hardware_class + "/"
        engine = "speed/engine-" + engine_slug(inputs) + "/"
        self._weights = weights
        self._cache = cache
        self._layers = inputs.layers
        together = holding(inputs)
        self._together = together
        self._tensor = together if inputs.parallelism == "tensor" else 1
        self._bandwidth = inputs.bandwidth_gbs * self._tensor
        self._share = facts.value(of + "bandwidth_share_pct") / 100
        self._cache_cost = facts.value(of + "cache_cost_ratio")
        self._layer_s = facts.value(of + "layer_us") * 1e-6
        self._independent = facts.value(_INDEPENDENT) / 100 if inputs.concurrency > 1 or _is_moe(inputs) else 0.0
        self._sync_s = 0.0
        self._link_gbs = 0.0
        if together > 1:
            link = "interconnects/" + inputs.interconnect + "/"
            latency_s = facts.value(link + "latency_us") * 1e-6
            waits = 2 * inputs.layers if self._tensor > 1 else together - 1
            self._sync_s = latency_s * waits
            self._link_gbs = facts.value(link + "bandwidth_gbs")
        ratio = engine + "decode_ratio"
        self._engine = facts.value(ratio) if facts.has(ratio) else 1.0
        self.low = facts.value(of + "decode_low_ratio")
        self.high = facts.value(of + "decode_high_ratio")
        if _is_moe(inputs):
            self.low = min(self.low, facts.value(_EXPERTS_LOW))
            self.high = max(self.high, facts.value(_EXPERTS_HIGH))
        if inputs.linear_layers:
            self.low = min(self.low, facts.value(_LINEAR_LOW))

        # The prompt.
        self._ops = 2 * (used_params_b(inputs) - inputs.embedding_params_b) * 1e9
        full_layers = inputs.layers - inputs.window_layers - inputs.linear_layers
        self._width = inputs.query_heads * inputs.head_dim
        self._attention_layers = (full_layers, inputs.window_layers)
        self._window = inputs.window_tokens
        self._compute = None if inputs.compute_tflops is None else inputs.compute_tflops * 1e12
        self._prefill_share = facts.value(of + "prefill_share_pct") / 100
        self._attention_cost = facts.value(of + "attention_cost_ratio")
        self._moe_cost = facts.value(of + "moe_cost_ratio") if _is_moe(inputs) else 0.0
        self._pipeline = 1.0
        if together > 1 and self._tensor == 1:
            self._pipeline = 1 + facts.value(_PIPELINE_GAIN) * (together - 1)
        self._microbatch = facts.value("engines/" + engine_slug(inputs) + "/microbatch_tokens")
        ratio = engine + "prefill_ratio"
        self._prefill_engine = facts.value(ratio) if facts.has(ratio) else 1.0
        self.prefill_low = facts.value(of + "prefill_low_ratio")
        self.prefill_high = facts.value(of + "prefill_high_ratio")

    def read_gb(self, requests: float) -> float:
        return self._weights.read_gb(requests, self._independent)

    def ceiling(self, context: float, requests: int) -> float:
        """Tokens a second of one request that bandwidth allows, whatever the program."""
        return self._bandwidth / (self.read_gb(requests) + requests * self._cache.gb(context))

    def decode(self, context: float, requests: int) -> float:
        """Tokens a second of one request, as expected."""
        moved = self.read_gb(requests) / self._share + requests * self._cache.gb(context) * self._cache_cost
        seconds = moved / self._bandwidth + self._layers * self._layer_s + self._sync_s
        if self._compute is not None:
            ops = requests * self._ops * (1 / self._prefill_share + self._moe_cost)
            seconds = max(seconds, ops / (self._compute * self._tensor))
        return min(self._engine / seconds, self.ceiling(context, requests))

    def prefill(self, context: int) -> float | None:
        """Tokens of a prompt of this length that are read in a second; None if the arithmetic is not known."""
        if self._compute is None:
            return None
        ops = self._ops * (1 / self._prefill_share + self._moe_cost)
        ops = ops + self._attention_ops(context) * self._attention_cost
        seconds = ops / (self._compute * self._tensor)
        # However few they are, the tokens that are read together need all weights that they use.
        together = min(context, self._microbatch)
        seconds = max(seconds, self.read_gb(together) / self._share / self._bandwidth / together)
        if self._tensor > 1:  # two all-reduces a layer, of 2-byte numbers
            seconds = seconds + 2 * self._layers * self._width * 2 / (self._link_gbs * 1e9)
        ceiling = self.prefill_ceiling(context)
        assert ceiling is not None
        return min(self._prefill_engine * self._pipeline / seconds, ceiling)

    def prefill_ceiling(self, context: int) -> float | None:
        """Tokens of such a prompt that the arithmetic of all devices allows at 8 bits, whatever the program."""
        if self._compute is None:
            return None
        ops = self._ops + self._attention_ops(context)
        return EIGHT_BIT_GAIN * self._compute * self._together / ops

    def _attention_ops(self, context: int) -> float:
        """Operations of attention for a token of the prompt, which looks back over half of it on average."""
        half = context / 2
        full, window = self._attention_layers
        return 4 * self._width * (full * half + window * min(half, self._window))


def _is_moe(inputs: HardwareInputs) -> bool:
    return used_params_b(inputs) < inputs.params_b


def compute(inputs: HardwareInputs, facts: Facts) -> Report:
    """Memory, speed with its range and ceiling, energy and money."""
    report = Report(METRICS)
    _settle(inputs, report)
    context, requests = inputs.context_tokens, inputs.concurrency
    weights = Weights(inputs, facts, inputs.quantization, inputs.weights_gb)
    cache = Cache(inputs)
    memory = Memory(inputs, facts, weights, cache)
    speed = _Speed(inputs, facts, weights, cache)
    needed_gb = memory.needed_gb(context)
    fits = needed_gb <= memory.usable_gb
    limit = inputs.max_context_tokens if inputs.max_context_tokens is not None else 100_000_000
    longest = memory.longest_context(limit)

    report.set("weights_gb", memory.weights_gb)
    report.set("kv_cache_gb", requests * cache.gb(context))
    report.set("overhead_gb", memory.overhead_gb(context))
    report.set("memory_needed_gb", needed_gb)
    report.set("memory_usable_gb", memory.usable_gb)
    report.set("memory_free_gb", memory.usable_gb - needed_gb)
    report.set("fits", 1 if fits else 0)
    report.set("max_context_tokens", longest)
    report.set("read_gb", speed.read_gb(requests))
    report.set("bandwidth_ceiling_tps", speed.ceiling(context, requests))
    report.set("prefill_ceiling_tps", speed.prefill_ceiling(context))
    power_w = None if inputs.power_w is None else inputs.power_w * inputs.devices
    report.set("power_w", power_w)

    if fits:
        _set_speeds(report, inputs, speed, power_w)
        tps = speed.decode(context, requests)
        report.verdict = _verdict(tps, facts)
    else:
        for id in _SPEEDS:
            report.set(id, None)
        report.verdict = "does-not-fit"
        _advise(report, inputs, facts, memory, longest)
    report.headline = _headline(inputs, facts, memory, speed, fits)
    if fits:
        report.note(
            "range",
            "Low to high is where eight of ten published measurements of such hardware lie beside this estimate, when "
            "the device itself is left out of the fit. Engines and their versions differ that much.",
        )
    if inputs.devices > 1 and inputs.parallelism == "layers":
        report.note(
            "assumption", "Devices that share out the layers work one after the other: more room, not more speed."
        )
    if inputs.devices > memory.holding:
        report.note("limit", f"Only {memory.holding} of the devices hold a layer.")
    if inputs.kv_bits == "4" and not facts.has("engines/" + engine_slug(inputs) + "/kv4_bits"):
        report.note("limit", "No 4-bit cache of this engine is known to the catalog.")
    if fits and inputs.linear_layers:
        report.note(
            "limit", "Layers without a cache are young in programs and were hardly measured: expect the low end."
        )
    if fits and inputs.compute_tflops is None:
        report.note("limit", "The arithmetic of this hardware is not known: no estimate of reading the prompt.")
    if fits and inputs.price_usd is None and power_w is not None:
        report.note("limit", "Without a price, a million tokens counts the electricity only.")
    report.tables = _tables(inputs, facts, memory, speed, limit)
    report.charts = _charts(inputs, memory, speed, limit)
    return report


_SPEEDS = (
    "decode_tps",
    "total_tps",
    "prefill_tps",
    "first_token_s",
    "answer_s",
    "tokens_per_joule",
    "usd_per_million_tokens",
)


def _set_speeds(report: Report, inputs: HardwareInputs, speed: _Speed, power_w: float | None) -> None:
    """The metrics of a model that fits, each with its range."""
    context, requests = inputs.context_tokens, inputs.concurrency
    ceiling = speed.ceiling(context, requests)
    middle = speed.decode(context, requests)
    decodes = [middle, middle * speed.low, min(middle * speed.high, ceiling)]
    totals = [requests * tps for tps in decodes]
    _set(report, "decode_tps", decodes)
    _set(report, "total_tps", totals)
    prefill, limit = speed.prefill(context), speed.prefill_ceiling(context)
    if prefill is None or limit is None:
        report.set("prefill_tps", None)
        report.set("first_token_s", None)
        report.set("answer_s", None)
    else:
        prefills = [min(limit, prefill * end) for end in (1.0, speed.prefill_low, speed.prefill_high)]
        firsts = [context / prefills[i] + 1 / decodes[i] for i in range(3)]
        _set(report, "prefill_tps", prefills)
        _set(report, "first_token_s", firsts)
        _set(report, "answer_s", [firsts[i] + (inputs.output_tokens - 1) / decodes[i] for i in range(3)])
    if power_w is None:
        report.set("tokens_per_joule", None)
    else:
        _set(report, "tokens_per_joule", [tps / power_w for tps in totals])
    used = inputs.utilization_pct / 100
    usd_hour = 0.0
    if inputs.price_usd is not None:
        usd_hour = inputs.price_usd * inputs.devices / (inputs.life_years * HOURS_A_YEAR)
    if power_w is not None:
        usd_hour = usd_hour + power_w / 1000 * used * inputs.electricity_usd_per_kwh
    if power_w is None and inputs.price_usd is None:
        report.set("usd_per_million_tokens", None)
    else:
        _set(report, "usd_per_million_tokens", [usd_hour / (tps * 3600 * used) * 1e6 for tps in totals])


def _set(report: Report, id: str, values: list[float]) -> None:
    report.set(id, values[0], tuple(values[1:]))


def _settle(inputs: HardwareInputs, report: Report) -> None:
    """Inputs that contradict each other: a default gives way, what the reader gave is refused."""
    active_b = used_params_b(inputs)
    if active_b > inputs.params_b:
        _give_way(inputs, "active_params_b", inputs.params_b, "are more than all parameters; give at most those")
    for name in ("embedding_params_b", "head_params_b"):
        if inputs.embedding_params_b + inputs.head_params_b >= used_params_b(inputs):
            _give_way(inputs, name, 0.0, "has as many parameters as the model uses; give fewer")
    if 1 < inputs.experts < inputs.experts_per_token:
        _give_way(inputs, "experts_per_token", inputs.experts, "are more than there are experts; give at most those")
    special = ("window_layers", "linear_layers")
    for name in special:
        if inputs.window_layers + inputs.linear_layers > inputs.layers:
            inputs.give_way(name, 0)
    for name in special:
        if inputs.window_layers + inputs.linear_layers > inputs.layers and inputs.values[name]:
            raise _refused(name, getattr(HardwareInputs, name).label + " are more than there are layers; give fewer.")
    settle_context(inputs, inputs.context_tokens, inputs.max_context_tokens, report)
    if inputs.devices > 1 and inputs.interconnect == "none":
        raise _refused(
            "interconnect", f"{format.count(inputs.devices)} devices that share a model need a connection; choose one."
        )


def _give_way(inputs: HardwareInputs, name: str, value: float, problem: str) -> None:
    """A default gives way to `value`; what the reader gave is refused."""
    if not inputs.give_way(name, value):
        raise _refused(name, getattr(HardwareInputs, name).label + " " + problem + ".")


def _refused(name: str, message: str) -> InputError:
    return InputError(INVALID_INPUT, name, message)


def _verdict(tps: float, facts: Facts) -> str:
    for verdict, ref in (("tool", _TOOL), ("usable", _USABLE_SPEED), ("slow", _SLOW)):
        if tps >= facts.value(ref):
            return verdict
    return "painful"


def _label(facts: Facts, kind: str, slug: str, otherwise: str) -> str:
    for known, label in facts.subjects(kind):
        if known == slug:
            return label
    return otherwise


def _headline(inputs: HardwareInputs, facts: Facts, memory: Memory, speed: _Speed, fits: bool) -> str:
    model = _label(facts, "models", inputs.model, "This model")
    device = _label(facts, "hardware", inputs.hardware, "this hardware")
    where = device if inputs.devices == 1 else format.count(inputs.devices) + " × " + device
    what = model + " at " + _label(facts, "quantizations", inputs.quantization, inputs.quantization)
    context = inputs.context_tokens
    if not fits:
        return (
            f"{what} does not fit on {where}: it needs {format.number_of(memory.needed_gb(context))} GB of the "
            f"{format.number_of(memory.usable_gb)} GB that a model can have."
        )
    middle = speed.decode(context, inputs.concurrency)
    high = min(middle * speed.high, speed.ceiling(context, inputs.concurrency))
    requests = "" if inputs.concurrency == 1 else f" for each of {format.count(inputs.concurrency)} requests"
    seen = format.count(context)
    return (
        f"{what} fits on {where} and writes about {format.estimate(middle)} tokens a second{requests} "
        f"({format.estimate(middle * speed.low)} to {format.estimate(high)}) with {seen} tokens in view."
    )


def _advise(report: Report, inputs: HardwareInputs, facts: Facts, memory: Memory, longest: int) -> None:
    """What would make it fit: one sentence for each way that there is."""
    context = inputs.context_tokens
    if longest > 0:
        report.note("advice", f"A context of up to {format.count(longest)} tokens fits.")
    bits = int(inputs.kv_bits)
    for fewer in (8, 4):
        needed_gb = memory.needed_with_bits_gb(context, fewer / bits, scale_share(inputs, facts, fewer))
        if fewer < bits and needed_gb <= memory.usable_gb:
            report.note("advice", f"A KV cache of {fewer} bits makes it fit.")
            break
    best, best_gb = "", 0.0
    for slug, label in facts.subjects("quantizations"):
        weights_gb = _quiet_weights(inputs, facts, slug)
        fits = memory.needed_gb(context) - memory.weights_gb + weights_gb <= memory.usable_gb
        if fits and best_gb < weights_gb < memory.weights_gb:
            best, best_gb = label, weights_gb
    if best:
        report.note(
            "advice", f"{best} is the largest quantization that fits: {format.number_of(best_gb)} GB of weights."
        )
    more = _devices_needed(inputs, memory)
    if more:
        report.note("advice", f"{format.count(more)} such devices hold it.")
    smallest, smallest_gb = "", 0.0
    shared_gb = memory.needed_gb(context) - memory.runtime_gb * memory.holding
    for slug, label in facts.subjects("hardware"):
        of = "hardware/" + slug + "/"
        memory_gb = facts.default(of + "memory_gb")
        assert isinstance(memory_gb, (int, float))
        device_gb = room_gb(facts, str(facts.default(of + "hardware_class")), memory_gb)
        if device_gb >= shared_gb and (not smallest or device_gb < smallest_gb):
            smallest, smallest_gb = label, device_gb
    if smallest:
        report.note("advice", f"The smallest single device of the catalog that holds it: {smallest}.")
    else:
        report.note("advice", "No single device of the catalog holds it.")


def _quiet_weights(inputs: HardwareInputs, facts: Facts, quantization: str) -> float:
    """The weights in another quantization, which is not thereby a source of the report."""
    used = list(facts.used)
    weights_gb = Weights(inputs, facts, quantization, None).total_gb()
    facts.used = used
    return weights_gb


def _devices_needed(inputs: HardwareInputs, memory: Memory) -> int:
    """How many of these devices hold it, 0 if none of a number up to the most that is allowed does."""
    context = inputs.context_tokens
    free_gb = memory.device_gb - memory.runtime_gb
    if free_gb <= 0:
        return 0
    shared_gb = memory.needed_gb(context) - memory.runtime_gb * memory.holding
    count = int(shared_gb / free_gb)
    while count * free_gb < shared_gb:
        count = count + 1
    most = 100_000 if inputs.parallelism == "tensor" else inputs.layers
    return count if inputs.devices < count <= most else 0


def _contexts(limit: int, asked: int) -> list[int]:
    """The contexts of table and charts: doublings up to what the model was made for, and the one asked for."""
    contexts = [asked]
    context = 1024
    while context <= limit and context <= 1_048_576:
        if context != asked:
            contexts.append(context)
        context = context * 2
    contexts.sort()
    return contexts


def _tables(inputs: HardwareInputs, facts: Facts, memory: Memory, speed: _Speed, limit: int) -> list[Table]:
    asked, requests = inputs.context_tokens, inputs.concurrency
    contexts = _contexts(limit, asked)
    batches = [1, 2, 4, 8, 16, 32, 64]
    quantizations = facts.subjects("quantizations")

    def parts() -> Rows:
        needed = memory.needed_gb(asked)
        rows: Rows = [
            ["Weights", memory.weights_gb],
            ["KV cache", requests * memory.cache.gb(asked)],
            ["Buffers and runtime", memory.overhead_gb(asked)],
            ["Needed", needed],
            ["A model can have", memory.usable_gb],
            ["Left", memory.usable_gb - needed],
        ]
        return rows

    def by_context() -> Rows:
        rows: Rows = []
        for context in contexts:
            needed = memory.needed_gb(context)
            fits = needed <= memory.usable_gb
            tps = speed.decode(context, requests) if fits else None
            ceiling = speed.ceiling(context, requests)
            high = None if tps is None else min(tps * speed.high, ceiling)
            rows.append(
                [
                    context,
                    requests * memory.cache.gb(context),
                    needed,
                    1 if fits else 0,
                    None if tps is None else tps * speed.low,
                    tps,
                    high,
                    ceiling,
                    speed.prefill(context) if fits else None,
                ]
            )
        return rows

    def by_requests() -> Rows:
        rows: Rows = []
        for batch in batches:
            needed = memory.needed_gb(asked) + (batch - requests) * memory.request_gb(asked)
            fits = needed <= memory.usable_gb
            tps = speed.decode(asked, batch)
            rows.append([batch, needed, 1 if fits else 0, tps if fits else None, batch * tps if fits else None])
        return rows

    def by_quantization() -> Rows:
        rows: Rows = []
        for slug, label in quantizations:
            weights_gb = _quiet_weights(inputs, facts, slug)
            needed = memory.needed_gb(asked) - memory.weights_gb + weights_gb
            rows.append(
                [label, weights_gb * 8 / inputs.params_b, weights_gb, needed, 1 if needed <= memory.usable_gb else 0]
            )
        return rows

    speeds = (
        Column("low_tps", "Low", TOKENS_PER_SECOND),
        Column("decode_tps", "Expected", TOKENS_PER_SECOND),
        Column("high_tps", "High", TOKENS_PER_SECOND),
        Column("ceiling_tps", "Ceiling", TOKENS_PER_SECOND),
        Column("prefill_tps", "Reading the prompt", TOKENS_PER_SECOND),
    )
    needed_fits = (Column("needed_gb", "Needed", GB), Column("fits", "Fits", YES_NO))
    return [
        Table("memory", "Memory by part", (Column("part", "Part", TEXT), Column("gb", "Memory", GB)), 6, parts),
        Table(
            "by_context",
            "Speed and memory over the context",
            (Column("context_tokens", "Context", TOKENS), Column("kv_cache_gb", "KV cache", GB)) + needed_fits + speeds,
            len(contexts),
            by_context,
        ),
        Table(
            "by_requests",
            "Several requests at once",
            (Column("requests", "Requests", COUNT),)
            + needed_fits
            + (Column("decode_tps", "Each", TOKENS_PER_SECOND), Column("total_tps", "Together", TOKENS_PER_SECOND)),
            len(batches),
            by_requests,
            opened=False,
        ),
        Table(
            "by_quantization",
            "This model in every quantization",
            (
                Column("quantization", "Quantization", TEXT),
                Column("bits", "Bits a weight", BITS),
                Column("weights_gb", "Weights", GB),
            )
            + needed_fits,
            len(quantizations),
            by_quantization,
            opened=False,
        ),
    ]


def _charts(inputs: HardwareInputs, memory: Memory, speed: _Speed, limit: int) -> list[Chart]:
    asked = inputs.context_tokens
    contexts = _contexts(limit, asked)
    if len(contexts) == 1:
        contexts = [asked // 2 or 2, asked]  # an area needs two sides
        contexts.sort()
    charts = [_memory_chart(inputs, memory, contexts)]
    fitting = [context for context in contexts if memory.needed_gb(context) <= memory.usable_gb]
    if fitting:
        charts.append(_decode_chart(inputs, speed, fitting))
    return charts


def _memory_chart(inputs: HardwareInputs, memory: Memory, contexts: list[int]) -> Chart:
    asked, requests = inputs.context_tokens, inputs.concurrency
    needed_gb, usable_gb = memory.needed_gb(asked), memory.usable_gb
    held = (
        ("weights_gb", "Weights", "part-1", [memory.weights_gb for context in contexts]),
        ("kv_cache_gb", "KV cache", "part-2", [requests * memory.cache.gb(context) for context in contexts]),
        ("overhead_gb", "Buffers and runtime", "part-3", [memory.overhead_gb(context) for context in contexts]),
        ("needed_gb", "Needed", "total", [memory.needed_gb(context) for context in contexts]),
        ("usable_gb", "A model can have", "limit", [usable_gb for context in contexts]),
    )
    outcome = "are left" if needed_gb <= usable_gb else "too much"
    return Chart(
        "memory",
        "Memory by part over the context",
        f"Weights take {format.number_of(memory.weights_gb)} GB; with the cache and buffers of "
        f"{format.count(asked)} tokens it is {format.number_of(needed_gb)} GB of the "
        f"{format.number_of(usable_gb)} GB that a model can have: "
        f"{format.number_of(abs(usable_gb - needed_gb))} GB {outcome}.",
        Column("context_tokens", "Context", TOKENS),
        Column("gb", "Memory", GB),
        [float(context) for context in contexts],
        [Series(id, label, role, values) for id, label, role, values in held],
        [(float(asked), "asked for")],
        kind="stack",
        x_scale="log",
    )


def _decode_chart(inputs: HardwareInputs, speed: _Speed, fitting: list[int]) -> Chart:
    """Of the contexts that fit."""
    asked, requests = inputs.context_tokens, inputs.concurrency
    ceilings = [speed.ceiling(context, requests) for context in fitting]
    middles = [speed.decode(context, requests) for context in fitting]
    highs = [min(middles[i] * speed.high, ceilings[i]) for i in range(len(fitting))]
    lines = (
        ("low_tps", "Low", "low", [tps * speed.low for tps in middles]),
        ("decode_tps", "Expected", "middle", middles),
        ("high_tps", "High", "high", highs),
        ("ceiling_tps", "Bandwidth ceiling", "limit", ceilings),
    )
    text = f"One request gets {format.estimate(middles[0])} tokens a second with {format.count(fitting[0])} in view"
    if len(fitting) > 1:
        text = f"{text} and {format.estimate(middles[-1])} with {format.count(fitting[-1])}"
    if asked in fitting:
        at = fitting.index(asked)
        low, high = format.estimate(lines[0][3][at]), format.estimate(highs[at])
        text = f"{text}; with the {format.count(asked)} asked for, {low} to {high}"
    return Chart(
        "decode",
        "Speed over the context",
        text + ".",
        Column("context_tokens", "Context", TOKENS),
        Column("tps", "Speed", TOKENS_PER_SECOND),
        [float(context) for context in fitting],
        [Series(id, label, role, values) for id, label, role, values in lines],
        [(float(asked), "asked for")] if asked in fitting else [],
        x_scale="log",
    )


CALCULATOR = Calculator(
    slug="hardware-fit",
    title="Hardware fit",
    question="Does this model fit on this hardware, and how fast does it answer?",
    disclaimer="An estimate, not a promise: measure before you buy.",
    inputs=HardwareInputs,
    metrics=METRICS,
    verdicts=(
        ("tool", "Fast enough to work with"),
        ("usable", "Usable"),
        ("slow", "Slow"),
        ("painful", "Painfully slow"),
        ("does-not-fit", "Does not fit"),
    ),
    compute=compute,
    facts=FACTS,
)
