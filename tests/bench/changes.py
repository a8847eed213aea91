"""What a reader changes in a calculator's form, one input after the other."""

from __future__ import annotations

from collections import Counter

from calculators import registry
from calculators.core.errors import InputError
from calculators.core.run import describe, run
from tests.calculators.helpers import bundle
from tests.scenarios import scenarios


def changes(slug: str, count: int) -> list[tuple[str, str]]:
    """Names and texts of changes, each of which leads to another valid scenario; the same ones every time.

    Every third is a choice if the calculator has any, and no input is changed twice in a row.
    """
    calculator, facts = registry.load(slug), bundle(slug)
    described = describe(calculator, facts)
    choices = {field["name"] for field in described["inputs"] if field["kind"] == "choice"}
    made: list[tuple[str, str]] = []
    given: dict[str, str] = {}
    shown = run(calculator, {}, facts, [])["inputs"]
    for scenario in scenarios(described, 40 * count, seed=2):
        if len(made) == count:
            break
        wants_choice = bool(choices) and len(made) % 3 == 2
        often = Counter(name for name, _ in made)
        for name in sorted(scenario, key=lambda name: often[name]):
            text = _typed(scenario[name])
            if (name in choices) is not wants_choice or text in ("", shown[name]["raw"], given.get(name)):
                continue
            if made and made[-1][0] == name:
                continue
            try:
                shown = run(calculator, {**given, name: text}, facts, [])["inputs"]
            except InputError:
                continue
            given[name] = text
            made.append((name, text))
            break
    assert len(made) == count, f"only {len(made)} changes were found for {slug}"
    return made


def _typed(value: object) -> str:
    """A scenario's value as a reader types it: never with an exponent."""
    if value is None:
        return ""
    return f"{value:.6f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
