"""The only place where a number becomes text.

Every engine must print the same characters, so a float is taken apart into whole numbers, snapped to
13 significant digits (which removes the noise of binary arithmetic: 1.005 is a tie, as people read it)
and then rounded half away from zero, all in integer arithmetic.
"""

from __future__ import annotations

import math

_SNAP_DIGITS = 13


def snap(value: float) -> tuple[int, int]:
    """`value` as (mantissa, exponent): mantissa * 10**exponent, the mantissa of at most 13 digits."""
    if value == 0:
        return 0, 0
    fraction, exponent2 = math.frexp(abs(value))
    numerator = int(fraction * 9007199254740992)  # 2**53: exact
    exponent2 = exponent2 - 53
    denominator = 1
    if exponent2 >= 0:
        numerator = numerator << exponent2
    else:
        denominator = 1 << -exponent2
    # A first guess of the decimal exponent (log10 of 2 is 0.30103), mended below.
    exponent10 = int((exponent2 + 53) * 0.30103) - _SNAP_DIGITS
    while True:
        if exponent10 >= 0:
            dividend, divisor = numerator, denominator * int(10**exponent10)
        else:
            dividend, divisor = numerator * int(10**-exponent10), denominator
        mantissa = (2 * dividend + divisor) // (2 * divisor)
        if mantissa >= 10**_SNAP_DIGITS:
            exponent10 = exponent10 + 1
        elif mantissa < 10 ** (_SNAP_DIGITS - 1):
            exponent10 = exponent10 - 1
        else:
            return (-mantissa if value < 0 else mantissa), exponent10


def rounded(value: float, places: int) -> int:
    """`value` * 10**places as the nearest whole number, halves away from zero."""
    if 0 <= places <= 9:
        # Snapping moves such a number by 0.00005 at most: what lies farther from a half needs no long integers,
        # which are a fifth of a run in MicroPython.
        large = abs(value) * 10**places
        if large < 1_000_000_000:
            whole = int(large)
            above = large - whole - 0.5
            if above > 0.001 or above < -0.001:
                if above > 0:
                    whole = whole + 1
                return -whole if value < 0 else whole
    mantissa, exponent = snap(value)
    exponent = exponent + places
    if exponent >= 0:
        return mantissa * int(10**exponent)
    divisor = int(10**-exponent)
    whole = (2 * abs(mantissa) + divisor) // (2 * divisor)
    return -whole if mantissa < 0 else whole


def scaled(whole: int, places: int) -> str:
    """`whole` / 10**places with thousands separators: scaled(-123456, 2) is "-1,234.56"."""
    sign = "-" if whole < 0 else ""
    whole = abs(whole)
    if places == 0:
        return sign + f"{whole:,}"
    unit = 10**places
    digits = str(whole % unit)
    return sign + f"{whole // unit:,}" + "." + "0" * (places - len(digits)) + digits


def fixed(value: float, places: int) -> str:
    """`value` with `places` decimals: fixed(1234.5, 2) is "1,234.50"."""
    return scaled(rounded(value, places), places)


def plain(value: float) -> str:
    """`value` as people type it, without separators and trailing zeros: "6.5", "300000", "0.07"."""
    mantissa, exponent = snap(value)
    if mantissa == 0:
        return "0"
    while mantissa % 10 == 0:
        mantissa = mantissa // 10
        exponent = exponent + 1
    sign = "-" if mantissa < 0 else ""
    digits = str(abs(mantissa))
    if exponent > 20 or exponent + len(digits) < -6:
        point = digits[0] + ("." + digits[1:] if len(digits) > 1 else "")
        return sign + point + "e" + str(exponent + len(digits) - 1)
    if exponent >= 0:
        return sign + digits + "0" * exponent
    if len(digits) <= -exponent:
        digits = "0" * (1 - exponent - len(digits)) + digits
    return sign + digits[:exponent] + "." + digits[exponent:]


def number(value: float) -> str:
    """`value` as in `plain`, with thousands separators: "1,234.5"."""
    text = plain(value)
    whole, point, rest = text.partition(".")
    if "e" in text:
        return text
    return f"{int(whole):,}" + point + rest if whole not in ("-0", "0") else text


def number_of(value: float) -> str:
    """A measured quantity: whole from 1,000 on, four digits below, no trailing zeros."""
    if value == 0:
        return "0"
    places = 0
    while places < 9 and rounded(abs(value), places) < 1000:
        places = places + 1
    return _trimmed(scaled(rounded(value, places), places))


def _trimmed(text: str) -> str:
    """A decimal number without trailing zeros."""
    while "." in text and text[-1] in "0.":
        last = text[-1]
        text = text[:-1]
        if last == ".":
            break
    return text


def estimate(value: float) -> str:
    """An estimate: three digits that count, no more: "0.0352", "49.3", "1,790"."""
    mantissa, exponent = snap(value)
    places = 3 - exponent - len(str(abs(mantissa)))
    whole = rounded(value, places)
    if places <= 0:
        return scaled(whole * int(10**-places), 0)
    return _trimmed(scaled(whole, places))


def cents(whole_cents: int) -> str:
    """Whole cents as dollars and cents: "$1,234.56", "-$0.05"."""
    text = scaled(abs(whole_cents), 2)
    return ("-$" if whole_cents < 0 else "$") + text


def usd_cents(value: float) -> str:
    """Dollars with cents: "$2,025.62"."""
    return cents(rounded(value, 2))


def usd(value: float) -> str:
    """Dollars as they are read: whole from $1,000 on, with cents below."""
    whole = rounded(value, 0)
    if abs(whole) < 1000:
        return usd_cents(value)
    return ("-$" if whole < 0 else "$") + f"{abs(whole):,}"


def percent(value: float) -> str:
    """Percent with two decimals: "7.19%"."""
    return fixed(value, 2) + "%"


def count(value: float) -> str:
    """A whole number with thousands separators."""
    return f"{rounded(value, 0):,}"


def duration(months: int) -> str:
    """A number of months in words: "20 years 10 months"."""
    years, rest = months // 12, months % 12
    parts = []
    if years:
        parts.append("1 year" if years == 1 else count(years) + " years")
    if rest or not years:
        parts.append("1 month" if rest == 1 else str(rest) + " months")
    return " ".join(parts)
