"""Pay extra toward the mortgage, or invest the same money?

Method. Two households with the same loan spend the same amount every month until the horizon. One pays
the extra (and the lump sum) to the lender and, once the loan is gone, invests all that is freed. The
other keeps to the schedule and invests the extra from the first month. At the horizon both sell, pay
capital gains tax, and subtract what they still owe. The house is the same for both and left out.

Formulas (money unrounded, payments and contributions at the end of a month, k = 1, 2, ...):
    monthly mortgage rate   i = r/12, or (1 + r/2)^(1/6) - 1, or (1 + r)^(1/12) - 1
    monthly net return      1 + j = (1 + g)^(1/12) (1 - fee)^(1/12), or (1 + g/12) (1 - fee)^(1/12)
    scheduled payment       P = balance / (v + v^2 + ... + v^n), v = 1/(1 + i)
    investments             V_k = V_{k-1} (1 + j) - dividend tax_k + contribution_k
    after tax               V - t (V - K) when the value V is above its cost basis K, else V

Conventions that change the answer: the freed payment is invested over the same horizon; an annual return
is an effective one unless said otherwise; capital gains are taxed once, at the horizon, on the gain only;
a loss earns no credit; the range shows a lower and a higher return, not a probability.

Limits: fixed rate, no prepayment penalty, refinancing, employer match or retirement account; itemised
deductions are counted in blocks of twelve months from the start, without the cap on deductible debt.
"""

from __future__ import annotations

from calculators.core import (
    Calculator,
    Chart,
    Choice,
    Column,
    Fact,
    Facts,
    InputError,
    Inputs,
    Metric,
    Number,
    OptionalInteger,
    OptionalNumber,
    Report,
    Series,
    Table,
    format,
)
from calculators.core.maths import annuity_factor, is_finite, power, root
from calculators.core.units import MONTH, MONTHS, PERCENT, TEXT, USD, USD_CENTS, YEAR, Unit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    _Point = tuple[float, float]


_LOAN = "Your loan"
_EXTRA = "The money to place"
_INVESTING = "Investing it"
_TAX = "Tax on the investments"
_DEDUCTION = "Tax deduction of mortgage interest"
_MORE = "Mortgage insurance, inflation, horizon"

_MOST_USD = 10_000_000_000
_MOST_MONTHS = 1200
_PAID_OFF_USD = 1e-6
"""A difference of balances this small is rounding: such a rest is paid with the payment at hand."""

_TIE_USD = 0.005
_STANDARD_DEDUCTION = "finance/us-federal-income-tax/standard_deduction_joint_usd"
_CAPITAL_GAINS_RATE = "finance/us-federal-income-tax/long_term_capital_gains_rate_pct"
_MARGINAL_RATE = "finance/us-federal-income-tax/marginal_rate_pct"
_LOW_RETURN = "finance/us-stocks/annual_return_low_pct"
_TYPICAL_RETURN = "finance/us-stocks/annual_return_typical_pct"
_HIGH_RETURN = "finance/us-stocks/annual_return_high_pct"


class MortgageInputs(Inputs):
    balance_usd = Number(
        "Remaining loan balance",
        USD,
        300_000,
        min=0.01,
        max=_MOST_USD,
        typical=(50_000, 800_000),
        group=_LOAN,
        help="What you still owe today.",
    )
    rate_pct = Number(
        "Mortgage rate",
        PERCENT,
        6.5,
        min=0,
        max=1000,
        typical=(2, 9),
        group=_LOAN,
        help="The nominal rate of the contract, a year.",
    )
    compounding = Choice(
        "Rate compounded",
        (("monthly", "monthly (US)"), ("semiannual", "twice a year (Canada)"), ("annual", "once a year")),
        group=_LOAN,
        help="How the contract turns its annual rate into a monthly one.",
    )
    term_months = OptionalInteger(
        "Remaining term",
        MONTHS,
        300,
        min=1,
        max=_MOST_MONTHS,
        typical=(60, 360),
        group=_LOAN,
        help="Months left on the schedule. Leave it blank if you give the payment instead.",
    )
    payment_usd = OptionalNumber(
        "Monthly payment",
        USD,
        min=0.01,
        max=_MOST_USD,
        typical=(3_000, 8_000),
        group=_LOAN,
        help="Principal and interest only. Give it instead of the term.",
        instead_of="term_months",
    )
    extra_monthly_usd = Number(
        "Extra money each month",
        USD,
        300,
        min=0,
        max=_MOST_USD,
        typical=(0, 2_000),
        group=_EXTRA,
        help="What you could either pay on top of the mortgage or invest, every month.",
    )
    lump_sum_usd = Number(
        "Lump sum today",
        USD,
        0,
        min=0,
        max=_MOST_USD,
        typical=(0, 50_000),
        group=_EXTRA,
        help="Money at hand now, for either purpose.",
    )
    return_pct = Number(
        "Expected return",
        PERCENT,
        7,
        min=-100,
        max=1000,
        typical=(2, 11),
        group=_INVESTING,
        help="What you expect the investments to return a year, dividends included, before fund fees.",
    )
    return_convention = Choice(
        "The return is",
        (("effective", "the growth over a whole year"), ("nominal_monthly", "twelve times the monthly growth")),
        group=_INVESTING,
        help="Published annual returns are growth over a whole year.",
    )
    return_low_pct = OptionalNumber(
        "Low return",
        PERCENT,
        min=-100,
        max=1000,
        typical=(0, 2),
        group=_INVESTING,
        help="Low end of the range. Blank: as far below yours as weak decades were below the usual ones.",
        low_of="return_pct",
    )
    return_high_pct = OptionalNumber(
        "High return",
        PERCENT,
        min=-100,
        max=1000,
        typical=(11, 14),
        group=_INVESTING,
        help="High end of the range. Blank: as far above yours as strong decades were above the usual ones.",
        high_of="return_pct",
    )
    fund_fee_pct = Number(
        "Fund fees",
        PERCENT,
        0,
        min=0,
        max=99.99,
        typical=(0, 1.5),
        group=_INVESTING,
        help="Share of the investments that the fund keeps, a year.",
    )
    dividend_yield_pct = Number(
        "Dividend yield",
        PERCENT,
        0,
        min=0,
        max=100,
        typical=(0, 4),
        group=_TAX,
        help="The part of the return that is paid out, and taxed, every year.",
    )
    dividend_tax_pct = Number(
        "Tax on dividends", PERCENT, 0, min=0, max=100, typical=(0, 30), group=_TAX, help="Paid at once."
    )
    capital_gains_tax_pct = Number(
        "Tax on capital gains",
        PERCENT,
        Fact(_CAPITAL_GAINS_RATE),
        min=0,
        max=100,
        typical=(0, 30),
        group=_TAX,
        help="Paid once, when the investments are sold at the horizon, on the gain only.",
    )
    deduction = Choice(
        "Mortgage interest is",
        (
            ("none", "not deducted"),
            ("flat", "deducted in full"),
            ("us_itemize", "deducted in the US, if itemising beats the standard deduction"),
        ),
        group=_DEDUCTION,
        help="Most US households take the standard deduction, and then the interest saves no tax.",
    )
    deduction_rate_pct = Number(
        "Marginal tax rate",
        PERCENT,
        Fact(_MARGINAL_RATE),
        min=0,
        max=100,
        typical=(10, 40),
        group=_DEDUCTION,
        help="Tax saved for each dollar of deduction.",
    )
    standard_deduction_usd = Number(
        "Standard deduction",
        USD,
        Fact(_STANDARD_DEDUCTION),
        min=0,
        max=_MOST_USD,
        typical=(10_000, 35_000),
        group=_DEDUCTION,
        help="For a US couple filing jointly; only counted when you itemise.",
    )
    other_itemized_usd = Number(
        "Other itemised deductions",
        USD,
        0,
        min=0,
        max=_MOST_USD,
        typical=(0, 40_000),
        group=_DEDUCTION,
        help="State taxes, gifts and so on, a year.",
    )
    pmi_monthly_usd = Number(
        "Mortgage insurance",
        USD,
        0,
        min=0,
        max=_MOST_USD,
        typical=(0, 300),
        group=_MORE,
        help="Paid each month while the balance is above the limit below.",
    )
    pmi_cutoff_balance_usd = Number(
        "Insurance ends at a balance of",
        USD,
        0,
        min=0,
        max=_MOST_USD,
        typical=(0, 300_000),
        group=_MORE,
        help="Usually 80% of the home's original value.",
    )
    inflation_pct = Number(
        "Inflation",
        PERCENT,
        0,
        min=-50,
        max=1000,
        typical=(0, 5),
        group=_MORE,
        help="Only used to state the difference in today's money.",
    )
    horizon_months = OptionalInteger(
        "Horizon",
        MONTHS,
        min=1,
        max=_MOST_MONTHS,
        typical=(12, 480),
        group=_MORE,
        help="When the two plans are compared. Blank: when the loan ends on schedule.",
    )
    payment_rounding = Choice(
        "Payment rounded",
        (("half-up", "to the nearest cent"), ("up", "up to the next cent")),
        group=_MORE,
        help="Only concerns the schedules, which are in whole cents.",
    )


class _Loan:
    """A loan month by month, nothing rounded.

    Attributes:
        balances: after month 0, 1, ..., n; the last one is 0.
        ahead: by how much these are below the balances on schedule.
        interest: of month 1, ..., n.
        final_payment: in month n; every other month is paid what was planned.
        change: what the final payment leaves of what was planned.
    """

    def __init__(
        self, balances: list[float], ahead: list[float], rate: float, final_payment: float, change: float
    ) -> None:
        self.balances = balances
        self.ahead = ahead
        self.interest = [rate * owed for owed in balances[:-1]]
        self.total_interest = _total(self.interest)
        self.months = len(self.interest)
        self.final_payment = final_payment
        self.change = change

    def balance_after(self, month: int) -> float:
        return self.balances[month] if month < self.months else 0.0


class _Plan:
    """What one strategy invests, and what it owes at the horizon.

    Attributes:
        contributions: money invested at time 0 and at the end of month 1, ..., horizon.
        invested: the same from the first month in which there is any.
        tax_savings: total of the tax saved by deducting interest (part of the contributions).
        loan: its loan.
        owed: what is left of the loan at the horizon.
        ahead: by how much that is below the schedule.
    """

    def __init__(self, loan: _Loan, baseline: _Loan, contributions: list[float], tax_savings: float) -> None:
        horizon = len(contributions) - 1
        self.loan = loan
        self.contributions = contributions
        first = 0
        while first < horizon and contributions[first] == 0:
            first += 1
        self.invested = contributions[first:]
        self.contributed = _total(contributions)
        self.tax_savings = tax_savings
        self.owed = loan.balance_after(horizon)
        self.ahead = loan.ahead[horizon] if horizon <= loan.months else baseline.balance_after(horizon)


class _Market:
    """How investments grow and are taxed; rates are monthly fractions."""

    def __init__(self, inputs: MortgageInputs) -> None:
        self.effective = inputs.return_convention == "effective"
        self.keep = root(1 - inputs.fund_fee_pct / 100, 12)
        self.dividend = inputs.dividend_yield_pct / 100 / 12
        self.dividend_tax = inputs.dividend_tax_pct / 100
        self.gains_tax = inputs.capital_gains_tax_pct / 100

    def gross_growth(self, return_pct: float) -> float:
        """Growth in a month at an annual return, before the fee."""
        g = return_pct / 100
        return root(1 + g, 12) if self.effective else 1 + g / 12

    def return_pct(self, gross_growth: float) -> float:
        """The annual return that has this monthly growth: the inverse of `gross_growth`."""
        return 100 * (power(gross_growth, 12) - 1 if self.effective else 12 * (gross_growth - 1))

    def path(self, contributions: list[float], gross_growth: float) -> tuple[list[float], list[float]]:
        """Value and cost basis of the investments after month 0, 1, ..."""
        growth = gross_growth * self.keep - self.dividend_tax * self.dividend
        reinvested = (1 - self.dividend_tax) * self.dividend
        value = basis = contributions[0]
        values, bases = [value], [basis]
        for x in contributions[1:]:
            basis = basis + reinvested * value + x
            value = value * growth + x
            values.append(value)
            bases.append(basis)
        return values, bases

    def after_tax(self, plan: _Plan, gross_growth: float) -> float:
        """Value at the horizon after tax: `path` and `tax` in one pass, for the search of the break-even."""
        growth = gross_growth * self.keep - self.dividend_tax * self.dividend
        value = 0.0
        held = 0.0
        if self.dividend == 0:
            for x in plan.invested:
                value = value * growth + x
        else:
            for x in plan.contributions:
                held = held + value
                value = value * growth + x
        basis = plan.contributed + (1 - self.dividend_tax) * self.dividend * held
        return self.left_after_tax(value, basis)

    def left_after_tax(self, value: float, basis: float) -> float:
        """What selling everything brings: not value - tax, which loses digits when the value is huge."""
        return (1 - self.gains_tax) * value + self.gains_tax * basis if value > basis else value

    def tax(self, value: float, basis: float) -> float:
        """Capital gains tax on selling everything; a loss earns no credit."""
        return self.gains_tax * (value - basis) if value > basis else 0.0


class _Outcome:
    """One strategy at the horizon, at one return."""

    def __init__(self, market: _Market, plan: _Plan, gross_growth: float) -> None:
        self.values, self.bases = market.path(plan.contributions, gross_growth)
        self.value = self.values[-1]
        if not is_finite(self.value):
            raise InputError(
                "INVALID_INPUT",
                "return_pct",
                "Over this horizon the investments outgrow every number; give a lower return or a shorter horizon.",
            )
        self.basis = self.bases[-1]
        self.tax = market.tax(self.value, self.basis)
        self.after_tax = market.left_after_tax(self.value, self.basis)
        self.net_worth = self.after_tax - plan.owed

    def net_worth_after(self, month: int, market: _Market, loan: _Loan) -> float:
        """Net worth if everything were sold after `month` months."""
        return market.left_after_tax(self.values[month], self.bases[month]) - loan.balance_after(month)


class _Comparison:
    """Both strategies at one return."""

    def __init__(self, market: _Market, prepay: _Plan, invest: _Plan, return_pct: float) -> None:
        growth = market.gross_growth(return_pct)
        self.return_pct = return_pct
        self.prepay = _Outcome(market, prepay, growth)
        self.invest = _Outcome(market, invest, growth)
        self.difference_gross = self.invest.value - self.prepay.value - prepay.ahead
        self.difference = self.invest.after_tax - self.prepay.after_tax - prepay.ahead

    def verdict(self) -> str:
        if abs(self.difference) < _TIE_USD:
            return "tie"
        return "invest" if self.difference > 0 else "prepay"


_LOAN_INPUTS = ("balance_usd", "rate_pct", "compounding", "term_months", "payment_usd")
_PREPAID_INPUTS = _LOAN_INPUTS + ("extra_monthly_usd", "lump_sum_usd")
_BUDGET_INPUTS = _LOAN_INPUTS + ("extra_monthly_usd", "pmi_monthly_usd")
_DEDUCTION_INPUTS = (
    "deduction",
    "deduction_rate_pct",
    "standard_deduction_usd",
    "other_itemized_usd",
    "horizon_months",
)
_PLAN_INPUTS = _PREPAID_INPUTS + _DEDUCTION_INPUTS + ("pmi_monthly_usd", "pmi_cutoff_balance_usd")
_VALUE_INPUTS = _PLAN_INPUTS + (
    "return_pct",
    "return_convention",
    "return_low_pct",
    "return_high_pct",
    "fund_fee_pct",
    "dividend_yield_pct",
    "dividend_tax_pct",
)
_TAXED_INPUTS = _VALUE_INPUTS + ("capital_gains_tax_pct",)
_BREAK_EVEN_INPUTS = tuple(
    [name for name in _TAXED_INPUTS if name not in ("return_pct", "return_low_pct", "return_high_pct")]
)


def _strategy_metrics(id: str, label: str) -> tuple[Metric, ...]:
    owes = _PREPAID_INPUTS if id == "prepay" else _LOAN_INPUTS
    return (
        Metric(f"{id}_contributions_usd", f"{label}: money invested", USD, _PLAN_INPUTS),
        Metric(f"{id}_tax_savings_usd", f"{label}: tax saved by deducting interest", USD, owes + _DEDUCTION_INPUTS),
        Metric(f"{id}_value_usd", f"{label}: investments at the horizon", USD, _VALUE_INPUTS),
        Metric(f"{id}_basis_usd", f"{label}: cost basis", USD, _VALUE_INPUTS),
        Metric(f"{id}_tax_usd", f"{label}: capital gains tax", USD, _TAXED_INPUTS),
        Metric(f"{id}_after_tax_usd", f"{label}: investments after tax", USD, _TAXED_INPUTS),
        Metric(f"{id}_loan_balance_usd", f"{label}: loan still owed", USD, owes + ("horizon_months",)),
        Metric(f"{id}_net_worth_usd", f"{label}: net worth after tax", USD, _TAXED_INPUTS, key=True),
    )


METRICS = (
    (
        Metric("difference_usd", "Investing ahead by, after tax", USD, _TAXED_INPUTS, key=True),
        Metric("break_even_return_pct", "Return at which it turns", PERCENT, _BREAK_EVEN_INPUTS, key=True),
        Metric("months_saved", "Loan paid off earlier by", MONTHS, _PREPAID_INPUTS, key=True),
        Metric("interest_saved_usd", "Interest saved by prepaying", USD, _PREPAID_INPUTS, key=True),
        Metric("scheduled_payment_usd", "Scheduled payment a month", USD_CENTS, _LOAN_INPUTS, key=True),
        Metric("monthly_budget_usd", "Spent a month in both plans", USD_CENTS, _BUDGET_INPUTS),
        Metric("horizon_months", "Compared after", MONTHS, _LOAN_INPUTS + ("horizon_months",)),
        Metric("baseline_payoff_months", "On schedule: loan paid off after", MONTHS, _LOAN_INPUTS),
        Metric("baseline_interest_usd", "On schedule: interest", USD, _LOAN_INPUTS),
        Metric("baseline_final_payment_usd", "On schedule: last payment", USD_CENTS, _LOAN_INPUTS),
        Metric("prepay_payoff_months", "Prepaying: loan paid off after", MONTHS, _PREPAID_INPUTS),
        Metric("prepay_interest_usd", "Prepaying: interest", USD, _PREPAID_INPUTS),
        Metric("prepay_final_payment_usd", "Prepaying: last payment", USD_CENTS, _PREPAID_INPUTS),
    )
    + _strategy_metrics("prepay", "Prepaying")
    + _strategy_metrics("invest", "Investing")
    + (
        Metric("difference_gross_usd", "Investing ahead by, before capital gains tax", USD, _VALUE_INPUTS),
        Metric("difference_real_usd", "Investing ahead by, in today's money", USD, _TAXED_INPUTS + ("inflation_pct",)),
    )
)


def compute(inputs: MortgageInputs, facts: Facts) -> Report:
    """Compares paying extra with investing, at the horizon, after tax, for equal spending."""
    rate = _monthly_rate(inputs.rate_pct / 100, inputs.compounding)
    baseline, payment = _baseline(inputs, rate)
    lump = min(inputs.lump_sum_usd, inputs.balance_usd)
    extra = inputs.extra_monthly_usd
    prepaid = baseline if extra == 0 and lump == 0 else _prepaid(baseline, rate, payment, extra, lump)
    horizon = inputs.horizon_months or baseline.months

    budget = payment + extra + inputs.pmi_monthly_usd
    lump_left = inputs.lump_sum_usd - lump
    prepay = _plan(inputs, baseline, prepaid, payment, (lump_left, 0.0), horizon)
    invest = _plan(inputs, baseline, baseline, payment, (inputs.lump_sum_usd, extra), horizon)
    market = _Market(inputs)
    low_pct, high_pct = _return_range(inputs, facts)
    typical = _Comparison(market, prepay, invest, inputs.return_pct)
    low = _Comparison(market, prepay, invest, low_pct)
    high = _Comparison(market, prepay, invest, high_pct)
    break_even_pct, why_none = _break_even(market, prepay, invest)

    report = Report(METRICS)
    report.verdict = typical.verdict()
    report.headline = _headline(typical, horizon, break_even_pct, why_none)
    report.set("scheduled_payment_usd", payment)
    report.set("monthly_budget_usd", budget)
    report.set("horizon_months", horizon)
    report.set("months_saved", baseline.months - prepaid.months)
    report.set("interest_saved_usd", baseline.total_interest - prepaid.total_interest)
    report.set("break_even_return_pct", break_even_pct)
    for id, loan in (("baseline", baseline), ("prepay", prepaid)):
        report.set(id + "_payoff_months", loan.months)
        report.set(id + "_interest_usd", loan.total_interest)
        report.set(id + "_final_payment_usd", loan.final_payment)
    for id, plan, middle, ends in (
        ("prepay", prepay, typical.prepay, (low.prepay, high.prepay)),
        ("invest", invest, typical.invest, (low.invest, high.invest)),
    ):
        report.set(id + "_contributions_usd", plan.contributed)
        report.set(id + "_tax_savings_usd", plan.tax_savings)
        report.set(id + "_loan_balance_usd", plan.owed)
        report.set(id + "_value_usd", middle.value, tuple([end.value for end in ends]))
        report.set(id + "_basis_usd", middle.basis, tuple([end.basis for end in ends]))
        report.set(id + "_tax_usd", middle.tax, tuple([end.tax for end in ends]))
        report.set(id + "_after_tax_usd", middle.after_tax, tuple([end.after_tax for end in ends]))
        report.set(id + "_net_worth_usd", middle.net_worth, tuple([end.net_worth for end in ends]))
    differences = (low.difference, high.difference)
    deflator = power(root(1 + inputs.inflation_pct / 100, 12), horizon)
    report.set("difference_usd", typical.difference, differences)
    report.set("difference_real_usd", typical.difference / deflator, tuple([d / deflator for d in differences]))
    report.set("difference_gross_usd", typical.difference_gross, (low.difference_gross, high.difference_gross))

    report.note("range", _range_sentence(low, high, inputs))
    if why_none:
        report.note("limit", "There is no return at which it turns: " + _WHY_NONE[why_none] + ".")
    report.note("limit", "One fixed return a year is assumed: no forecast.")
    report.tables = [
        _return_table((low, typical, high)),
        _year_table(market, prepay, invest, typical),
        _schedule("schedule", "Payments with the extra money", inputs, rate, payment, lump),
        _schedule("schedule_baseline", "Payments on schedule, without it", inputs, rate, payment, None),
    ]
    report.charts = [_chart(market, prepay, invest, typical)]
    return report


def _monthly_rate(annual: float, compounding: str) -> float:
    if compounding == "monthly":
        return annual / 12
    if compounding == "semiannual":
        return root(1 + annual / 2, 6) - 1
    return root(1 + annual, 12) - 1


def _baseline(inputs: MortgageInputs, rate: float) -> tuple[_Loan, float]:
    """The loan on schedule, and its payment a month."""
    balance = inputs.balance_usd
    if inputs.term_months is not None:
        payment = balance / annuity_factor(rate, inputs.term_months)
        # Backwards from the 0 at the end, which keeps all digits; forwards, errors grow like the debt.
        balances = [0.0]
        for _month in range(inputs.term_months - 1):
            balances.append((balances[-1] + payment) / (1 + rate))
        balances.append(balance)
        balances.reverse()
        return _Loan(balances, [0.0] * len(balances), rate, payment, 0.0), payment
    payment = inputs.payment_usd or 0.0
    if payment - balance * rate <= _PAID_OFF_USD:
        raise InputError(
            "PAYMENT_TOO_LOW",
            "payment_usd",
            f"A payment of {format.usd_cents(payment)} never pays the loan off: the first month's interest "
            f"alone is {format.usd_cents(balance * rate)}; give a higher payment, or the term instead.",
        )
    balances = [balance]
    due = balance * (1 + rate)
    while due - payment > _PAID_OFF_USD:
        balances.append(due - payment)
        due = balances[-1] * (1 + rate)
        if len(balances) > _MOST_MONTHS:
            raise InputError(
                "TERM_TOO_LONG",
                "payment_usd",
                f"At {format.usd_cents(payment)} a month the loan takes more than {_MOST_MONTHS:,} months; "
                "give a higher payment.",
            )
    balances.append(0.0)
    return _Loan(balances, [0.0] * len(balances), rate, due, payment - due), payment


def _prepaid(baseline: _Loan, rate: float, payment: float, extra: float, lump: float) -> _Loan:
    """The loan with the extra money paid in.

    Followed by how far it is ahead of the schedule: a small extra on a large loan would drown in the rounding of
    the balance.
    """
    ahead = [lump]
    balances = [baseline.balances[0] - lump]
    final_payment = change = 0.0
    while balances[-1] > 0:
        month = len(balances)
        gained = ahead[-1] * (1 + rate) + extra
        scheduled = baseline.balances[month]
        if scheduled - gained <= _PAID_OFF_USD or month == baseline.months:
            change = gained - scheduled + (baseline.change if month == baseline.months else 0.0)
            final_payment = payment + extra - change
            gained, balance = scheduled, 0.0
        else:
            balance = scheduled - gained
        ahead.append(gained)
        balances.append(balance)
    return _Loan(balances, ahead, rate, final_payment, change)


def _plan(
    inputs: MortgageInputs,
    baseline: _Loan,
    loan: _Loan,
    payment: float,
    beside: tuple[float, float],
    horizon: int,
) -> _Plan:
    """What is invested: `beside` the loan (at the start, every month), and whatever the loan no longer takes."""
    contributions = [beside[0]]
    tax_savings = 0.0
    flat_rate = inputs.deduction_rate_pct / 100 if inputs.deduction == "flat" else 0.0
    block_interest = 0.0
    # Looked up once and not every month: that would be a tenth of a run in MicroPython.
    months, balances, interests = loan.months, loan.balances, loan.interest
    freed = payment + inputs.extra_monthly_usd
    pmi, pmi_up_to = inputs.pmi_monthly_usd, inputs.pmi_cutoff_balance_usd + _PAID_OFF_USD
    itemizes = inputs.deduction == "us_itemize"
    other, standard = inputs.other_itemized_usd, inputs.standard_deduction_usd
    for k in range(1, horizon + 1):
        left, interest = (beside[1], interests[k - 1]) if k <= months else (freed, 0.0)
        if k == months:
            left = left + loan.change
        if k > months or balances[k - 1] <= pmi_up_to:
            left = left + pmi
        saving = flat_rate * interest
        block_interest = block_interest + interest
        if itemizes and (k % 12 == 0 or k == horizon):
            deducted = max(other + block_interest, standard) - max(other, standard)
            saving = inputs.deduction_rate_pct / 100 * deducted
            block_interest = 0.0
        tax_savings = tax_savings + saving
        contributions.append(left + saving)
    return _Plan(loan, baseline, contributions, tax_savings)


def _return_range(inputs: MortgageInputs, facts: Facts) -> tuple[float, float]:
    """The low and the high return: given, or as far from the expected one as long stretches of the past."""
    usual = facts.value(_TYPICAL_RETURN)
    low, high = inputs.return_low_pct, inputs.return_high_pct
    if low is None:
        low = max(-100.0, inputs.return_pct + facts.value(_LOW_RETURN) - usual)
    if high is None:
        high = inputs.return_pct + facts.value(_HIGH_RETURN) - usual
    return low, high


_WHY_NONE = {
    "no_difference": "both plans do the same with the money",
    "never": "the same plan is ahead at every return from -50% to 1,000% a year",
}
_LOWEST_PCT, _HIGHEST_PCT = -50.0, 1000.0
_FINE_STEP, _COARSE_STEP, _FINE_UP_TO = 1.0008, 1.008, 1.04
_WIDE_STEP = 1.0128


def _break_even(market: _Market, prepay: _Plan, invest: _Plan) -> tuple[float | None, str]:
    """The smallest return a year at which investing overtakes, or None and the reason.

    The difference is worked out on a grid from -50% to 1,000% a year, steps of about 1% a year up to 60%
    and of 10% above; where it turns from <= 0 to > 0, the root is closed in on. Mortgage insurance and
    itemising can make it turn more than once: a hump below 0 between two grid points is climbed, too. Where it
    cannot turn twice, wide steps find the same.
    """
    # What comes in at the horizon itself earns nothing: it counts like the loan that is owed then.
    last = invest.contributions[-1] - prepay.contributions[-1] - prepay.ahead
    if prepay.contributions[:-1] == invest.contributions[:-1] and last == 0:
        return None, "no_difference"

    def difference(growth: float) -> float:
        return market.after_tax(invest, growth) - market.after_tax(prepay, growth) - prepay.ahead

    def noise(growth: float) -> float:
        return 1e-13 * (abs(market.after_tax(invest, growth)) + abs(invest.owed))

    def is_hump(low: _Point, middle: _Point, high: _Point) -> bool:
        # Between three points, the top of a smooth hump lies at most about as far above the middle one as that
        # one lies above the others: four times that leaves room.
        rise = max(middle[1] - low[1], middle[1] - high[1])
        may_pass_zero = low[1] <= middle[1] <= 0 and high[1] <= middle[1] and middle[1] + 4 * rise > 0
        return may_pass_zero and rise > noise(middle[0])

    turns_once = _turns_once(market, prepay, invest)
    start, end = market.gross_growth(_LOWEST_PCT), market.gross_growth(_HIGHEST_PCT)
    low = middle = (start, difference(start))
    crossing = None  # where it turned; believed once the difference is more than rounding
    while middle[0] < end:
        step = _FINE_STEP if middle[0] < _FINE_UP_TO else _COARSE_STEP
        growth = min(end, middle[0] * (_WIDE_STEP if turns_once else step))
        high = (growth, difference(growth))
        if not is_finite(high[1]):
            break  # a century at 900% a year and more, as twelve times the monthly growth
        if high[1] <= 0:
            crossing = None
        elif middle[1] <= 0:
            crossing = (middle, high)
        if crossing and high[1] > noise(growth):
            return market.return_pct(_turn(difference, crossing[0], crossing[1])), ""
        if not turns_once and is_hump(low, middle, high):
            top = _climb(difference, low[0], high[0])
            if top[1] > noise(top[0]):
                return market.return_pct(_turn(difference, low, top)), ""
        low, middle = middle, high
    return None, "never"


def _turns_once(market: _Market, prepay: _Plan, invest: _Plan) -> bool:
    """Whether the difference surely turns at most once, from <= 0 to > 0.

    Before tax it is a polynomial in the growth, with what one plan invests more than the other in each month as its
    coefficients. If investing is ahead at first and prepaying later, their sign changes once, and by Descartes' rule
    there is one root at most. Tax on gains scales it and takes a constant off; both meet at no growth.
    """
    if market.dividend or prepay.ahead < 0 or (market.gains_tax and prepay.contributed < invest.contributed):
        return False
    is_behind = False
    for mine, other in zip(invest.contributions, prepay.contributions):
        if mine > other and is_behind:
            return False
        is_behind = is_behind or mine < other
    return True


_CLOSE_ENOUGH = 4e-16
"""Of the growth in a month, about 1 of which is all of it: closer than this, rounding decides on which side f is."""


def _turn(f: Callable[[float], float], below: _Point, above: _Point) -> float:
    """Where f turns from <= 0 to > 0: regula falsi (Illinois), with a bisection whenever it is slow."""
    a, fa = below
    b, fb = above
    moved = ""
    nearest = _CLOSE_ENOUGH * b
    width = b - a
    for step in range(200):
        if b - a <= 2 * nearest:
            break
        if step % 3 < 2 or b - a < width / 2:
            # Not closer to an end than counts: beside a root that has been hit, the next place closes the case.
            c = min(max(a + (b - a) * (-fa / (fb - fa)), a + nearest), b - nearest)
        else:
            c = a + (b - a) / 2
        if step % 3 == 2:
            width = b - a
        fc = f(c)
        # An end that stays twice counts half.
        if fc > 0:
            b, fb = c, fc
            fa, moved = fa / 2 if moved == "b" else fa, "b"
        else:
            a, fa = c, fc
            fb, moved = fb / 2 if moved == "a" else fb, "a"
    return a + (b - a) / 2


def _climb(f: Callable[[float], float], low: float, high: float) -> _Point:
    """The highest point of a hump between two places (golden section), or the first one above 0."""
    part = 0.3819660112501051
    a, b = low + part * (high - low), high - part * (high - low)
    fa, fb = f(a), f(b)
    for _step in range(40):
        if fa > 0 or fb > 0:
            break
        if fa < fb:
            low, a, fa = a, b, fb
            b = high - part * (high - low)
            fb = f(b)
        else:
            high, b, fb = b, a, fa
            a = low + part * (high - low)
            fa = f(a)
    return (a, fa) if fa > fb else (b, fb)


_DOES = {"invest": "investing", "prepay": "paying down the mortgage"}


def _headline(typical: _Comparison, horizon: int, break_even_pct: float | None, why_none: str) -> str:
    span = format.duration(horizon)
    verdict = typical.verdict()
    if why_none == "no_difference":
        return f"Both plans end the same after {span}: they do the same with the money."
    if verdict == "tie":
        return f"It is a tie after tax over {span}."
    by = format.usd(abs(typical.difference))
    if verdict == "invest":
        text = f"Investing wins by {by} after tax over {span}"
        other, side = "paying down the mortgage would", "below"
    else:
        text = f"Paying down the mortgage wins by {by} after tax over {span}"
        other, side = "investing would", "above"
    if break_even_pct is None:
        return text + ", at any return from -50% to 1,000% a year."
    if (typical.return_pct > break_even_pct) != (verdict == "invest"):
        return f"{text}; it first turns at a return of {format.percent(break_even_pct)} a year."
    return f"{text}; {side} a return of {format.percent(break_even_pct)} a year {other}."


def _range_sentence(low: _Comparison, high: _Comparison, inputs: MortgageInputs) -> str:
    parts = []
    for end in (low, high):
        verdict = end.verdict()
        what = "it is a tie" if verdict == "tie" else f"{_DOES[verdict]} wins by {format.usd(abs(end.difference))}"
        parts.append(f"at {format.percent(end.return_pct)} a year {what}")
    given = inputs.return_low_pct is not None and inputs.return_high_pct is not None
    why = "the returns you gave"
    if not given:
        why = "as far from your return as weak and strong long stretches of the US stock market lay from the usual one"
    return f"The range: {parts[0]}; {parts[1]} ({why})."


def _return_table(comparisons: tuple[_Comparison, ...]) -> Table:
    rows: list[list[float | int | str | None]] = []
    for label, c in zip(("low", "typical", "high"), comparisons):
        rows.append([label, c.return_pct, c.prepay.net_worth, c.invest.net_worth, c.difference])
    columns = (
        Column("case", "Return", TEXT),
        Column("return_pct", "a year", PERCENT),
        Column("prepay_net_worth_usd", "Prepaying: net worth", USD),
        Column("invest_net_worth_usd", "Investing: net worth", USD),
        Column("difference_usd", "Investing ahead by", USD),
    )
    return Table("by_return", "At a low, a typical and a high return, after tax", columns, 3, lambda: rows)


def _years(horizon: int) -> list[int]:
    """The months at which years end, and the horizon itself."""
    months = list(range(0, horizon + 1, 12))
    return months if months[-1] == horizon else months + [horizon]


def _year_table(market: _Market, prepay: _Plan, invest: _Plan, typical: _Comparison) -> Table:
    months = _years(len(prepay.contributions) - 1)

    def rows() -> list[list[float | int | str | None]]:
        made: list[list[float | int | str | None]] = []
        for month in months:
            p = typical.prepay.net_worth_after(month, market, prepay.loan)
            i = typical.invest.net_worth_after(month, market, invest.loan)
            made.append(
                [
                    month / 12,
                    prepay.loan.balance_after(month),
                    typical.prepay.values[month],
                    p,
                    invest.loan.balance_after(month),
                    typical.invest.values[month],
                    i,
                    i - p,
                ]
            )
        return made

    columns = (
        Column("year", "Year", YEAR),
        Column("prepay_loan_balance_usd", "Prepaying: loan", USD),
        Column("prepay_value_usd", "Prepaying: investments", USD),
        Column("prepay_net_worth_usd", "Prepaying: net worth", USD),
        Column("invest_loan_balance_usd", "Investing: loan", USD),
        Column("invest_value_usd", "Investing: investments", USD),
        Column("invest_net_worth_usd", "Investing: net worth", USD),
        Column("difference_usd", "Investing ahead by", USD),
    )
    return Table("by_year", "Year by year, if everything were sold then, after tax", columns, len(months), rows)


_MOST_POINTS = 40
"""A chart has no more steps than this: of a long run every second year is drawn, or every fifth."""
_FROM_NOW = Unit("years", "", lambda years: format.duration(format.rounded(years * 12, 0)) if years else "now")


def _chart_months(horizon: int) -> list[int]:
    """The months that are drawn: ends of years, the last one the horizon itself."""
    step = 12
    for years in (2, 5, 10):
        if horizon > step * _MOST_POINTS:
            step = 12 * years
    months = list(range(0, horizon, step))
    return months + [horizon]


def _chart(market: _Market, prepay: _Plan, invest: _Plan, typical: _Comparison) -> Chart:
    months = _chart_months(len(prepay.contributions) - 1)

    def net_worths(month: int) -> tuple[float, float]:
        p = typical.prepay.net_worth_after(month, market, prepay.loan)
        return p, typical.invest.net_worth_after(month, market, invest.loan)

    net = [net_worths(month) for month in months]
    leads = _leads(months, net, net_worths)
    marks = [
        (loan.months / 12, label)
        for loan, label in ((prepay.loan, "paid off early"), (invest.loan, "paid off on schedule"))
        if loan.months <= months[-1]
    ]
    if len(marks) == 2 and marks[0][0] == marks[1][0]:
        marks = [(marks[0][0], "loan paid off")]
    marks = marks + [(month / 12, _NAMES[who].lower() + " leads") for month, who in leads[:_MOST_LEADS]]
    lines = (
        ("prepay_net_worth", "Prepaying: net worth", "prepay", [p for p, _ in net]),
        ("invest_net_worth", "Investing: net worth", "invest", [i for _, i in net]),
        ("prepay_balance", "Prepaying: loan", "prepay-debt", [prepay.loan.balance_after(m) for m in months]),
        ("invest_balance", "Investing: loan", "invest-debt", [invest.loan.balance_after(m) for m in months]),
    )
    return Chart(
        "net_worth",
        "Net worth and loan by year",
        _chart_description(net, leads, prepay.loan, invest.loan, months[-1]),
        Column("year", "Time from now", _FROM_NOW),
        Column("usd", "Dollars", USD),
        [month / 12 for month in months],
        [Series(id, label, role, values) for id, label, role, values in lines],
        marks,
    )


_MOST_LEADS = 2
_NAMES = {"invest": "Investing", "prepay": "Prepaying"}


def _leads(
    months: list[int], net: list[tuple[float, float]], net_worths: Callable[[int], tuple[float, float]]
) -> list[tuple[int, str]]:
    """The months in which one plan passes the other, and which. A tie, as at the start, is nobody's lead."""
    found = []
    leader = 0
    for k in range(len(months)):
        ahead = _ahead(net[k])
        if ahead and leader and ahead != leader:
            month = months[k - 1] + 1
            while month < months[k] and _ahead(net_worths(month)) != ahead:
                month = month + 1
            found.append((month, "invest" if ahead > 0 else "prepay"))
        leader = ahead or leader
    return found


def _ahead(net: tuple[float, float]) -> int:
    """1 where investing is ahead, -1 where prepaying is, 0 at a tie."""
    p, i = net
    if abs(i - p) < _TIE_USD:
        return 0
    return 1 if i > p else -1


def _chart_description(
    net: list[tuple[float, float]], leads: list[tuple[int, str]], prepaid: _Loan, scheduled: _Loan, horizon: int
) -> str:
    p, i = net[-1]
    ahead = _ahead(net[-1])
    span = format.duration(horizon)
    text = f"After {span} prepaying has {format.usd(p)} after tax and investing {format.usd(i)}"
    if ahead:
        text = f"{text}: {'investing' if ahead > 0 else 'prepaying'} is ahead by {format.usd(abs(i - p))}."
    else:
        text = text + ": a tie."
    if leads:
        text = f"{text} {_NAMES[leads[-1][1]]} takes the lead after {format.duration(leads[-1][0])}."
    if prepaid.months < scheduled.months:
        text = (
            f"{text} Prepaying ends the loan after {format.duration(prepaid.months)}, "
            f"the schedule after {format.duration(scheduled.months)}."
        )
    return text


def _schedule(id: str, title: str, inputs: MortgageInputs, rate: float, payment: float, lump: float | None) -> Table:
    """The monthly schedule in whole cents; `lump` is None for the loan without any extra money."""
    extra = 0 if lump is None else format.rounded(inputs.extra_monthly_usd, 2)
    owed = format.rounded(inputs.balance_usd - (lump or 0.0), 2)
    due = _round_up(payment) if inputs.payment_rounding == "up" else format.rounded(payment, 2)
    cents = _schedule_cents(owed, _exact_rate(inputs, rate), due + extra, inputs.term_months or _MOST_MONTHS)

    def rows() -> list[list[float | int | str | None]]:
        return [[row[0]] + [amount / 100 for amount in row[1:]] for row in cents]

    columns = (
        Column("month", "Month", MONTH),
        Column("payment", "Payment", USD_CENTS),
        Column("interest", "Interest", USD_CENTS),
        Column("principal", "Principal", USD_CENTS),
        Column("balance", "Balance", USD_CENTS),
    )
    return Table(id, title + ", in whole cents", columns, len(cents), rows, opened=False)


def _round_up(payment: float) -> int:
    """Cents, up to the next one; what is a whole cent but for rounding noise stays."""
    mantissa, exponent = format.snap(payment)
    exponent = exponent + 2
    return mantissa * int(10**exponent) if exponent >= 0 else -(-mantissa // int(10**-exponent))


def _exact_rate(inputs: MortgageInputs, rate: float) -> tuple[int, int]:
    """The monthly rate as a fraction of whole numbers: of what was typed, where it is simply a twelfth."""
    if inputs.compounding != "monthly":
        return int(rate * 1e18), 10**18
    mantissa, exponent = format.snap(inputs.rate_pct)
    if exponent >= 0:
        return mantissa * int(10**exponent), 1200
    return mantissa, 1200 * int(10**-exponent)


def _schedule_cents(owed: int, rate: tuple[int, int], payment: int, most_months: int) -> list[list[int]]:
    """Rows of month, payment, interest, principal, balance in whole cents, interest rounded half up."""
    numerator, denominator = rate
    rows: list[list[int]] = []
    while owed > 0:
        month = len(rows) + 1
        interest = (2 * owed * numerator + denominator) // (2 * denominator)
        paid = owed + interest if owed + interest <= payment or month == most_months else payment
        owed = owed + interest - paid
        rows.append([month, paid, interest, paid - interest, owed])
    return rows


def _total(numbers: list[float]) -> float:
    """A plain sum: newer Pythons' `sum` compensates rounding, older ones and MicroPython do not."""
    total = 0.0
    for number in numbers:
        total = total + number
    return total


CALCULATOR = Calculator(
    slug="mortgage-vs-invest",
    title="Mortgage or invest",
    question="Pay extra toward the mortgage, or invest the same money?",
    disclaimer="An estimate, not financial advice.",
    inputs=MortgageInputs,
    metrics=METRICS,
    verdicts=(("invest", "Investing wins"), ("prepay", "Paying down wins"), ("tie", "A tie")),
    compute=compute,
    facts=(_LOW_RETURN, _TYPICAL_RETURN, _HIGH_RETURN),
)
