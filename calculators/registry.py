"""The calculators of this folder: every module beside this one, except those of the framework."""

from __future__ import annotations

import os

from calculators.core.calculator import Calculator
from calculators.core.errors import UNKNOWN_CALCULATOR, InputError
from calculators.core.suggest import did_you_mean


def _slugs() -> tuple[str, ...]:
    try:
        # Written into the browser's bundle, where there is no folder to list.
        from calculators import _frozen  # type: ignore[attr-defined]

        return tuple(_frozen.SLUGS)
    except ImportError:
        folder = __file__[: -len("/registry.py")]
        names = [name[:-3] for name in os.listdir(folder) if name.endswith(".py")]
        names = [name for name in names if not name.startswith("_") and name != "registry"]
        return tuple(sorted([name.replace("_", "-") for name in names]))


SLUGS = _slugs()


def load(slug: str) -> Calculator:
    """The calculator of that name.

    Raises:
        InputError: `UNKNOWN_CALCULATOR`, with the nearest known name.
    """
    if slug not in SLUGS:
        hint = did_you_mean(slug, list(SLUGS))
        raise InputError(UNKNOWN_CALCULATOR, "", f'There is no calculator "{slug[:40]}"; {hint}')
    module = __import__("calculators." + slug.replace("-", "_"), None, None, ("CALCULATOR",))
    calculator = module.CALCULATOR
    assert isinstance(calculator, Calculator)
    return calculator
