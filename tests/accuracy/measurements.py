"""Published measurements as the calculator sees them: scenario, features and speed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from calculators import registry
from calculators.core.run import run
from catalog import Catalog
from catalog.export import facts_bundle

SLUG = "hardware-fit"
ROOM_GB = 100_000
"""Memory that is assumed: what was measured did fit, and speed is the question."""

_NEW = {"label": "", "unit": "ratio", "as_of": "", "method": "derived", "sources": []}
"""A fact that the catalog does not have yet."""
SHORT_TOKENS = 256
"""The context where nobody says: such tests ask a short question and stop after a short answer."""


class Asker:
    """The calculator with facts that can be replaced; it knows no ratios of engines, since these are fitted."""

    def __init__(self, catalog: Catalog) -> None:
        self._calculator = registry.load(SLUG)
        self.bundle = facts_bundle(catalog, self._calculator.facts)
        known = self.bundle["facts"]
        self.bundle["facts"] = {ref: known[ref] for ref in known if not ref.startswith("speed/engine-")}

    def ask(self, scenario: Mapping[str, Any], facts: Mapping[str, float] | None = None) -> dict[str, Any]:
        """The report; `facts` take the place of the catalog's."""
        bundle = self.bundle
        if facts:
            changed = {ref: {**bundle["facts"].get(ref, _NEW), "value": value} for ref, value in facts.items()}
            bundle = {**bundle, "facts": {**bundle["facts"], **changed}}
        return run(self._calculator, dict(scenario), bundle, [])


@dataclass(frozen=True)
class Row:
    """One measurement."""

    source: str
    table: str
    """Id of the table that it stands in."""
    hardware: str
    hardware_class: str
    engine: str
    phase: str
    """decode or prefill."""
    tps: float
    """Tokens a second: of all requests together when decoding."""
    requests: int
    devices: int
    scenario: Mapping[str, Any]
    asker: Asker = field(repr=False, compare=False)

    @property
    def group(self) -> tuple[str, ...]:
        """Rows that repeat each other but for the context."""
        return (self.source, self.hardware, self.phase, self.scenario["model"], self.scenario["quantization"])

    @cached_property
    def report(self) -> dict[str, Any]:
        """The calculator's answer with the catalog's parameters."""
        return self.asker.ask(self.scenario)

    def _input(self, name: str) -> Any:
        return self.report["inputs"][name]["value"]

    def _metric(self, name: str) -> Any:
        return self.report["metrics"][name]["value"]

    @property
    def moe(self) -> bool:
        active = self._input("active_params_b")
        return active is not None and active < self._input("params_b")

    def decode_features(self) -> tuple[float, ...]:
        """Seconds that weights and cache take at the full bandwidth, and the number of layers."""
        bandwidth = self._input("bandwidth_gbs")
        return self._metric("read_gb") / bandwidth, self._metric("kv_cache_gb") / bandwidth, self._input("layers")

    def prefill_features(self) -> tuple[float, ...]:
        """Seconds of a token of the prompt at the full arithmetic: weights, attention, and weights again if experts."""
        per_second = self._input("compute_tflops") * 1e12
        weights = 2 * (self._input("active_params_b") - self._input("embedding_params_b")) * 1e9 / per_second
        half = self._input("context_tokens") / 2
        window_layers = self._input("window_layers")
        full_layers = self._input("layers") - window_layers - self._input("linear_layers")
        looked_at = full_layers * half + window_layers * min(half, self._input("window_tokens"))
        attention = 4 * self._input("query_heads") * self._input("head_dim") * looked_at / per_second
        return weights, attention, weights if self.moe else 0.0


def rows(catalog: Catalog, asker: Asker) -> Iterator[Row]:
    """Every measurement that is not excluded, in the catalog's order."""
    for table, measured in catalog.measurements():
        if measured.excluded:
            continue
        context = measured.mean_context_tokens
        if context is None:
            context = SHORT_TOKENS
        if measured.phase == "prefill":
            context = 2 * context  # the calculator asks for a whole prompt, whose tokens look back over half of it
        scenario: dict[str, Any] = {
            "hardware": measured.hardware,
            "memory_gb": ROOM_GB,
            "model": measured.model,
            "quantization": measured.quantization,
            "weights_gb": measured.weights_gb,
            "context_tokens": max(1, round(context)),
            "max_context_tokens": None,
            "concurrency": measured.batch or 1,
            "devices": measured.devices,
            "engine": measured.engine,
        }
        if measured.devices > 1:
            scenario["parallelism"] = measured.parallelism
            scenario["interconnect"] = measured.interconnect or "pcie"  # where nobody says
        yield Row(
            source=table.citation.source,
            table=table.slug,
            hardware=measured.hardware,
            hardware_class=str(catalog.value(f"hardware/{measured.hardware}/hardware_class").value),
            engine=measured.engine,
            phase=measured.phase,
            tps=measured.tps,
            requests=0 if measured.saturated else measured.batch or 1,
            devices=measured.devices,
            scenario=scenario,
            asker=asker,
        )
