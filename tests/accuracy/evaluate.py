"""Errors of the speed estimate, each device predicted by a fit that has not seen it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from catalog import vocabulary
from tests.accuracy.fit import DECODE, PREFILL, Fitted, Unknowns, fit, quantile
from tests.accuracy.measurements import Row

BASELINE = ("llama.cpp", "ollama", "mlx")
"""Engines whose measurements the classes of hardware are fitted to: they share their kernels, or nearly so."""
TIERS = (5, 15, 30)
FEW = 20
"""A class with fewer measurements takes the range of all devices, whatever their class."""
LOW, HIGH = 0.1, 0.9
"""The range holds the measurements between these shares of them."""

CLASSES = vocabulary.kinds()["hardware"].choices["hardware_class"]


@dataclass(frozen=True)
class Predicted:
    """A measurement and what the calculator says to it."""

    row: Row
    tps: float
    ceiling_tps: float

    @property
    def ratio(self) -> float:
        """What was measured, as a multiple of what was predicted."""
        return self.row.tps / self.tps

    @property
    def error(self) -> float:
        return abs(self.tps / self.row.tps - 1)

    @property
    def right_tier(self) -> bool:
        return tier(self.tps) == tier(self.row.tps)


def tier(tps: float) -> int:
    """0 to 3: painful, slow, usable, tool."""
    return sum(tps >= limit for limit in TIERS)


def decode_facts(hardware_class: str, found: Sequence[float]) -> dict[str, float]:
    """Coefficients as the facts that the calculator takes, three digits each."""
    weights, cache, layer = found
    of = f"speed/{hardware_class}/"
    values = {"bandwidth_share_pct": 100 / weights, "cache_cost_ratio": cache, "layer_us": layer * 1e6}
    return {of + name: rounded(value) for name, value in values.items()}


def prefill_facts(hardware_class: str, found: Sequence[float]) -> dict[str, float]:
    arithmetic, attention, experts = found
    of = f"speed/{hardware_class}/"
    values = {"prefill_share_pct": 100 / arithmetic, "attention_cost_ratio": attention, "moe_cost_ratio": experts}
    return {of + name: rounded(value) for name, value in values.items()}


def rounded(value: float) -> float:
    """Three digits: more would pretend."""
    return float(f"{value:.3g}")


def single_decode(rows: Sequence[Row]) -> list[Row]:
    """One request at a time."""
    return [row for row in rows if row.phase == "decode" and row.requests == 1]


def of_baseline(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if row.engine in BASELINE and row.scenario.get("parallelism", "layers") == "layers"]


def prefill_rows(rows: Sequence[Row]) -> list[Row]:
    """Prompts of one request on one device, where the arithmetic is known."""
    return [
        row
        for row in rows
        if row.phase == "prefill"
        and row.devices == 1
        and row.requests == 1
        and row.report["inputs"]["compute_tflops"]["value"] is not None
    ]


def predict(row: Row, facts: Mapping[str, float]) -> Predicted:
    metrics = row.asker.ask(row.scenario, facts)["metrics"]
    if row.phase == "prefill":
        return Predicted(row, metrics["prefill_tps"]["value"], metrics["prefill_ceiling_tps"]["value"])
    requests = row.requests
    return Predicted(row, metrics["total_tps"]["value"], metrics["bandwidth_ceiling_tps"]["value"] * requests)


def left_out(unknowns: Unknowns, rows: Sequence[Row], facts: Mapping[str, float]) -> list[Predicted]:
    """Each row predicted from the rows of all other devices; `facts` are parameters that are not fitted here."""
    made = []
    to_facts = decode_facts if unknowns is DECODE else prefill_facts
    for hardware in sorted({row.hardware for row in rows}):
        others = fit(unknowns, of_baseline([row for row in rows if row.hardware != hardware]))
        for row in rows:
            if row.hardware == hardware:
                own = to_facts(row.hardware_class, others.of(row.hardware_class))
                made.append(predict(row, {**facts, **own}))
    return made


def class_facts(decode: Fitted, prefill: Fitted) -> dict[str, float]:
    """The fitted parameters of every class."""
    facts: dict[str, float] = {}
    for name in CLASSES:
        facts |= decode_facts(name, decode.of(name))
        facts |= prefill_facts(name, prefill.of(name))
    return facts


def fit_all(rows: Sequence[Row]) -> tuple[Fitted, Fitted]:
    """Parameters of writing and of reading, from everything that was measured."""
    return fit(DECODE, of_baseline(single_decode(rows))), fit(PREFILL, of_baseline(prefill_rows(rows)))


def engine_ratios(rows: Sequence[Row], facts: Mapping[str, float]) -> dict[str, float]:
    """How fast other engines are beside the baseline: the middle of their rows, where there are three or more."""
    ratios = {}
    for phase, name in (("decode", "decode_ratio"), ("prefill", "prefill_ratio")):
        candidates = single_decode(rows) if phase == "decode" else prefill_rows(rows)
        for engine in sorted({row.engine for row in candidates if row.engine not in BASELINE}):
            own = [row for row in candidates if row.engine == engine and row.devices == 1]
            if len(own) >= 3:
                ref = f"speed/engine-{engine.replace('.', '-')}/{name}"
                ratios[ref] = rounded(median(predict(row, facts).ratio for row in own))
    return ratios


def independent_share(rows: Sequence[Row], facts: Mapping[str, float]) -> float:
    """How differently requests at once choose their experts, in percent: what fits the measurements best."""
    batched = [row for row in rows if row.phase == "decode" and row.requests > 1 and row.moe and row.devices == 1]
    ref = "speed/batching/independent_share_pct"

    def error(share: int) -> float:
        return median(predict(row, {**facts, ref: float(share)}).error for row in batched)

    return float(min(range(0, 101, 5), key=lambda share: (error(share), share)))


def pipeline_gain(rows: Sequence[Row]) -> float:
    """How much faster a prompt is read for each further device that shares the layers out."""
    alone: dict[tuple[object, ...], float] = {}
    for row in rows:
        if row.phase == "prefill" and row.devices == 1:
            alone[(*row.group, row.scenario["context_tokens"])] = row.tps
    gains = [
        (row.tps / alone[(*row.group, row.scenario["context_tokens"])] - 1) / (row.devices - 1)
        for row in rows
        if row.phase == "prefill"
        and row.devices > 1
        and row.scenario["parallelism"] == "layers"
        and (*row.group, row.scenario["context_tokens"]) in alone
    ]
    return rounded(max(0.0, median(gains)))


def ranges(predicted: Sequence[Predicted]) -> dict[str, tuple[float, float]]:
    """For each class, the low and the high end as multiples of the estimate; they hold the estimate itself."""
    found = {}
    devices = sorted({p.row.hardware for p in predicted})
    for name in CLASSES:
        own = [p.ratio for p in predicted if p.row.hardware_class == name]
        if len(own) < FEW:
            own = [median(p.ratio for p in predicted if p.row.hardware == hardware) for hardware in devices]
        found[name] = _ends(own)
    return found


def experts_range(predicted: Sequence[Predicted]) -> tuple[float, float]:
    """The same for mixtures of experts of all classes, which programs differ more about."""
    return _ends([p.ratio for p in predicted if p.row.moe])


def _ends(ratios: Sequence[float]) -> tuple[float, float]:
    return rounded(min(1.0, quantile(ratios, LOW))), rounded(max(1.0, quantile(ratios, HIGH)))


def within_range(p: Predicted, facts: Mapping[str, float], phase: str) -> bool:
    """Whether what was measured lies between the ends that the calculator shows."""
    places = [f"speed/{p.row.hardware_class}/{phase}"]
    if phase == "decode" and p.row.moe:
        places.append("speed/experts/decode")
    low = min(facts[f"{place}_low_ratio"] for place in places)
    high = max(facts[f"{place}_high_ratio"] for place in places)
    return low <= p.ratio <= high
