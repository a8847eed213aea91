"""Command line: `python -m tests.accuracy [--write]`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

import catalog
from tests.accuracy.evaluate import (
    Predicted,
    class_facts,
    engine_ratios,
    experts_range,
    fit_all,
    independent_share,
    left_out,
    pipeline_gain,
    predict,
    prefill_rows,
    ranges,
    single_decode,
    tier,
    within_range,
)
from tests.accuracy.fit import DECODE, PREFILL, quantile
from tests.accuracy.measurements import Asker, Row, rows
from tests.accuracy.write import Writer, write
from tests.bench.table import Figure, lines

ROOT = Path(__file__).resolve().parents[2]


def fitted_facts(measured: Sequence[Row]) -> dict[str, float]:
    """Everything that is fitted, from all measurements; ranges are not among it."""
    facts = class_facts(*fit_all(measured))
    facts["speed/batching/independent_share_pct"] = independent_share(measured, facts)
    facts["speed/layer-split/prefill_gain_ratio"] = pipeline_gain(measured)
    return facts | engine_ratios(measured, facts)


def with_ranges(facts: dict[str, float], decoded: Sequence[Predicted], read: Sequence[Predicted]) -> dict[str, float]:
    """The same with the ends of the ranges, from predictions of devices that were left out."""
    facts = dict(facts)
    for phase, predicted in (("decode", decoded), ("prefill", read)):
        for name, (low, high) in ranges(predicted).items():
            facts[f"speed/{name}/{phase}_low_ratio"] = low
            facts[f"speed/{name}/{phase}_high_ratio"] = high
    facts["speed/experts/decode_low_ratio"], facts["speed/experts/decode_high_ratio"] = experts_range(decoded)
    return facts


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.accuracy", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the fitted parameters into catalog/speed/")
    options = parser.parse_args(arguments)
    loaded = catalog.load(ROOT / "catalog")
    measured = list(rows(loaded, Asker(loaded)))
    facts = fitted_facts(measured)
    decoded = left_out(DECODE, single_decode(measured), facts)
    read = left_out(PREFILL, prefill_rows(measured), facts)
    facts = with_ranges(facts, decoded, read)

    batched = [row for row in measured if row.phase == "decode" and row.requests > 1]
    together = [predict(row, facts) for row in batched]
    print(f"{len(measured)} measurements; a device is left out of the fit that predicts it (but for requests at once)")
    print("\n".join(lines(_figures(decoded, read, together, facts))))
    for title, group in (
        ("class", lambda p: p.row.hardware_class),
        ("device", lambda p: p.row.hardware),
        ("publication", lambda p: p.row.source),
    ):
        print("\n".join(_by(title, decoded, group)))
    if options.write:
        write(ROOT / "catalog" / "speed", Writer(loaded, measured, facts).files())
        print("written: catalog/speed/")
    return 0


def _figures(
    decoded: Sequence[Predicted], read: Sequence[Predicted], together: Sequence[Predicted], facts: dict[str, float]
) -> list[Figure]:
    simple = [_constant_share(p) for p in decoded]
    return [
        Figure("writing, one request: measurements", len(decoded), "", 250, at_least=True),
        Figure("  devices", len({p.row.hardware for p in decoded}), ""),
        Figure("  median error", 100 * median(p.error for p in decoded), "%", 12),
        Figure("  error of nine in ten is below", 100 * quantile([p.error for p in decoded], 0.9), "%"),
        Figure("  right speed tier", _share(decoded, lambda p: p.right_tier), "%", 90, at_least=True),
        Figure("  within the range", _share(decoded, lambda p: within_range(p, facts, "decode")), "%"),
        Figure("  faster than the ceiling", sum(p.row.tps > p.ceiling_tps for p in decoded), "", 0),
        Figure("  0.55 x bandwidth / bytes: median error", 100 * median(error for error, _ in simple), "%"),
        Figure("  0.55 x bandwidth / bytes: right tier", 100 * sum(right for _, right in simple) / len(simple), "%"),
        Figure("reading a prompt: measurements", len(read), ""),
        Figure("  median factor", median(max(p.ratio, 1 / p.ratio) for p in read), "x"),
        Figure("  within the range", _share(read, lambda p: within_range(p, facts, "prefill")), "%"),
        Figure("several requests at once: measurements", len(together), ""),
        Figure("  median error", 100 * median(p.error for p in together), "%"),
    ]


def _share(predicted: Sequence[Predicted], holds: Callable[[Predicted], bool]) -> float:
    return 100 * sum(map(holds, predicted)) / len(predicted)


def _constant_share(p: Predicted) -> tuple[float, bool]:
    """Error and tier of the rule that most calculators use: a constant share of the bandwidth, cache forgotten."""
    report = p.row.report
    simple = 0.55 * report["inputs"]["bandwidth_gbs"]["value"] / report["metrics"]["read_gb"]["value"]
    return abs(simple / p.row.tps - 1), tier(simple) == tier(p.row.tps)


def _by(title: str, predicted: Sequence[Predicted], group: Callable[[Predicted], str]) -> list[str]:
    """A line for each group: how many, median error, bias, right tier."""
    groups: dict[str, list[Predicted]] = {}
    for p in predicted:
        groups.setdefault(group(p), []).append(p)
    found = [f"\n{title:<36} {'rows':>5} {'median':>8} {'bias':>8} {'tier':>6}"]
    for name, own in sorted(groups.items(), key=lambda pair: -len(pair[1])):
        bias = 100 * (1 / median(p.ratio for p in own) - 1)
        error = 100 * median(p.error for p in own)
        found.append(
            f"{name:<36} {len(own):>5} {error:>7.1f}% {bias:>+7.1f}% {_share(own, lambda p: p.right_tier):>5.0f}%"
        )
    return found


if __name__ == "__main__":
    sys.exit(main())
