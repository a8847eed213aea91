"""An independent reference for mortgage-vs-invest: slow, plain, 60 digits.

It shares no line with the calculator. Loans and investments are month loops, written as a bank
statement would list them; the break-even return is found with polynomials, so that the loop and the
search can also check each other. Inputs have the calculator's names and units: dollars, months, and
rates in percent. A number counts as it is written: 6.1 is 6.1, not the binary fraction nearest to it.

    result = solve(balance_usd=250_000, term_months=240, standard_deduction_usd=30_000)
    result.metrics["difference_usd"], result.verdict, result.break_even_reason
    cent_schedule(balance_usd=162_000, rate_pct="3.875", term_months=360)
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import isfinite
from typing import Any

from mpmath import mp, mpf

DIGITS = 60
MAX_MONTHS = 1200
PAID_OFF_USD = mpf("1e-6")  # a month that leaves no more than this behind is the last one
TIE_USD = mpf("0.005")
LOWEST_BREAK_EVEN_PCT, HIGHEST_BREAK_EVEN_PCT = -50, 1000

# standard_deduction_usd is missing on purpose: it is a dated fact, so a caller has to name it.
DEFAULTS: dict[str, Any] = {
    "balance_usd": 300_000,
    "rate_pct": "6.5",
    "compounding": "monthly",
    "term_months": 300,
    "payment_usd": None,
    "extra_monthly_usd": 300,
    "lump_sum_usd": 0,
    "return_pct": 7,
    "return_convention": "effective",
    "fund_fee_pct": 0,
    "dividend_yield_pct": 0,
    "dividend_tax_pct": 0,
    "capital_gains_tax_pct": 15,
    "inflation_pct": 0,
    "horizon_months": None,
    "deduction": "none",
    "deduction_rate_pct": 22,
    "other_itemized_usd": 0,
    "pmi_monthly_usd": 0,
    "pmi_cutoff_balance_usd": 0,
}


class ScenarioError(Exception):
    """The inputs have no answer; `code` is the calculator's error code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass
class Loan:
    """One loan followed to its end. Index 0 is the start, index k the end of month k."""

    balances: list[mpf]
    interests: list[mpf]
    payments: list[mpf]

    @property
    def payoff_months(self) -> int:
        return len(self.payments) - 1

    @property
    def final_payment(self) -> mpf:
        return self.payments[-1]

    def at(self, series: list[mpf], month: int) -> mpf:
        """The series at a month that may lie after the payoff, where everything is zero."""
        return series[month] if month < len(series) else mpf(0)


@dataclass
class Strategy:
    """What one strategy put aside and what became of it."""

    contributions: list[mpf]
    values: list[mpf]
    basis: mpf


@dataclass
class Result:
    metrics: dict[str, Any]
    break_even_reason: str | None
    verdict: str
    monthly_rate: mpf
    monthly_net_return: mpf
    baseline_balances: list[mpf]  # months 0..horizon; the invest strategy's loan
    prepay_balances: list[mpf]
    prepay_investments: list[mpf]
    invest_investments: list[mpf]


# ---------------------------------------------------------------- inputs


def number(value: Any) -> mpf:
    """The decimal number as it is written."""
    return mpf(str(value))


def complete(inputs: dict[str, Any]) -> dict[str, Any]:
    """The inputs with the defaults filled in; a given payment replaces the default term."""
    unknown = sorted(set(inputs) - set(DEFAULTS) - {"standard_deduction_usd"})
    if unknown:
        raise ScenarioError("INVALID_INPUT")
    full = {**DEFAULTS, "standard_deduction_usd": None, **inputs}
    if inputs.get("payment_usd") is not None and "term_months" not in inputs:
        full["term_months"] = None
    _check(full)
    return full


def _check(full: dict[str, Any]) -> None:
    """Only what mathematics needs. Upper limits of money and rates are the calculator's own affair."""

    def require(condition: bool) -> None:
        if not condition:
            raise ScenarioError("INVALID_INPUT")

    def decimal(name: str) -> mpf:
        value = full[name]
        require(value is not None and not isinstance(value, bool))
        try:
            parsed = number(value)
        except (ValueError, TypeError):
            raise ScenarioError("INVALID_INPUT") from None
        require(bool(mp.isfinite(parsed)))
        return parsed

    def months(name: str) -> None:
        value = decimal(name)
        require(value == int(value) and 1 <= value <= MAX_MONTHS)
        full[name] = int(value)

    require((full["term_months"] is None) != (full["payment_usd"] is None))
    if full["term_months"] is None:
        require(decimal("payment_usd") > 0)
    else:
        months("term_months")
    if full["horizon_months"] is not None:
        months("horizon_months")
    require(decimal("balance_usd") > 0)
    for name in (
        "rate_pct",
        "extra_monthly_usd",
        "lump_sum_usd",
        "dividend_yield_pct",
        "other_itemized_usd",
        "pmi_monthly_usd",
        "pmi_cutoff_balance_usd",
    ):
        require(decimal(name) >= 0)
    for name in ("dividend_tax_pct", "capital_gains_tax_pct", "deduction_rate_pct"):
        require(0 <= decimal(name) <= 100)
    require(0 <= decimal("fund_fee_pct") < 100)
    require(decimal("return_pct") >= -100)
    require(decimal("inflation_pct") > -100)
    require(full["compounding"] in ("monthly", "semiannual", "annual"))
    require(full["return_convention"] in ("effective", "nominal_monthly"))
    require(full["deduction"] in ("none", "flat", "us_itemize"))
    if full["deduction"] == "us_itemize":
        require(decimal("standard_deduction_usd") >= 0)


def _rate_as_month(rate: mpf, compounding: str) -> mpf:
    """Monthly loan rate of a nominal annual rate given as a fraction."""
    if compounding == "monthly":
        return rate / 12
    if compounding == "semiannual":
        return (1 + rate / 2) ** (mpf(1) / 6) - 1
    return (1 + rate) ** (mpf(1) / 12) - 1


def _return_as_month(annual_return: mpf, convention: str, fee: mpf) -> mpf:
    """Monthly return after the fund's fee; both arguments are fractions."""
    gross = (1 + annual_return) ** (mpf(1) / 12) if convention == "effective" else 1 + annual_return / 12
    return gross * (1 - fee) ** (mpf(1) / 12) - 1


def _return_as_year(monthly: mpf, convention: str, fee: mpf) -> mpf:
    """The inverse of `_return_as_month`."""
    gross = (1 + monthly) / (1 - fee) ** (mpf(1) / 12)
    return gross**12 - 1 if convention == "effective" else (gross - 1) * 12


# ---------------------------------------------------------------- the loan


def _level_payment(balance: mpf, monthly_rate: mpf, months: int) -> mpf:
    if monthly_rate == 0:
        return balance / months
    return balance * monthly_rate / (1 - (1 + monthly_rate) ** -months)


def _follow_loan(balance: mpf, monthly_rate: mpf, planned: mpf, last_month: int | None) -> Loan:
    loan = Loan([balance], [mpf(0)], [mpf(0)])
    while loan.balances[-1] > 0:
        month = len(loan.balances)
        if month > MAX_MONTHS:
            raise ScenarioError("TERM_TOO_LONG")
        interest = loan.balances[-1] * monthly_rate
        due = loan.balances[-1] + interest
        is_last = due - planned <= PAID_OFF_USD or month == last_month
        loan.interests.append(interest)
        loan.payments.append(due if is_last else planned)
        loan.balances.append(mpf(0) if is_last else due - planned)
    return loan


# ---------------------------------------------------------------- the investments


def _tax_savings(full: dict[str, Any], loan: Loan, horizon: int) -> list[mpf]:
    """Tax saved by deducting mortgage interest, at the end of months 0..horizon."""
    savings = [mpf(0)] * (horizon + 1)
    rate = number(full["deduction_rate_pct"]) / 100
    if full["deduction"] == "flat":
        for month in range(1, horizon + 1):
            savings[month] = rate * loan.at(loan.interests, month)
    if full["deduction"] == "us_itemize":
        standard = number(full["standard_deduction_usd"])
        other = number(full["other_itemized_usd"])
        block = mpf(0)
        for month in range(1, horizon + 1):
            block += loan.at(loan.interests, month)
            if month % 12 == 0 or month == horizon:
                savings[month] = rate * (max(other + block, standard) - max(other, standard))
                block = mpf(0)
    return savings


def _invest_the_rest(
    full: dict[str, Any], loan: Loan, first: mpf, budget: mpf, monthly_return: mpf, horizon: int
) -> Strategy:
    """Spend the same budget every month; what the loan does not take is invested."""
    pmi = number(full["pmi_monthly_usd"])
    # A balance that meets the limit exactly is not above it, whatever rounding left in the 60th digit.
    cutoff = number(full["pmi_cutoff_balance_usd"]) + number(full["balance_usd"]) * mpf(10) ** (-DIGITS + 15)
    dividend = number(full["dividend_yield_pct"]) / 100 / 12
    dividend_tax = number(full["dividend_tax_pct"]) / 100
    savings = _tax_savings(full, loan, horizon)
    contributions, values, basis = [first], [first], first
    for month in range(1, horizon + 1):
        charged = pmi if loan.at(loan.balances, month - 1) > cutoff else mpf(0)
        added = budget - loan.at(loan.payments, month) - charged + savings[month]
        paid_out = values[-1] * dividend
        values.append(values[-1] * (1 + monthly_return) - dividend_tax * paid_out + added)
        basis += (1 - dividend_tax) * paid_out + added
        contributions.append(added)
    return Strategy(contributions, values, basis)


# ---------------------------------------------------------------- the answer


def solve(*, with_break_even: bool = True, **inputs: Any) -> Result:
    """All metrics of one scenario. Raises ScenarioError where the scenario has no answer."""
    with mp.workdps(DIGITS):
        full = complete(inputs)
        rate = _rate_as_month(number(full["rate_pct"]) / 100, full["compounding"])
        # A month loop multiplies an early rounding error by (1 + rate) every month. Carrying that
        # many digits more leaves 60 good ones even at 200 % over a hundred years.
        longest = full["term_months"] or MAX_MONTHS
        lost = int(mp.ceil(longest * mp.log10(1 + rate)))
    with mp.workdps(DIGITS + lost):
        return _solve(full, with_break_even)


def _solve(full: dict[str, Any], with_break_even: bool) -> Result:
    balance, lump, extra = (number(full[n]) for n in ("balance_usd", "lump_sum_usd", "extra_monthly_usd"))
    rate = _rate_as_month(number(full["rate_pct"]) / 100, full["compounding"])
    fee = number(full["fund_fee_pct"]) / 100
    monthly_return = _return_as_month(number(full["return_pct"]) / 100, full["return_convention"], fee)

    if full["term_months"] is None:
        scheduled = number(full["payment_usd"])
        if scheduled - balance * rate <= PAID_OFF_USD:
            raise ScenarioError("PAYMENT_TOO_LOW")
    else:
        scheduled = _level_payment(balance, rate, full["term_months"])
    baseline = _follow_loan(balance, rate, scheduled, full["term_months"])
    used = min(lump, balance)
    faster = _follow_loan(balance - used, rate, scheduled + extra, baseline.payoff_months)

    horizon = full["horizon_months"] or baseline.payoff_months
    budget = scheduled + extra + number(full["pmi_monthly_usd"])
    sides = {
        "prepay": (faster, _invest_the_rest(full, faster, lump - used, budget, monthly_return, horizon)),
        "invest": (baseline, _invest_the_rest(full, baseline, lump, budget, monthly_return, horizon)),
    }
    metrics: dict[str, Any] = {
        "scheduled_payment_usd": scheduled,
        "monthly_budget_usd": budget,
        "horizon_months": horizon,
        "baseline_payoff_months": baseline.payoff_months,
        "baseline_interest_usd": mp.fsum(baseline.interests),
        "baseline_final_payment_usd": baseline.final_payment,
        "prepay_payoff_months": faster.payoff_months,
        "prepay_interest_usd": mp.fsum(faster.interests),
        "prepay_final_payment_usd": faster.final_payment,
        "months_saved": baseline.payoff_months - faster.payoff_months,
        "interest_saved_usd": mp.fsum(baseline.interests) - mp.fsum(faster.interests),
    }
    tax_rate = number(full["capital_gains_tax_pct"]) / 100
    for name, (loan, side) in sides.items():
        value = side.values[-1]
        tax = tax_rate * max(value - side.basis, mpf(0))  # a loss earns no credit
        debt = loan.at(loan.balances, horizon)
        metrics.update(
            {
                f"{name}_contributions_usd": mp.fsum(side.contributions),
                f"{name}_value_usd": value,
                f"{name}_basis_usd": side.basis,
                f"{name}_tax_usd": tax,
                f"{name}_after_tax_usd": value - tax,
                f"{name}_loan_balance_usd": debt,
                f"{name}_net_worth_usd": value - tax - debt,
            }
        )

    def gross(name: str) -> mpf:
        return metrics[f"{name}_value_usd"] - metrics[f"{name}_loan_balance_usd"]

    difference = metrics["invest_net_worth_usd"] - metrics["prepay_net_worth_usd"]
    inflation = 1 + number(full["inflation_pct"]) / 100
    metrics["difference_gross_usd"] = gross("invest") - gross("prepay")
    metrics["difference_usd"] = difference
    metrics["difference_real_usd"] = difference / inflation ** (mpf(horizon) / 12)

    reason: str | None = None
    if with_break_even:
        contributions = [
            a - b for a, b in zip(sides["invest"][1].contributions, sides["prepay"][1].contributions, strict=True)
        ]
        debt = metrics["invest_loan_balance_usd"] - metrics["prepay_loan_balance_usd"]
        found, reason = break_even(full, contributions, debt)
        metrics["break_even_return_pct"] = None if found is None else found * 100
    winner = "tie" if abs(difference) < TIE_USD else "invest" if difference > 0 else "prepay"
    return Result(
        metrics,
        reason,
        winner,
        rate,
        monthly_return,
        [baseline.at(baseline.balances, k) for k in range(horizon + 1)],
        [faster.at(faster.balances, k) for k in range(horizon + 1)],
        sides["prepay"][1].values,
        sides["invest"][1].values,
    )


# ---------------------------------------------------------------- the break-even return


def break_even(full: dict[str, Any], extra_flows: list[mpf], extra_debt: mpf) -> tuple[mpf | None, str | None]:
    """The smallest annual return (a fraction) at which investing starts to win, or why there is none.

    `extra_flows[k]` is what investing puts aside more than prepaying in month k, `extra_debt` what it
    owes more at the horizon H. Why the smallest root cannot be missed:

    1. Both accounts grow by the same factor a = 1 + j - (dividend tax) q/12 a month. With
       c = (1 - dividend tax) q/12, a dollar that has been in for n months is worth a^n and its gain over
       its basis is (a - 1 - c)(1 + a + ... + a^(n-1)). So both accounts pass from loss to gain at
       the same place, a = 1 + c, and the after-tax difference is one polynomial of a below it and
       another above: R + w(a) S(a), where R is the difference of all contributions less the debt, S has
       the running totals of `extra_flows` as coefficients, and w(a) is a - 1 below and
       (1 - t)(a - 1) + t c above.
    2. A polynomial is P(a) - N(a), with P and N made of its positive and its negative terms. For a > 0
       both rise with a, and so do all their derivatives, so their values at the two ends of a cell bound the
       polynomial's second derivative in it; with the slope and the value at the left end that bounds the slope
       and the value in the whole cell. A cell is accepted only if those bounds prove that it holds
       no root or that the polynomial is monotone in it; otherwise it is halved. In an
       accepted cell the signs at its two ends tell everything. (By Descartes' rule, a polynomial whose
       coefficients change sign once at most needs no halving.)
    3. Cells are visited from the lowest return up, so the first change from <= 0 to > 0 is the smallest.
    Only two roots closer than 1e-13 of a could pass for none.
    """
    horizon = len(extra_flows) - 1
    running = [mpf(0)] * (horizon + 1)
    for month in range(horizon + 1):
        running[month] = extra_flows[month] + (running[month - 1] if month else 0)
    rest = running[horizon] - extra_debt
    noise = mpf(10) ** (-DIGITS + 15) * max(
        number(full["balance_usd"]), number(full["lump_sum_usd"]), number(full["extra_monthly_usd"])
    )
    if all(abs(total) <= noise for total in [*running[:horizon], rest]):
        return None, "no_difference"

    tax = number(full["capital_gains_tax_pct"]) / 100
    dividend = number(full["dividend_yield_pct"]) / 100 / 12
    dividend_tax = number(full["dividend_tax_pct"]) / 100
    fee = number(full["fund_fee_pct"]) / 100
    kept_dividend = (1 - dividend_tax) * dividend

    def growth(annual_return: mpf) -> mpf:
        return 1 + _return_as_month(annual_return, full["return_convention"], fee) - dividend_tax * dividend

    lowest, highest = growth(mpf(LOWEST_BREAK_EVEN_PCT) / 100), growth(mpf(HIGHEST_BREAK_EVEN_PCT) / 100)
    if lowest <= 0:
        raise ValueError("the argument above needs a positive growth factor")
    kink = 1 + kept_dividend
    pieces = []
    if lowest < kink:
        pieces.append((lowest, min(kink, highest), mpf(0), mpf(1)))
    if highest > kink:
        pieces.append((max(kink, lowest), highest, tax * kept_dividend, 1 - tax))
    for low, high, offset, slope in pieces:
        polynomial = _Polynomial(_times_line(running[:horizon][::-1], offset - slope, slope, rest), noise)
        for left, right in polynomial.cells(low, high):
            if polynomial.sign(left) <= 0 < polynomial.sign(right):
                root = polynomial.turn(left, right)
                monthly = root - 1 + dividend_tax * dividend
                return _return_as_year(monthly, full["return_convention"], fee), None
    return None, "never"


def _times_line(coefficients: list[mpf], constant: mpf, linear: mpf, plus: mpf) -> list[mpf]:
    """Coefficients, lowest power first, of polynomial * (constant + linear a) + plus."""
    product = [constant * coefficient for coefficient in coefficients] + [mpf(0)]
    for power, coefficient in enumerate(coefficients):
        product[power + 1] += linear * coefficient
    product[0] += plus
    return product


# More than doubles can be wrong by: 1200 terms, each a rounding of a, of products and of sums; underflow.
_RELATIVE_ERROR, _ABSOLUTE_ERROR = 4e-12, 1e-290


class _Polynomial:
    """Coefficients lowest power first; `noise` is what rounding may have left of a true zero."""

    def __init__(self, coefficients: list[mpf], noise: mpf) -> None:
        self.positive = [max(c, mpf(0)) if abs(c) > noise else mpf(0) for c in coefficients]
        self.negative = [max(-c, mpf(0)) if abs(c) > noise else mpf(0) for c in coefficients]
        signs = [c > 0 for c in coefficients if abs(c) > noise]
        self.sign_changes = sum(1 for a, b in pairwise(signs) if a != b)
        largest = max(map(abs, coefficients)) or mpf(1)
        self._rough_positive = [float(c / largest) for c in self.positive]
        self._rough_negative = [float(c / largest) for c in self.negative]

    def sign(self, a: mpf) -> int:
        p, n = (numbers[0] for numbers in self._rough(a))
        if abs(p - n) <= _RELATIVE_ERROR * (p + n) + _ABSOLUTE_ERROR:
            p, n = _value(self.positive, a), _value(self.negative, a)
            if abs(p - n) <= mpf(10) ** (-DIGITS + 20) * (p + n):
                return 0
        return 1 if p > n else -1

    def cells(self, low: mpf, high: mpf) -> list[tuple[mpf, mpf]]:
        """Adjacent cells from low to high, in each of which the end points tell whether it turns."""
        accepted, waiting = [], [(low, high)]
        while waiting:
            left, right = waiting.pop()
            if self._is_plain(left, right):
                accepted.append((left, right))
            else:
                middle = (left + right) / 2
                waiting += [(middle, right), (left, middle)]
        return accepted

    def _is_plain(self, left: mpf, right: mpf) -> bool:
        if self.sign_changes <= 1 or right - left < mpf("1e-13"):
            return True
        p, n = self._rough(left)
        p_right, n_right = self._rough(right)
        error = [_RELATIVE_ERROR * (p_right[k] + n_right[k]) + _ABSOLUTE_ERROR for k in range(3)]
        width = float(right - left)
        bend_low, bend_high = p[2] - n_right[2] - error[2], p_right[2] - n[2] + error[2]
        slope_low = p[1] - n[1] - error[1] + width * min(0, bend_low)
        slope_high = p[1] - n[1] + error[1] + width * max(0, bend_high)
        low = p[0] - n[0] - error[0] + width * min(0, slope_low)
        high = p[0] - n[0] + error[0] + width * max(0, slope_high)
        return bool(low > 0 or high < 0 or slope_low > 0 or slope_high < 0)

    def _rough(self, a: mpf) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
        """P and N with two derivatives, on a common scale, in doubles where those can hold them."""
        rough = _horner(self._rough_positive, float(a)), _horner(self._rough_negative, float(a))
        if all(isfinite(number) for numbers in rough for number in numbers):
            return rough
        return _horner(self.positive, a), _horner(self.negative, a)

    def turn(self, left: mpf, right: mpf) -> mpf:
        """Where the sign goes from <= 0 to > 0: false position (Illinois), halving every third time."""
        together = [p - n for p, n in zip(self.positive, self.negative, strict=True)]

        end = (right - left) * mpf("1e-24")
        weight_left, weight_right = _value(together, left), _value(together, right)
        step = 0
        while right - left > end:
            step += 1
            middle = left - weight_left * (right - left) / (weight_right - weight_left)
            if step % 3 == 0 or not left < middle < right:
                middle = (left + right) / 2
            found = _value(together, middle)
            if found <= 0:
                left, weight_left, weight_right = middle, found, weight_right / 2
            else:
                right, weight_right, weight_left = middle, found, weight_left / 2
        return left


def _value(coefficients: list[mpf], a: mpf) -> mpf:
    """Value of a polynomial given lowest power first."""
    value = mpf(0)
    for coefficient in reversed(coefficients):
        value = value * a + coefficient
    return value


def _horner(coefficients: list[Any], a: Any) -> tuple[Any, Any, Any]:
    """Value, first and second derivative of a polynomial given lowest power first."""
    value = slope = half_bend = 0 * a
    for coefficient in reversed(coefficients):
        half_bend = half_bend * a + slope
        slope = slope * a + value
        value = value * a + coefficient
    return value, slope, 2 * half_bend


# ---------------------------------------------------------------- the schedule in cents


@dataclass
class CentSchedule:
    """Whole cents. `rows` are (month, payment, interest, principal, balance)."""

    payment: int
    rows: list[tuple[int, int, int, int, int]]


def half_up(amount: Fraction) -> int:
    return (2 * amount.numerator + amount.denominator) // (2 * amount.denominator)


def round_up(amount: Fraction) -> int:
    return -((-amount.numerator) // amount.denominator)


def _exact(value: mpf) -> Fraction:
    """The binary fraction that an mpf is."""
    sign, mantissa, exponent, _ = value._mpf_
    scaled = Fraction(int(mantissa)) * Fraction(2) ** int(exponent)
    return -scaled if sign else scaled


def _cents(value: Any) -> int:
    return half_up(Fraction(str(value)) * 100)


def cent_schedule(
    *,
    balance_usd: Any,
    rate_pct: Any,
    term_months: int | None = None,
    payment_usd: Any = None,
    extra_monthly_usd: Any = 0,
    lump_sum_usd: Any = 0,
    compounding: str = "monthly",
    payment_rounding: str = "half-up",
) -> CentSchedule:
    """The loan as a lender books it: payment and each month's interest in whole cents.

    Interest is rounded half up; the last payment is balance plus interest, at the latest in the month
    in which the term ends. With monthly compounding the rate is an exact fraction, so ties are exact.
    """
    rounded = {"half-up": half_up, "up": round_up}[payment_rounding]
    with mp.workdps(DIGITS):
        rate = _exact(_rate_as_month(number(rate_pct) / 100, compounding))
        if compounding == "monthly":
            rate = Fraction(str(rate_pct)) / 1200
        if term_months is None:
            exact_payment = Fraction(str(payment_usd))
        elif compounding == "monthly":
            balance = Fraction(str(balance_usd))
            exact_payment = balance * rate / (1 - (1 + rate) ** -term_months) if rate else balance / term_months
        else:
            monthly = _rate_as_month(number(rate_pct) / 100, compounding)
            exact_payment = _exact(_level_payment(number(balance_usd), monthly, term_months))
    payment = rounded(exact_payment * 100)
    planned = payment + _cents(extra_monthly_usd)
    balance_cents = max(_cents(balance_usd) - _cents(lump_sum_usd), 0)
    rows: list[tuple[int, int, int, int, int]] = []
    while balance_cents > 0:
        month = len(rows) + 1
        if month > MAX_MONTHS:
            raise ScenarioError("TERM_TOO_LONG")
        interest = half_up(balance_cents * rate)
        due = balance_cents + interest
        paid = due if due <= planned or month == term_months else planned
        balance_cents = due - paid
        rows.append((month, paid, interest, paid - interest, balance_cents))
    return CentSchedule(payment, rows)
