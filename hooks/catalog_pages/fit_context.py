"""What the part of a page about what fits needs (templates/catalog_fit.html.jinja)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from catalog import Subject
from hooks.catalog_pages.statements import Link


@dataclass(frozen=True)
class FitCell:
    """The answer for one combination of device, model and quantization."""

    to: Link
    """The calculator with this combination filled in; the label is the answer, such as "42 tok/s"."""
    verdict: str
    """One of the calculator's words, which the cell is coloured by."""
    verdict_label: str
    sort: str
    """The plain number to sort by; "" where it does not fit."""


@dataclass(frozen=True)
class FitRow:
    """A model on the page of a device, a device on the page of a model."""

    of: Link
    cells: list[FitCell | None]
    """One for each quantization, None where there is nothing to work out."""


@dataclass(frozen=True)
class FitContext:
    """What fits, by quantization."""

    of: str
    """What the rows are: "Model" or "Device"."""
    noun: str
    """The same in the plural and in the middle of a sentence."""
    summary: str
    """What was assumed for all of it."""
    quantizations: list[Link]
    rows: list[FitRow]


Fit = Callable[[Subject], FitContext | None]
"""What fits on a device, or where a model fits; None for every other subject."""
