"""Scenarios for any calculator, made from its own description: the same ones every time.

Most values lie in the range that the calculator calls typical, some at the ends of what it allows; numbers
are sent as text or as numbers, as the different interfaces do.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

_GIVEN = 0.6
"""Share of scenarios that give an input which has a default."""
_BLANK_GIVEN = 0.12
"""The same for an input that is usually left blank."""
_EXTREME = 0.01
"""Share of given numbers that stand at a bound."""


def scenarios(describe: dict[str, Any], count: int, seed: int = 0) -> list[dict[str, Any]]:
    """`count` scenarios for the calculator that `describe` describes."""
    rng = random.Random(f"{describe['slug']} {seed}")
    turns = {field["name"]: _in_turn(field, rng) for field in describe["inputs"] if field["kind"] == "choice"}
    return [_scenario(describe["inputs"], turns, rng) for _ in range(count)]


def choices_taken(describe: dict[str, Any], made: list[dict[str, Any]]) -> dict[str, Counter[str]]:
    """How often each choice of each input is taken, its default included."""
    taken = {}
    for field in describe["inputs"]:
        if field["kind"] == "choice":
            taken[field["name"]] = Counter(scenario.get(field["name"], field["default"]) for scenario in made)
    return taken


def _in_turn(field: dict[str, Any], rng: random.Random) -> Iterator[str]:
    """The choices of an input in a mixed order, again and again: each is taken as often as the others."""
    options = [option["value"] for option in field["options"]]
    while True:
        rng.shuffle(options)
        yield from list(options)


def _scenario(fields: list[dict[str, Any]], turns: dict[str, Iterator[str]], rng: random.Random) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for field in fields:
        share = _BLANK_GIVEN if field["blank"] and field["default"] is None else _GIVEN
        if rng.random() < share:
            made[field["name"]] = next(turns[field["name"]]) if field["kind"] == "choice" else _value(field, rng)
    for field in fields:
        if field["name"] in made and field["instead_of"] in made:
            made[field["instead_of"]] = rng.choice(["", None])
    return made


def _value(field: dict[str, Any], rng: random.Random) -> Any:
    low, high = field["typical"]
    number = rng.choice([field["min"], field["max"]]) if rng.random() < _EXTREME else rng.uniform(low, high)
    if field["whole"]:
        return rng.choice([round(number), str(round(number)), f"{round(number):,}"])
    number = round(number, rng.choice([0, 1, 2, 4]))
    number = min(max(number, field["min"]), field["max"])
    return rng.choice([number, str(number) if "e" not in str(number) else number, f"{number:,.4f}"])
