"""Which device gives the most memory performance for its price, and holds the model?

Method. Two things decide what a device can do with a language model: how much memory it has, which decides what fits,
and how fast that memory is, which decides how fast tokens come. Each is placed between the least and the most of the
devices that are compared, and the two places are weighed into one score. A device is ranked if it holds the model,
does not exceed the budget, and has a price that somebody stated. All three are facts of the catalog.

Formulas (over the devices compared):
    capacity score   (memory - least memory) / (most memory - least memory)
    bandwidth score  (bandwidth - least bandwidth) / (most bandwidth - least bandwidth)
    score            weight x capacity score + (1 - weight) x bandwidth score
    cost score       (price - least price) / (highest price - least price)
    $ a point        price / (100 x score)
    ceiling          bandwidth / (weights read for a token + cache): no program can be faster

Conventions. Where all devices are alike, the score is 1. Devices without a price are listed, but neither ranked nor
part of the scale. What the model needs is counted as in hardware fit, for one request, llama.cpp and a cache of 16
bits; it fits if the device has as much beside the runtime.

Limits: a score is a place among these devices, not a speed, and moves when a device is added. It knows nothing of
arithmetic, of programs, of power and of noise. One device each: several that share a model are for hardware fit.
Sources: the facts it names. The scoring, its weights and the guide's figures are those of the guide's author.
"""

from __future__ import annotations

from calculators._memory import (
    CLASSES,
    MODEL_FILLS,
    PLATFORM_FACTS,
    QUANTIZATION_FACTS,
    Cache,
    CatalogModel,
    Memory,
    Weights,
    room_gb,
    settle_context,
)
from calculators.core import (
    CUSTOM,
    Calculator,
    CatalogChoice,
    Chart,
    Choice,
    Column,
    Facts,
    Inputs,
    Integer,
    Metric,
    Number,
    OptionalNumber,
    Points,
    Report,
    Table,
    format,
)
from calculators.core.maths import root
from calculators.core.units import (
    COUNT,
    GB,
    GB_PER_SECOND,
    PERCENT,
    SCORE,
    TEXT,
    TOKENS,
    TOKENS_PER_SECOND,
    USD,
    USD_PER_POINT,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from calculators.core.report import Cell, Rows

NUMBERED = 9
"""So many of the first may have a number in the chart: a single digit each."""
NEAR_WIDTHS, NEAR_HEIGHTS = 16, 12
"""A point within this part of the chart's width and height of a better one would lie on its number."""

_DESK = "desk"
_ANY = "any"
_DATACENTER = ("nvidia-datacenter", "amd-datacenter")
_GUIDE = "guide"

_COMPARED = "What is compared"
_MODEL = "What it has to hold"


class RankingInputs(Inputs):
    set = Choice(
        "Devices and figures",
        (("catalog", "this catalog's"), (_GUIDE, "the guide's of April 2026")),
        group=_COMPARED,
        help="All devices of the catalog at its newest prices, or the table of the guide that the score comes from.",
    )
    hardware_class = Choice(
        "Class",
        ((_DESK, "all but data-centre accelerators"), (_ANY, "all")) + CLASSES,
        group=_COMPARED,
        help="Only these are compared: the scale runs from the least to the most among them.",
    )
    capacity_weight_pct = Number(
        "Weight of capacity",
        PERCENT,
        35,
        min=0,
        max=100,
        typical=(10, 80),
        group=_COMPARED,
        help="In the score; bandwidth has the rest.",
    )
    rank_by = Choice(
        "Ranked by",
        (("score", "score"), ("value", "score for the money"), ("price", "price, cheapest first")),
        group=_COMPARED,
        help="What puts a device before another; the score itself stays the same.",
    )
    budget_usd = OptionalNumber(
        "Budget",
        USD,
        min=0,
        max=100_000_000,
        typical=(500, 10_000),
        group=_COMPARED,
        help="For one device; blank for no limit.",
    )
    model = CatalogChoice(
        "Model",
        "models",
        "llama-3-1-70b",
        fills=(("quantization", "usual_quantization"),),
        custom_label="any, or the memory below",
        group=_MODEL,
        help="Devices that cannot hold it are not ranked.",
    )
    quantization = CatalogChoice(
        "Quantization",
        "quantizations",
        "q4-k-m",
        custom=False,
        group=_MODEL,
        help="How many bits each weight takes in the file.",
    )
    context_tokens = Integer(
        "Context, filled",
        TOKENS,
        8192,
        min=1,
        max=100_000_000,
        typical=(512, 16_384),
        group=_MODEL,
        help="Tokens that the request has in view.",
    )
    needed_gb = OptionalNumber(
        "Memory that it needs",
        GB,
        min=0,
        max=1_000_000,
        typical=(10, 120),
        group=_MODEL,
        help="Weights, cache and buffers, if you know; blank: counted from the three above.",
    )


_SET = ("set", "hardware_class")
_NEED = ("model", "quantization", "context_tokens", "needed_gb")
_IN = _SET + ("budget_usd",) + _NEED
_FIRST = _IN + ("rank_by", "capacity_weight_pct")
_RANKED = "devices_ranked"
_BEST_PRICE = "best_price_usd"

METRICS = (
    Metric("best_score", "Score of the first", SCORE, _FIRST, key=True, follows=_BEST_PRICE),
    Metric("best_price_usd", "Price of the first", USD, _FIRST, key=True),
    Metric("best_usd_per_point", "Its price for each point of 100", USD_PER_POINT, _FIRST, key=True),
    Metric("best_ceiling_tps", "On it no program is faster than", TOKENS_PER_SECOND, _FIRST, key=True),
    Metric("cheapest_price_usd", "Cheapest that is ranked", USD, _IN, key=True, follows=_RANKED),
    Metric("devices_ranked", "Devices ranked", COUNT, _IN, key=True),
    Metric("devices_compared", "Devices with a price", COUNT, _SET),
    Metric("best_memory_gb", "Memory of the first", GB, _FIRST, follows=_BEST_PRICE),
    Metric("best_bandwidth_gbs", "Memory bandwidth of the first", GB_PER_SECOND, _FIRST, follows=_BEST_PRICE),
    Metric(
        "value_usd_per_point",
        "Least for each point of 100, among the ranked",
        USD_PER_POINT,
        _IN + ("capacity_weight_pct",),
        follows=_RANKED,
    ),
    Metric("memory_needed_gb", "Memory that the model needs", GB, _NEED),
)

_OF_A_MODEL = tuple([name for _, name in MODEL_FILLS if name != "query_heads"])
_OF_A_DEVICE = ("memory_gb", "bandwidth_gbs", "price_usd")
_MICROBATCH = "engines/llama-cpp/microbatch_tokens"
_WINDOW_EXTRA = "engines/llama-cpp/window_extra_tokens"

FACTS = (
    tuple(["hardware/*/" + name for name in ("hardware_class",) + _OF_A_DEVICE])
    + tuple(["guide_platforms/*/" + name for name in ("hardware",) + _OF_A_DEVICE])
    + tuple(["models/*/" + name for name in _OF_A_MODEL])
    + QUANTIZATION_FACTS
    + PLATFORM_FACTS
    + (_MICROBATCH, _WINDOW_EXTRA)
)


class _Device:
    """One device of the set, and how it compares."""

    def __init__(self, index: int, ref: str, label: str, hardware_class: str, facts: Facts) -> None:
        self.index = index
        self.ref = ref
        self.label = label
        self.hardware_class = hardware_class
        self.memory_gb = _number(facts, ref + "memory_gb")
        self.bandwidth_gbs = _number(facts, ref + "bandwidth_gbs")
        self.price_usd = _number(facts, ref + "price_usd") if facts.has(ref + "price_usd") else None
        self.room_gb = room_gb(facts, hardware_class, self.memory_gb)
        self.capacity_score = self.bandwidth_score = self.cost_score = self.score = 0.0
        self.out = ""
        self.rank = 0

    def usd_per_point(self) -> float | None:
        if self.price_usd is None or self.score == 0:
            return None
        return self.price_usd / (100 * self.score)

    def value(self) -> float:
        """Score for a dollar."""
        assert self.price_usd is not None
        return self.score / self.price_usd


def _number(facts: Facts, ref: str) -> float:
    """A number of the catalog; it does not thereby become a source of the report."""
    value = facts.default(ref)
    assert isinstance(value, (int, float))
    return float(value)


class _Demand:
    """What a device has to hold, and what it reads for each token; None where nothing is asked for."""

    def __init__(self, inputs: RankingInputs, facts: Facts, report: Report) -> None:
        self.needed_gb = inputs.needed_gb
        self.read_gb: float | None = None
        self.what = "" if self.needed_gb is None else format.number_of(self.needed_gb) + " GB"
        if inputs.model == CUSTOM:
            return
        model = CatalogModel(facts, inputs.model)
        settle_context(inputs, inputs.context_tokens, model.max_context_tokens, report)
        weights = Weights(model, facts, inputs.quantization, None)
        cache = Cache(model)
        self.read_gb = weights.read_gb(1, 0.0) + cache.gb(inputs.context_tokens)
        if self.needed_gb is None:
            memory = Memory(model, facts, weights, cache)
            self.needed_gb = memory.needed_gb(inputs.context_tokens) - memory.runtime_gb
            self.what = (
                _label(facts, "models", inputs.model) + " at " + _label(facts, "quantizations", inputs.quantization)
            )

    def ceiling(self, device: _Device) -> float | None:
        """Tokens a second that the bandwidth of a device allows, if it holds the model."""
        if self.read_gb is None or not self.is_met(device):
            return None
        return device.bandwidth_gbs / self.read_gb

    def is_met(self, device: _Device) -> bool:
        return self.needed_gb is None or device.room_gb >= self.needed_gb


def _label(facts: Facts, kind: str, slug: str) -> str:
    for known, label in facts.subjects(kind):
        if known == slug:
            return label
    return slug


def compute(inputs: RankingInputs, facts: Facts) -> Report:
    """Scores, ranks and reasons."""
    report = Report(METRICS)
    demand = _Demand(inputs, facts, report)
    devices = _devices(inputs, facts)
    compared = [device for device in devices if device.price_usd is not None]
    scale = _Scale(compared)
    for device in compared:
        scale.place(device, inputs.capacity_weight_pct / 100)
    for device in devices:
        device.out = _why_out(device, inputs, demand)
    ranked = _ranked([device for device in devices if not device.out], inputs.rank_by)
    best = _Best(ranked)

    report.set("devices_compared", len(compared))
    report.set("devices_ranked", len(ranked))
    report.set("memory_needed_gb", demand.needed_gb)
    first, cheapest, thrifty = best.first, best.cheapest, best.for_the_money
    report.set("best_score", first.score if first else None)
    report.set("best_price_usd", first.price_usd if first else None)
    report.set("best_usd_per_point", first.usd_per_point() if first else None)
    report.set("best_ceiling_tps", demand.ceiling(first) if first else None)
    report.set("best_memory_gb", first.memory_gb if first else None)
    report.set("best_bandwidth_gbs", first.bandwidth_gbs if first else None)
    report.set("cheapest_price_usd", cheapest.price_usd if cheapest else None)
    report.set("value_usd_per_point", thrifty.usd_per_point() if thrifty else None)

    report.verdict = "none"
    if first:
        report.verdict = "leads" if best.by_score is thrifty else "trade"
    report.headline = _headline(inputs, demand, compared, ranked)
    _cite(facts, demand, scale, best)
    _explain(report, inputs, demand, devices, scale, best)
    report.tables = _tables(facts, demand, devices, ranked)
    if scale.least and scale.least[2].price_usd != scale.most[2].price_usd:
        report.charts = [_chart(inputs, devices, ranked, scale)]
    return report


def _devices(inputs: RankingInputs, facts: Facts) -> list[_Device]:
    """The devices of the set that are of the class asked for, in the catalog's order."""
    found: list[_Device] = []
    kind = "guide_platforms" if inputs.set == _GUIDE else "hardware"
    wanted = inputs.hardware_class
    for slug, label in facts.subjects(kind):
        ref = kind + "/" + slug + "/"
        device = str(facts.default(ref + "hardware")) if inputs.set == _GUIDE else slug
        its_class = str(facts.default("hardware/" + device + "/hardware_class"))
        if wanted in (its_class, _ANY) or (wanted == _DESK and its_class not in _DATACENTER):
            found.append(_Device(len(found), ref, label, its_class, facts))
    return found


class _Scale:
    """From the least to the most of the devices compared; which devices these are, for the sources."""

    def __init__(self, compared: list[_Device]) -> None:
        self.least: list[_Device] = []
        self.most: list[_Device] = []
        if compared:
            for size in _SIZES:
                least = most = compared[0]
                for device in compared:
                    if size(device) < size(least):
                        least = device
                    if size(device) > size(most):
                        most = device
                self.least.append(least)
                self.most.append(most)

    def place(self, device: _Device, weight: float) -> None:
        device.capacity_score = self._between(0, device)
        device.bandwidth_score = self._between(1, device)
        device.cost_score = self._between(2, device)
        device.score = weight * device.capacity_score + (1 - weight) * device.bandwidth_score

    def _between(self, at: int, device: _Device) -> float:
        size = _SIZES[at]
        least, most = size(self.least[at]), size(self.most[at])
        return 1.0 if most == least else (size(device) - least) / (most - least)


_SIZES: tuple[Callable[[_Device], float], ...] = (
    lambda device: device.memory_gb,
    lambda device: device.bandwidth_gbs,
    lambda device: device.price_usd or 0.0,
)


_NO_PRICE, _SMALL, _DEAR = "no price with a source", "does not fit", "over the budget"
_OUT = ((_NO_PRICE, "without a price that has a source"), (_SMALL, "too small"), (_DEAR, "over the budget"))


def _why_out(device: _Device, inputs: RankingInputs, demand: _Demand) -> str:
    """Why a device is not ranked, "" if it is."""
    if device.price_usd is None:
        return _NO_PRICE
    if not demand.is_met(device):
        return _SMALL
    if inputs.budget_usd is not None and device.price_usd > inputs.budget_usd:
        return _DEAR
    return ""


def _ranked(devices: list[_Device], rank_by: str) -> list[_Device]:
    """The devices, best first; those that are alike stay in the catalog's order."""

    def key(device: _Device) -> tuple[float, float, int]:
        assert device.price_usd is not None
        if rank_by == "price":
            return (device.price_usd, -device.score, device.index)
        return (-device.value() if rank_by == "value" else -device.score, device.price_usd, device.index)

    ranked = sorted(devices, key=key)
    for k in range(len(ranked)):
        ranked[k].rank = k + 1
    return ranked


class _Best:
    """The first of the ranking asked for, and of the other ones; None if none is ranked."""

    def __init__(self, ranked: list[_Device]) -> None:
        self.first = ranked[0] if ranked else None
        self.by_score = self.cheapest = self.for_the_money = self.first
        for device in ranked:
            assert self.by_score and self.cheapest and self.for_the_money
            assert device.price_usd is not None and self.cheapest.price_usd is not None
            if device.score > self.by_score.score:
                self.by_score = device
            if device.price_usd < self.cheapest.price_usd:
                self.cheapest = device
            if device.value() > self.for_the_money.value():
                self.for_the_money = device


def _priced(device: _Device) -> str:
    """ "NVIDIA GeForce RTX 4090, 0.39 for $2,500"."""
    return device.label + ", " + SCORE.text(device.score) + " for " + USD.text(device.price_usd or 0.0)


def _headline(inputs: RankingInputs, demand: _Demand, compared: list[_Device], ranked: list[_Device]) -> str:
    if not compared:
        return "Nobody states a price for a device of this class."
    many = len(ranked) != 1
    asked = []
    if demand.needed_gb is not None:
        asked.append(("hold " if many else "holds ") + demand.what)
    if inputs.budget_usd is not None:
        asked.append(("cost" if many else "costs") + " no more than " + USD.text(inputs.budget_usd))
    of = "Of the one device" if len(compared) == 1 else f"Of {format.count(len(compared))} devices"
    number = format.count(len(ranked)) if ranked else "none"
    text = of + " with a price, " + (number + " " + " and ".join(asked) if asked else "all are ranked")
    if not ranked:
        return text + "."
    how = {"score": "by score", "value": "by score for the money", "price": "by price"}[inputs.rank_by]
    return f"{text}; first {how} is {_priced(ranked[0])}."


def _cite(facts: Facts, demand: _Demand, scale: _Scale, best: _Best) -> None:
    """The sources of the devices that the answer names, and of the ends of the scale; others stand in the catalog."""
    for ends in (scale.least[:2], scale.most[:2]):
        for k in range(len(ends)):
            facts.value(ends[k].ref + _OF_A_DEVICE[k])
    for device in (best.first, best.by_score, best.for_the_money, best.cheapest):
        if device:
            for name in _OF_A_DEVICE:
                facts.value(device.ref + name)
            if demand.needed_gb is not None:
                facts.value("platforms/" + device.hardware_class + "/usable_pct")
                facts.value("platforms/" + device.hardware_class + "/runtime_gb")


def _explain(
    report: Report, inputs: RankingInputs, demand: _Demand, devices: list[_Device], scale: _Scale, best: _Best
) -> None:
    first, thrifty, cheapest = best.first, best.for_the_money, best.cheapest
    if best.by_score and best.by_score is not first:
        report.note("advice", f"First by score: {_priced(best.by_score)}.")
    if thrifty and thrifty is not first:
        report.note("advice", f"First by score for the money: {_priced(thrifty)}.")
    if cheapest and cheapest is not first and cheapest is not thrifty:
        report.note("advice", f"Cheapest: {_priced(cheapest)}.")
    if inputs.set == _GUIDE:
        report.note(
            "assumption", "Figures and prices are the guide's of April 2026; a table sets the catalog's beside them."
        )
    if scale.least != scale.most:
        ends = [
            f"{end} is {GB.text(memory.memory_gb)} ({memory.label}) and {GB_PER_SECOND.text(fast.bandwidth_gbs)} "
            f"({fast.label})"
            for end, memory, fast in (("0", scale.least[0], scale.least[1]), ("1", scale.most[0], scale.most[1]))
        ]
        report.note("assumption", f"The scale: {ends[0]}, {ends[1]}.")
    counted: list[str] = []
    for reason, text in _OUT:
        number = len([device for device in devices if device.out == reason])
        if number:
            counted.append(format.count(number) + " " + text)
    if counted:
        report.note("limit", "Not ranked: " + ", ".join(counted) + ".")
    report.note(
        "limit",
        "A score is a place among these devices, not a speed: it does not say how many tokens a second a device "
        "writes.",
    )


def _tables(facts: Facts, demand: _Demand, devices: list[_Device], ranked: list[_Device]) -> list[Table]:
    out = [device for device in devices if device.out]
    out.sort(key=lambda device: (device.price_usd is None, -device.score, device.index))
    listed = ranked + out
    guides = facts.subjects("guide_platforms")

    def ranking() -> Rows:
        rows: Rows = []
        for device in listed:
            known = device.price_usd is not None
            rows.append(
                [
                    device.rank or None,
                    device.label,
                    device.score if known else None,
                    device.price_usd,
                    device.usd_per_point(),
                    demand.ceiling(device),
                    device.out,
                ]
            )
        return rows

    def parts() -> Rows:
        rows: Rows = []
        for device in listed:
            scores = [device.capacity_score, device.bandwidth_score, device.score, device.cost_score]
            known = device.price_usd is not None
            row: list[Cell] = [device.label, device.memory_gb, device.room_gb, device.bandwidth_gbs, device.price_usd]
            rows.append(row + [score if known else None for score in scores])
        return rows

    def compared() -> Rows:
        rows: Rows = []
        for slug, label in guides:
            guide = "guide_platforms/" + slug + "/"
            own = "hardware/" + str(facts.default(guide + "hardware")) + "/"
            row: list[Cell] = [label]
            for name in _OF_A_DEVICE:
                for ref in (guide + name, own + name):
                    row.append(_number(facts, ref) if facts.has(ref) else None)
            rows.append(row)
        return rows

    device = Column("device", "Device", TEXT)
    price = Column("price_usd", "Price", USD)
    score = Column("score", "Score", SCORE)
    return [
        Table(
            "ranking",
            "Ranking",
            (
                Column("rank", "Rank", COUNT),
                device,
                score,
                price,
                Column("usd_per_point", "For a point of 100", USD_PER_POINT),
                Column("ceiling_tps", "Ceiling", TOKENS_PER_SECOND),
                Column("out", "Not ranked because", TEXT),
            ),
            len(listed),
            ranking,
        ),
        Table(
            "parts",
            "What the scores are made of",
            (
                device,
                Column("memory_gb", "Memory", GB),
                Column("room_gb", "For a model", GB),
                Column("bandwidth_gbs", "Bandwidth", GB_PER_SECOND),
                price,
                Column("capacity_score", "Capacity score", SCORE),
                Column("bandwidth_score", "Bandwidth score", SCORE),
                score,
                Column("cost_score", "Cost score", SCORE),
            ),
            len(listed),
            parts,
            opened=False,
        ),
        Table(
            "guide",
            "The guide's figures beside the catalog's",
            (
                Column("platform", "Platform", TEXT),
                Column("guide_memory_gb", "Memory, guide", GB),
                Column("catalog_memory_gb", "Memory, catalog", GB),
                Column("guide_bandwidth_gbs", "Bandwidth, guide", GB_PER_SECOND),
                Column("catalog_bandwidth_gbs", "Bandwidth, catalog", GB_PER_SECOND),
                Column("guide_price_usd", "Price, guide", USD),
                Column("catalog_price_usd", "Price, catalog", USD),
            ),
            len(guides),
            compared,
            opened=False,
        ),
    ]


def _chart(inputs: RankingInputs, devices: list[_Device], ranked: list[_Device], scale: _Scale) -> Chart:
    least, most = scale.least[2].price_usd or 0.0, scale.most[2].price_usd or 0.0
    numbered = _numbered(devices, ranked, scale)
    best: list[tuple[str, str, float, float]] = []
    rest: list[tuple[str, str, float, float]] = []
    for device in ranked:
        point = (device.label, str(device.rank) if device in numbered else "", device.price_usd or 0.0, device.score)
        (best if device in numbered else rest).append(point)
    first = {"score": "First by score", "value": "First for the money", "price": "Cheapest"}[inputs.rank_by]
    series = [Points("best", first, "best", best), Points("ranked", "Also ranked", "ranked", rest)]
    for reason, label, role in ((_SMALL, "Does not fit", "small"), (_DEAR, "Over the budget", "dear")):
        points = [(d.label, "", d.price_usd or 0.0, d.score) for d in devices if d.out == reason]
        series.append(Points(role, label, role, points))
    series = [points for points in series if points.points]
    text = (
        f"Each point is a device, dearer to the right and with a higher score above; prices run from {USD.text(least)} "
    )
    text = text + f"to {USD.text(most)}."
    if ranked:
        text = text + " " + first + ": " + "; ".join([_priced(device) for device in numbered[:3]]) + "."
        text = text + " The numbers are ranks; a device that would lie on a better one has none."
    marks = []
    if inputs.budget_usd is not None and least <= inputs.budget_usd <= most:
        marks.append((inputs.budget_usd, "budget"))
    return Chart(
        "map",
        "Memory performance against price",
        text,
        Column("price_usd", "Price", USD),
        Column("score", "Score", SCORE),
        [],
        series,
        marks,
        kind="scatter",
        x_scale="log",
        point="Device",
    )


def _numbered(devices: list[_Device], ranked: list[_Device], scale: _Scale) -> list[_Device]:
    """Of the first few those that would not lie on the number of a better one."""
    near_ratio = root((scale.most[2].price_usd or 1.0) / (scale.least[2].price_usd or 1.0), NEAR_WIDTHS)
    height = 0.0
    for device in devices:
        height = max(height, device.score)
    chosen: list[_Device] = []
    for device in ranked[:NUMBERED]:
        near = False
        for better in chosen:
            one, other = device.price_usd or 1.0, better.price_usd or 1.0
            is_near = max(one, other) / min(one, other) < near_ratio
            near = near or (is_near and abs(device.score - better.score) < height / NEAR_HEIGHTS)
        if not near:
            chosen.append(device)
    return chosen


CALCULATOR = Calculator(
    slug="hardware-ranking",
    title="Hardware ranking",
    question="Which device gives the most memory performance for its price, and holds the model?",
    disclaimer="An estimate from memory and price alone, not a promise of speed; prices change from week to week.",
    inputs=RankingInputs,
    metrics=METRICS,
    verdicts=(
        ("leads", "The best score is also the best value"),
        ("trade", "A better score costs more for each point"),
        ("none", "No device is left"),
    ),
    compute=compute,
    facts=FACTS,
)
