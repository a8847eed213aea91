"""Parameters of the speed estimate from measurements: robust least squares in a handful of unknowns."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from mpmath import fp

from tests.accuracy.measurements import Row

ROUNDS = 30
FLOOR = 0.05
"""Relative errors below this weigh alike: measurements do not agree better than that."""


@dataclass(frozen=True)
class Unknowns:
    """What is fitted: time = sum of coefficient x feature, in the order of `names`."""

    names: tuple[str, ...]
    usual: tuple[float, ...]
    """Where a coefficient stays when nothing is measured."""
    spread: tuple[float, ...]
    """How far from there a coefficient may easily go."""
    least: tuple[float, ...]
    features: Callable[[Row], tuple[float, ...]]


DECODE = Unknowns(
    ("weights", "cache", "layer"),
    usual=(1.35, 2.6, 4e-5),
    spread=(0.3, 2.0, 5e-5),
    least=(1.0, 0.5, 0.0),
    features=lambda row: row.decode_features(),
)
PREFILL = Unknowns(
    ("arithmetic", "attention", "experts"),
    usual=(3.0, 4.0, 3.0),
    spread=(3.0, 3.0, 3.0),
    least=(0.7, 0.0, 0.0),
    features=lambda row: row.prefill_features(),
)


@dataclass
class Fitted:
    """Coefficients of each class of hardware, and of all together."""

    everywhere: tuple[float, ...]
    classes: dict[str, tuple[float, ...]] = field(default_factory=dict)

    def of(self, hardware_class: str) -> tuple[float, ...]:
        return self.classes.get(hardware_class, self.everywhere)


def fit(unknowns: Unknowns, rows: Sequence[Row]) -> Fitted:
    """All rows first; then each class, held to what holds everywhere as far as its own rows say nothing else."""
    everywhere = _solve_robustly(unknowns, rows, unknowns.usual, hold=0.3)
    fitted = Fitted(everywhere)
    for name in sorted({row.hardware_class for row in rows}):
        own = [row for row in rows if row.hardware_class == name]
        fitted.classes[name] = _solve_robustly(unknowns, own, everywhere, hold=1.0)
    return fitted


def _solve_robustly(
    unknowns: Unknowns, rows: Sequence[Row], prior: tuple[float, ...], hold: float
) -> tuple[float, ...]:
    """Least absolute relative errors, by weighted least squares whose weights are found in rounds."""
    weights = _weights(rows)
    relative = [[value * row.tps for value in unknowns.features(row)] for row in rows]
    found = prior
    size = len(prior)
    for _ in range(ROUNDS):
        matrix = [[0.0] * size for _ in range(size)]
        right = [0.0] * size
        for features, weight in zip(relative, weights, strict=True):
            error = abs(sum(c * f for c, f in zip(found, features, strict=True)) - 1)
            weight *= FLOOR / max(error, FLOOR)
            for i in range(size):
                right[i] += weight * features[i]
                for j in range(size):
                    matrix[i][j] += weight * features[i] * features[j]
        for i in range(size):
            pull = hold * 0.04 / unknowns.spread[i] ** 2
            matrix[i][i] += pull
            right[i] += pull * prior[i]
        solved = fp.lu_solve(fp.matrix(matrix), fp.matrix(right))  # the pulls keep it solvable
        found = tuple(max(value, least) for value, least in zip(solved, unknowns.least, strict=True))
    return found


def _weights(rows: Sequence[Row]) -> list[float]:
    """Many rows of one device, model and publication say less than as many of different ones."""
    alike = Counter(row.group for row in rows)
    return [1 / math.sqrt(alike[row.group]) for row in rows]


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of them lie, between neighbours along a straight line."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])
