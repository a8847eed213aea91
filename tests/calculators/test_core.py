"""The framework: numbers as text, powers, names that are nearly right."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext

import mpmath
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from calculators import registry
from calculators.core import format, maths
from calculators.core.errors import InputError
from calculators.core.suggest import closest, did_you_mean, distance
from calculators.core.units import fact_text

FINITE = st.floats(allow_nan=False, allow_infinity=False, width=64)
DERANDOMISED = settings(derandomize=True, deadline=None, database=None, max_examples=300)


def decimal_snapped(value: float) -> Decimal:
    """The same snap with another library: 13 significant digits, halves away from zero."""
    with localcontext() as context:
        context.prec = 13
        context.rounding = ROUND_HALF_UP
        context.Emax, context.Emin = 9999, -9999
        return +Decimal(value)


@DERANDOMISED
@given(FINITE)
@example(0.1)
@example(5e-324)
@example(1.7976931348623157e308)
@example(9999999999999.5)
@example(-0.0)
def test_snap_is_the_value_to_13_digits(value: float) -> None:
    mantissa, exponent = format.snap(value)
    assert Decimal(mantissa).scaleb(exponent) == decimal_snapped(value)
    assert abs(mantissa) < 10**13


@DERANDOMISED
@given(st.floats(min_value=-1e15, max_value=1e15), st.integers(min_value=0, max_value=6))
@example(1.005, 2)
@example(2.675, 2)
@example(-0.125, 2)
@example(0.5, 0)
@example(999.995, 2)
def test_fixed_rounds_half_away_from_zero_as_people_read_the_number(value: float, places: int) -> None:
    expected = decimal_snapped(value).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    text = f"{expected:,f}"
    assert format.fixed(value, places) == (text.replace("-", "") if expected == 0 else text)


@DERANDOMISED
@given(
    st.integers(min_value=-(10**9) - 9, max_value=10**9 + 9),
    st.integers(min_value=0, max_value=9),
    st.sampled_from([0.0, 1e-16, 1e-14, 5e-14, 2e-13, 1e-12, 1e-9, 1e-6, 0.0009, 0.001, 0.0011]),
    st.sampled_from([-1, 1]),
)
@example(999_999_999, 0, 0.0, 1)
@example(1_000_000_000, 0, 1e-14, -1)
def test_beside_a_half_the_13_digits_decide(whole: int, places: int, off: float, side: int) -> None:
    """Where the short way of `rounded` ends and the long one begins."""
    value = (whole + 0.5) * (1 + side * off) / 10**places
    expected = decimal_snapped(value).scaleb(places).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    assert format.rounded(value, places) == int(expected)
    near = (whole + 0.5 + side * off) / 10**places
    expected = decimal_snapped(near).scaleb(places).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    assert format.rounded(near, places) == int(expected)


@DERANDOMISED
@given(FINITE)
@example(0.07)
@example(300000.0)
@example(1e21)
@example(1.5e-9)
def test_plain_reads_back_as_the_snapped_value(value: float) -> None:
    text = format.plain(value)
    assert Decimal(text) == decimal_snapped(value)
    assert not ("." in text.partition("e")[0] and text.partition("e")[0].endswith("0"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (format.usd(8188.3801), "$8,188"),
        (format.usd(-8188.5), "-$8,189"),
        (format.usd(999.494), "$999.49"),
        (format.usd(999.5), "$1,000"),
        (format.usd(0), "$0.00"),
        (format.usd(-0.004), "$0.00"),
        (format.usd_cents(2025.6249), "$2,025.62"),
        (format.usd_cents(523.125), "$523.13"),
        (format.percent(7.19276), "7.19%"),
        (format.count(1234567), "1,234,567"),
        (format.number(1234.5), "1,234.5"),
        (format.number(-0.25), "-0.25"),
        (format.number(-1234567), "-1,234,567"),
        (format.plain(6.5), "6.5"),
        (format.plain(0.1 + 0.2), "0.3"),
        (format.duration(0), "0 months"),
        (format.duration(1), "1 month"),
        (format.duration(12), "1 year"),
        (format.duration(250), "20 years 10 months"),
        (fact_text(32200, "USD"), "$32,200"),
        (fact_text(6.5, "%"), "6.5%"),
        (fact_text(273, "GB/s"), "273 GB/s"),
        (fact_text(8.03, "10^9"), "8.03 billion"),
        (fact_text(12.5, "us"), "12.5 µs"),
        (fact_text(2.5, "USD/GPU-hour"), "$2.50 per GPU-hour"),
        (fact_text(14.2416, "USD/GPU-hour"), "$14.2416 per GPU-hour"),
        (fact_text(3, "USD/million tokens"), "$3 per million tokens"),
        (fact_text(0.065, "USD/kWh"), "$0.065 per kWh"),
    ],
)
def test_numbers_as_readers_see_them(text: str, expected: str) -> None:
    assert text == expected


@DERANDOMISED
@given(st.floats(min_value=0, max_value=1e6), st.integers(min_value=1, max_value=12))
@example(0.0, 12)
@example(1.0, 12)
@example(11.0, 12)
@example(1.2e-7, 1)
@example(1e-300, 6)
def test_root(x: float, n: int) -> None:
    with mpmath.workdps(40):
        expected = mpmath.root(mpmath.mpf(x), n)
        assert abs(maths.root(x, n) - expected) <= 1e-15 * expected


@DERANDOMISED
@given(st.floats(min_value=0, max_value=10), st.integers(min_value=1, max_value=1200))
@example(1e-14, 1200)
@example(0.0, 360)
@example(0.065 / 12, 360)
@example(10.0, 1)
def test_annuity_factor(rate: float, periods: int) -> None:
    with mpmath.workdps(40):
        # 1 + rate is rounded in double precision: allow for that error, multiplied by the periods.
        exact = -mpmath.expm1(-periods * mpmath.log1p(rate)) / rate if rate else mpmath.mpf(periods)
        assert abs(maths.annuity_factor(rate, periods) - exact) <= 2.3e-16 * (periods + 2) * exact


@DERANDOMISED
@given(st.floats(min_value=0.5, max_value=2), st.integers(min_value=0, max_value=1000))
def test_power(base: float, exponent: int) -> None:
    with mpmath.workdps(40):
        exact = mpmath.mpf(base) ** exponent
        assert abs(maths.power(base, exponent) - exact) <= 2.3e-16 * (exponent + 1) * exact


def test_did_you_mean() -> None:
    assert distance("kitten", "sitting") == 3
    assert closest("rat_pct", ["balance_usd", "rate_pct"]) == "rate_pct"
    assert closest("month", ["monthly", "semiannual", "annual"]) == "monthly"
    assert closest("xyz", ["monthly", "annual"]) == ""
    assert did_you_mean("xyz", ["monthly", "annual"]) == "there are: monthly, annual"


def test_unknown_calculator_is_named_with_the_nearest_one() -> None:
    with pytest.raises(InputError) as caught:
        registry.load("mortgage-vs-invst")
    assert caught.value.message == ('There is no calculator "mortgage-vs-invst"; did you mean "mortgage-vs-invest"?')


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.03524, "0.0352"),
        (0.9996, "1"),
        (4.637, "4.64"),
        (49.28, "49.3"),
        (99.96, "100"),
        (999.6, "1,000"),
        (1788.2, "1,790"),
        (123_456, "123,000"),
        (-49.28, "-49.3"),
    ],
)
def test_estimates_have_three_digits(value: float, text: str) -> None:
    assert format.estimate(value) == text


@given(st.floats(1e-9, 1e15))
@example(0.9995)
def test_estimates_are_within_half_of_their_last_digit(value: float) -> None:
    read = float(format.estimate(value).replace(",", ""))
    assert read == pytest.approx(value, rel=0.0051, abs=5e-13)
