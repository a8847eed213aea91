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


def _counted(symbol: str) -> Callable[[float], str]:
    return lambda value: format.number_of(value) + " " + symbol


def _estimated(symbol: str) -> Callable[[float], str]:
    return lambda value: format.estimate(value) + " " + symbol


USD = Unit("USD", "_usd", format.usd)
USD_CENTS = Unit("USD", "_usd", format.usd_cents)
PERCENT = Unit("%", "_pct", format.percent)
MONTHS = Unit("months", "_months", _months)
MONTH = Unit("month", "month", format.count)
YEAR = Unit("year", "year", format.number)
YEARS = Unit("years", "years", _counted("years"))
BITS = Unit("bits", "_bits", _counted("bits"))
COUNT = Unit("", "", format.count)
RATIO = Unit("", "", format.number_of)
SCORE = Unit("", "_score", lambda value: format.fixed(value, 2))
USD_PER_POINT = Unit("USD/point", "usd_per_point", lambda value: format.usd(value) + " a point")
KW = Unit("kW", "_kw", _counted("kW"))
KWH_YEAR = Unit("kWh/year", "_kwh_year", _counted("kWh a year"))
HOURS = Unit("hours", "_hours", _counted("hours"))
USD_PER_KW_MONTH = Unit("USD/kW-month", "usd_per_kw_month", lambda value: format.usd(value) + " per kW-month")
USD_PER_KWH = Unit("USD/kWh", "usd_per_kwh", lambda value: "$" + format.number_of(value) + " per kWh")
USD_PER_HOUR = Unit("USD/hour", "_usd", lambda value: format.usd_cents(value) + " an hour")
BTU_PER_HOUR = Unit("BTU/h", "_btu_per_hour", _counted("BTU/h"))
TONS = Unit("tons", "_tons", _counted("tons"))
CFM = Unit("CFM", "_cfm", _counted("CFM"))
LITRES_PER_MINUTE = Unit("l/min", "_lpm", _counted("l/min"))
GB = Unit("GB", "_gb", _counted("GB"))
MB = Unit("MB", "_mb", _counted("MB"))
GB_PER_SECOND = Unit("GB/s", "_gbs", _counted("GB/s"))
TFLOPS = Unit("TFLOPS", "_tflops", _counted("TFLOPS"))
WATTS = Unit("W", "_w", _counted("W"))
BILLION = Unit("billion", "_b", _counted("billion"))
TOKENS = Unit("tokens", "_tokens", lambda value: format.count(value) + " tokens")
BYTES_PER_TOKEN = Unit("bytes/token", "bytes_per_token", lambda value: format.count(value) + " bytes a token")
TOKENS_PER_SECOND = Unit("tok/s", "_tps", _estimated("tok/s"))
TOKENS_PER_JOULE = Unit("tok/J", "tokens_per_joule", _estimated("tok/J"))
USD_PER_MILLION_TOKENS = Unit("USD/million tokens", "usd_per_million_tokens", format.usd)
SECONDS = Unit("s", "_s", _estimated("s"))
YES_NO = Unit("", "", lambda value: "yes" if value else "no")
TEXT = Unit("", "", str)


_SHOWN = {"10^9": "billion", "us": "µs"}
"""Units whose symbol in the catalog is not what a reader would write."""


def fact_text(value: object, symbol: str) -> str:
    """A catalog fact for readers: "$32,200", "6.5%", "273 GB/s", "8.03 billion", "$2.50 per GPU-hour"."""
    if not isinstance(value, (int, float)):
        return str(value)
    if symbol == "USD":
        return format.usd(value) if value == int(value) and abs(value) >= 1000 else format.usd_cents(value)
    text = format.number(value)
    if symbol.startswith("USD/"):
        cents = text.partition(".")[2]
        return "$" + text + ("0" if len(cents) == 1 else "") + " per " + symbol[len("USD/") :]
    if symbol == "%":
        return text + "%"
    return text if symbol in ("count", "ratio") else text + " " + _SHOWN.get(symbol, symbol)
