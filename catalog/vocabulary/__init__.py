"""Closed lists that facts choose from: kinds of subjects and units. Each is a YAML file beside this one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from catalog.errors import CatalogError
from catalog.loader import load_file
from catalog.schema import shape_problems


@dataclass(frozen=True)
class Kind:
    label: str
    description: str
    earliest: str
    """No fact of this kind was true before this day."""
    review_after_days: int
    """When a value that does not say so itself should be looked at again."""
    ranges: Mapping[str, tuple[float, float]]
    """Per unit, the lowest and the highest value that can be right."""
    choices: Mapping[str, tuple[str, ...]]
    """Per value in the unit `text`, the names that it may have."""
    references: Mapping[str, str] = field(default_factory=dict)
    """Per value in the unit `text` that names a subject of another kind, that kind."""
    columns: tuple[str, ...] = ()
    """The values that the page of the kind shows for each of its subjects; none where they have little in common."""


@dataclass(frozen=True)
class Unit:
    label: str
    suffix: str | None
    """What the name of a value ends in; None for a unit that counts things."""


@cache
def kinds() -> Mapping[str, Kind]:
    return {
        name: Kind(
            label=kind["label"],
            description=kind["description"],
            earliest=kind["earliest"],
            review_after_days=kind["review_after_days"],
            ranges={unit: (low, high) for unit, (low, high) in kind["ranges"].items()},
            choices={name: tuple(names) for name, names in kind.get("choices", {}).items()},
            references=kind.get("references", {}),
            columns=tuple(kind.get("columns", ())),
        )
        for name, kind in _read("kinds").items()
    }


@cache
def units() -> Mapping[str, Unit]:
    return {name: Unit(unit["label"], unit["suffix"]) for name, unit in _read("units").items()}


@cache
def bandwidths() -> Mapping[str, tuple[float, float]]:
    """Per class of hardware, the lowest and the highest memory bandwidth in GB/s that can be right."""
    return {name: (low, high) for name, (low, high) in _read("bandwidths").items()}


def _read(name: str) -> dict[str, Any]:
    document = load_file(Path(__file__).parent / f"{name}.yml", f"catalog/vocabulary/{name}.yml")
    problems = shape_problems(document, name)
    if problems:
        raise CatalogError(problems)
    return document.data
