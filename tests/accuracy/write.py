"""The fitted parameters as files of the catalog: catalog/speed/*.yml."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from catalog import Catalog
from tests.accuracy.evaluate import BASELINE, CLASSES, FEW, of_baseline, prefill_rows, single_decode
from tests.accuracy.measurements import Row

HEADER = "# Written by `make accuracy ARGS=--write` from catalog/benchmarks: edit nothing here.\n"
MOST_SOURCES = 3
VALUES = {
    "bandwidth_share_pct": ("Share of the memory bandwidth that reading weights reaches", "%"),
    "cache_cost_ratio": ("Time of reading the cache, as a multiple of its bytes over the bandwidth", "ratio"),
    "layer_us": ("Time that each layer adds to a token", "us"),
    "decode_low_ratio": ("Low end of the speed of writing, as a share of the estimate", "ratio"),
    "decode_high_ratio": ("High end of the speed of writing, as a multiple of the estimate", "ratio"),
    "prefill_share_pct": ("Share of the dense 16-bit arithmetic that reading a prompt reaches", "%"),
    "attention_cost_ratio": (
        "Time of attention in a prompt, as a multiple of its operations over the arithmetic",
        "ratio",
    ),
    "moe_cost_ratio": ("Time that experts add to a prompt, as a multiple of the active operations", "ratio"),
    "prefill_low_ratio": ("Low end of the speed of reading a prompt, as a share of the estimate", "ratio"),
    "prefill_high_ratio": ("High end of the speed of reading a prompt, as a multiple of the estimate", "ratio"),
    "decode_ratio": ("Speed of writing, as a multiple of what llama.cpp reaches", "ratio"),
    "prefill_ratio": ("Speed of reading a prompt, as a multiple of what llama.cpp reaches", "ratio"),
    "independent_share_pct": ("How much further requests choose experts of their own", "%"),
    "prefill_gain_ratio": ("Gain in reading a prompt for each further device that shares out the layers", "ratio"),
}


class Writer:
    """Writes one file for each subject of the kind `speed` that is fitted."""

    def __init__(self, catalog: Catalog, rows: Sequence[Row], facts: Mapping[str, float]) -> None:
        self._catalog = catalog
        self._rows = rows
        self._facts = facts

    def files(self) -> dict[str, str]:
        """Content by name, below catalog/speed."""
        made = {}
        for name in CLASSES:
            made[f"{name}.yml"] = self._class_file(name)
        for slug in sorted({ref.split("/")[1] for ref in self._facts if ref.startswith("speed/engine-")}):
            made[f"{slug}.yml"] = self._engine_file(slug)
        batched = [row for row in self._rows if row.phase == "decode" and row.requests > 1 and row.moe]
        experts = [row for row in single_decode(self._rows) if row.moe]
        ends = {"low": "lower", "high": "upper"}
        whose = f"of measured over estimated speed of {len(experts)} measurements, each device left out of its fit"
        made["experts.yml"] = self._file(
            "experts",
            "Mixtures of experts",
            "How far measured speeds of mixtures of experts lie from the estimate, on hardware of all classes.",
            {f"decode_{end}_ratio": (experts, f"the {tenth} tenth {whose}") for end, tenth in ends.items()},
        )
        made["batching.yml"] = self._file(
            "batching",
            "Several requests at once",
            "How differently requests that are answered together choose the experts of a mixture.",
            {
                "independent_share_pct": (
                    batched,
                    f"the share, in steps of 5, at which the middle error over {len(batched)} measurements is smallest",
                )
            },
        )
        split = [row for row in self._rows if row.phase == "prefill" and row.devices > 1]
        made["layer-split.yml"] = self._file(
            "layer-split",
            "Layers shared out over devices",
            "What several devices gain when each holds some of the layers.",
            {
                "prefill_gain_ratio": (
                    split,
                    f"the middle of (speed / speed of one device - 1) / further devices over {len(split)} measurements",
                )
            },
        )
        return made

    def _class_file(self, name: str) -> str:
        decoding = [row for row in of_baseline(single_decode(self._rows)) if row.hardware_class == name]
        reading = [row for row in of_baseline(prefill_rows(self._rows)) if row.hardware_class == name]
        return self._file(
            name,
            self._catalog.subject(f"platforms/{name}").label,
            "How fast software runs models on this class of hardware, fitted to published measurements.",
            {
                value: _basis(reading if "prefill" in value or value in _PROMPT else decoding, value)
                for value in VALUES
                if f"speed/{name}/{value}" in self._facts
            },
        )

    def _engine_file(self, slug: str) -> str:
        engine = slug.removeprefix("engine-")
        own = [row for row in self._rows if row.engine.replace(".", "-") == engine and row.devices == 1]
        return self._file(
            slug,
            f"Speed of {self._catalog.subject('engines/' + engine).label}",
            f"How fast this engine is beside {', '.join(BASELINE)}, from published measurements.",
            {
                value: (
                    of_phase,
                    (
                        f"the middle of measured over estimated speed, of {len(of_phase)} measurements of "
                        f"{_devices(of_phase)}"
                    ),
                )
                for value, of_phase in (
                    ("decode_ratio", single_decode(own)),
                    ("prefill_ratio", prefill_rows(own)),
                )
                if f"speed/{slug}/{value}" in self._facts
            },
        )

    def _file(self, slug: str, label: str, summary: str, values: Mapping[str, tuple[Sequence[Row], str]]) -> str:
        lines = [HEADER + f"id: speed/{slug}", f"label: {label}", f"summary: {summary}", "values:"]
        for name, (rows, formula) in values.items():
            text, unit = VALUES[name]
            lines += [
                f"  {name}:",
                f"    label: {text}",
                f"    value: {self._facts[f'speed/{slug}/{name}']:g}",
                f'    unit: "{unit}"',
                f"    as_of: {self._latest(rows or self._rows)}",
                "    method: derived",
                f'    formula: "{formula}"',
                "    sources:",
                *(f"      - {{source: {source}, locator: {_quoted(where)}}}" for source, where in self._sources(rows)),
            ]
        return "\n".join(lines) + "\n"

    def _latest(self, rows: Sequence[Row]) -> str:
        return max(self._catalog.benchmarks[row.table].as_of for row in rows)

    def _sources(self, rows: Sequence[Row]) -> list[tuple[str, str]]:
        """The publications with the most rows, each with the locator of its first table."""
        counted = Counter(row.source for row in rows or self._rows)
        found = []
        for source, _ in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_SOURCES]:
            table = next(row.table for row in rows or self._rows if row.source == source)
            found.append((source, self._catalog.benchmarks[table].citation.locator))
        return found


_PROMPT = ("attention_cost_ratio", "moe_cost_ratio")


def _basis(rows: Sequence[Row], value: str) -> tuple[Sequence[Row], str]:
    if "low" in value or "high" in value:
        share = "lower" if "low" in value else "upper"
        whose = "" if len(rows) >= FEW else f" of all devices, since there are {len(rows)} measurements of this class"
        return rows, f"the {share} tenth of measured over estimated speed{whose}, each device left out of its fit"
    if not rows:
        return rows, "no measurement of this class: what holds for all classes together"
    return rows, (
        f"least relative errors over {len(rows)} measurements of {_devices(rows)}, held to what holds for all classes "
        "as far as they leave it open"
    )


def _devices(rows: Sequence[Row]) -> str:
    count = len({row.hardware for row in rows})
    return "1 device" if count == 1 else f"{count} devices"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def write(folder: Path, files: Mapping[str, str]) -> None:
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")
