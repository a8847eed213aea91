"""The part of a page about what fits: a table of models by quantization for a device, of devices for a model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from calculators.core import format
from catalog import Catalog, Subject
from hooks.catalog_pages.addresses import address, subject_uri, subjects_of
from hooks.catalog_pages.statements import Link
from hooks.fit import FitMatrix


@dataclass(frozen=True)
class FitCell:
    """Whether a model fits on a device in one quantization."""

    text: str
    """The GB that are needed."""
    fits: bool
    sort: str
    """The plain number."""


@dataclass(frozen=True)
class FitRow:
    """A model on the page of a device, a device on the page of a model."""

    of: Link
    best: str
    """The quantization with the most bits that fits, "" if none does."""
    best_bits: str
    """Its bits, to sort by."""
    longest: str
    """The longest context that fits with it."""
    longest_tokens: int
    calculator: Link
    """With device and model filled in, and that quantization."""
    cells: list[FitCell]
    """One for each quantization."""


@dataclass(frozen=True)
class FitContext:
    """What fits, by quantization."""

    of: str
    """What the rows are: "Model" or "Device"."""
    noun: str
    """The same in the plural and in the middle of a sentence."""
    quantizations: list[Link]
    """From most to fewest bits."""
    rows: list[FitRow]
    context_tokens: str


Fit = Callable[[Subject], FitContext | None]
"""What fits on a device, or where a model fits; None for every other subject."""
_ROWS = {"hardware": ("models", "Model", "models"), "models": ("hardware", "Device", "devices")}


def fit_of(catalog: Catalog, matrix: FitMatrix, context_tokens: int, calculator: str) -> Fit:
    """Answers for each subject from the matrix.

    Arguments:
        context_tokens: how much of the context was counted as filled.
        calculator: address of the page that works out one combination, below the site's root.
    """
    bits = {s.slug: s.values["bits_per_weight"].number for s in subjects_of(catalog, "quantizations")}
    quantizations = sorted(bits, key=lambda slug: (-bits[slug], slug))
    heads = [Link(address(subject_uri(f"quantizations/{slug}")), _label(catalog, slug)) for slug in quantizations]
    others = {kind: subjects_of(catalog, kind) for kind in ("hardware", "models")}

    def fit(subject: Subject) -> FitContext | None:
        if subject.kind not in _ROWS:
            return None
        kind, of, noun = _ROWS[subject.kind]
        rows = []
        for other in others[kind]:
            device, model = (subject, other) if kind == "models" else (other, subject)
            cells = matrix.cells(device.slug, model.slug)
            best = next((slug for slug in quantizations if cells[slug][1]), None)
            query = f"?hardware={device.slug}&model={model.slug}" + (f"&quantization={best}" if best else "")
            rows.append(
                FitRow(
                    of=Link(address(subject_uri(other.id)), other.label),
                    best=_label(catalog, best) if best else "",
                    best_bits=f"{bits[best]:g}" if best else "0",
                    longest=format.count(cells[best][1]) if best else "",
                    longest_tokens=cells[best][1] if best else 0,
                    calculator=Link(calculator + query, "open"),
                    cells=[_cell(*cells[slug]) for slug in quantizations],
                )
            )
        return FitContext(of, noun, heads, rows, format.count(context_tokens))

    return fit


def _cell(needed_gb: float, longest: int) -> FitCell:
    return FitCell(format.estimate(needed_gb), longest > 0, f"{needed_gb:.4g}")


def _label(catalog: Catalog, quantization: str) -> str:
    return catalog.subject(f"quantizations/{quantization}").label
