"""The closed list of units: what a number is measured in and how it is written."""

from __future__ import annotations

from calculators.core import format

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


class Unit:
    """A unit of measure.

    Attributes:
        symbol: what stands in data and beside a form field, such as "USD" or "%".
        suffix: how a name that carries this unit ends, such as "_usd"; "" where it carries none.
        text: the function that writes a number in this unit.
    """

    def __init__(self, symbol: str, suffix: str, text: Callable[[float], str]) -> None:
        self.symbol = symbol
        self.suffix = suffix
        self.text = text


def _months(value: float) -> str:
    whole = format.rounded(value, 0)
    if whole < 12:
        return format.duration(whole)
    return format.count(value) + " months (" + format.duration(whole) + ")"


USD = Unit("USD", "_usd", format.usd)
USD_CENTS = Unit("USD", "_usd", format.usd_cents)
PERCENT = Unit("%", "_pct", format.percent)
MONTHS = Unit("months", "_months", _months)
MONTH = Unit("month", "month", format.count)
YEAR = Unit("year", "year", format.number)
TEXT = Unit("", "", str)


def fact_text(value: object, symbol: str) -> str:
    """A catalog fact for readers: "$32,200", "6.5%", "273 GB/s"."""
    if not isinstance(value, (int, float)):
        return str(value)
    if symbol == "USD":
        return format.usd(value) if value == int(value) and abs(value) >= 1000 else format.usd_cents(value)
    text = format.number(value)
    return text + "%" if symbol == "%" else text + " " + symbol
