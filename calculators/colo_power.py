"""What does it cost to house these servers in somebody else's data centre, and what heat must leave them?

Method. The servers draw their power at full load; the path to them loses some of it. A colocation bill charges
the kW that are committed to that draw every month, or the kWh that pass the meter, or both. Cooling and other
overhead multiply the energy (PUE). Everything that recurs grows once a year by the escalation.

Formulas:
    IT load        it = servers x kW a server + network
    draw           committed = it / delivery efficiency; the difference is lost as heat on the way
    facility       facility = committed x PUE; energy = facility x utilisation x 8,760 h
    kW charge      committed x $ per kW-month x 12;   kWh charge: energy x $ per kWh
    year n         first year x (1 + escalation)^(n - 1); set-up is paid once
    heat           it x 3,412.142 BTU/h per kW; 12,000 BTU/h are a ton of cooling
    airflow        BTU/h / (1.08 x 20): air that warms by 20 F (11 C); coolant 1.2 l/min per kW
    racks          servers / servers that fit under the rack limit, rounded up

Limits: one size of server, power at full load for the commitment, one rate for all kW (large orders pay less), no
taxes, no hardware, no bandwidth. The range shows the market's low and high rent, not every contract there is.
"""

from __future__ import annotations

from calculators.core import (
    CUSTOM,
    Calculator,
    CatalogChoice,
    Chart,
    Choice,
    Column,
    Facts,
    InputError,
    Inputs,
    Integer,
    Metric,
    Number,
    OptionalNumber,
    Report,
    Series,
    Table,
    format,
)
from calculators.core.maths import power
from calculators.core.units import (
    BTU_PER_HOUR,
    CFM,
    COUNT,
    HOURS,
    KW,
    KWH_YEAR,
    LITRES_PER_MINUTE,
    PERCENT,
    RATIO,
    TONS,
    USD,
    USD_PER_HOUR,
    USD_PER_KW_MONTH,
    USD_PER_KWH,
    YEAR,
    YEARS,
)

HOURS_A_YEAR = 8760
BTU_PER_HOUR_PER_KW = 3412.142
BTU_PER_HOUR_PER_TON = 12000
AIR_BTU_PER_HOUR_PER_CFM_F = 1.08
AIR_RISE_F = 20
COOLANT_LPM_PER_KW = 1.2

_SYSTEM = "What is housed"
_POWER = "Power and cooling"
_TARIFF = "The tariff"
_EXTRAS = "Other charges"

_AIR_LIMIT = "facilities/rack-cooling/air_max_kw"
_REAR_DOOR_LIMIT = "facilities/rack-cooling/rear_door_max_kw"
_LIQUID_LIMIT = "facilities/rack-cooling/direct_to_chip_max_kw"


class ColoInputs(Inputs):
    system = CatalogChoice(
        "Server",
        "systems",
        "nvidia-dgx-h100",
        fills=(("server_kw", "server_kw"), ("gpus_per_server", "gpus_per_server")),
        group=_SYSTEM,
        help="Fills in the power and the GPUs of one server.",
    )
    servers = Integer(
        "Servers", COUNT, 4, min=1, max=1_000_000, typical=(1, 40), group=_SYSTEM, help="How many of them."
    )
    server_kw = Number(
        "Power of a server",
        KW,
        10,
        min=0.001,
        max=10_000,
        typical=(0.5, 15),
        group=_SYSTEM,
        help="At full load, as on its data sheet.",
    )
    gpus_per_server = Integer(
        "GPUs in a server", COUNT, 8, min=0, max=10_000, typical=(1, 8), group=_SYSTEM, help="0 if it has none."
    )
    network_kw = Number(
        "Network and storage",
        KW,
        0,
        min=0,
        max=1_000_000,
        typical=(0, 10),
        group=_SYSTEM,
        help="What else stands in your racks, in total.",
    )
    utilization_pct = Number(
        "Utilisation",
        PERCENT,
        80,
        min=0.01,
        max=100,
        typical=(20, 100),
        group=_POWER,
        help="Average share of the full load; it decides the energy, not the commitment.",
    )
    pue = Number(
        "PUE",
        RATIO,
        1.3,
        min=1,
        max=10,
        typical=(1.05, 1.8),
        group=_POWER,
        help="Energy of the whole building for each unit that reaches the servers.",
    )
    delivery_efficiency_pct = Number(
        "Delivery efficiency",
        PERCENT,
        100,
        min=10,
        max=100,
        typical=(85, 100),
        group=_POWER,
        help="Share of the drawn power that reaches the servers; 100 where it is metered at the rack.",
    )
    rack_limit_kw = Number(
        "Limit of a rack",
        KW,
        40,
        min=0.1,
        max=10_000,
        typical=(15, 140),
        group=_POWER,
        help="The most that one rack may draw in that data centre.",
    )
    tariff = Choice(
        "Charged for",
        (
            ("committed", "committed kW"),
            ("metered", "metered energy"),
            ("both", "committed kW and metered energy"),
        ),
        group=_TARIFF,
        help="Contracts for dense racks often charge for both.",
    )
    market = CatalogChoice(
        "Market",
        "colo",
        "northern-virginia",
        fills=(
            ("usd_per_kw_month", "rent_typical_usd_per_kw_month"),
            ("low_usd_per_kw_month", "rent_low_usd_per_kw_month"),
            ("high_usd_per_kw_month", "rent_high_usd_per_kw_month"),
            ("usd_per_kwh", "electricity_usd_per_kwh"),
            ("escalation_pct", "escalation_pct"),
        ),
        group=_TARIFF,
        help="Fills in the rates below.",
    )
    usd_per_kw_month = Number(
        "Rent",
        USD_PER_KW_MONTH,
        180,
        min=0,
        max=100_000,
        typical=(100, 300),
        group=_TARIFF,
        help="For each committed kW, a month.",
    )
    low_usd_per_kw_month = OptionalNumber(
        "Rent, low",
        USD_PER_KW_MONTH,
        min=0,
        max=100_000,
        typical=(50, 100),
        group=_TARIFF,
        help="Low end of the range; blank for none.",
        low_of="usd_per_kw_month",
    )
    high_usd_per_kw_month = OptionalNumber(
        "Rent, high",
        USD_PER_KW_MONTH,
        min=0,
        max=100_000,
        typical=(300, 400),
        group=_TARIFF,
        help="High end of the range; blank for none.",
        high_of="usd_per_kw_month",
    )
    usd_per_kwh = Number(
        "Electricity",
        USD_PER_KWH,
        0.1,
        min=0,
        max=100,
        typical=(0.04, 0.3),
        group=_TARIFF,
        help="Price of the metered energy.",
    )
    escalation_pct = Number(
        "Escalation",
        PERCENT,
        3,
        min=0,
        max=100,
        typical=(0, 8),
        group=_TARIFF,
        help="By how much every recurring charge rises each year, from the second year on.",
    )
    years = Integer("Term", YEARS, 3, min=1, max=50, typical=(1, 10), group=_TARIFF, help="How long the contract runs.")
    cross_connects = Integer(
        "Cross-connects", COUNT, 0, min=0, max=100_000, typical=(0, 10), group=_EXTRAS, help="Cables to others."
    )
    cross_connect_usd_month = Number(
        "A cross-connect, a month",
        USD,
        250,
        min=0,
        max=1_000_000,
        typical=(100, 400),
        group=_EXTRAS,
        help="Charged for each.",
    )
    remote_hands_hours_month = Number(
        "Remote hands, a month",
        HOURS,
        0,
        min=0,
        max=100_000,
        typical=(0, 20),
        group=_EXTRAS,
        help="Hours of the data centre's staff.",
    )
    remote_hands_usd_hour = Number(
        "Remote hands, an hour",
        USD,
        200,
        min=0,
        max=100_000,
        typical=(100, 300),
        group=_EXTRAS,
        help="What an hour costs.",
    )
    setup_usd = Number(
        "Set-up, once",
        USD,
        0,
        min=0,
        max=10_000_000_000,
        typical=(0, 20_000),
        group=_EXTRAS,
        help="Installation, power whips and the like.",
    )


_IT = ("system", "servers", "server_kw", "network_kw")
_DRAW = _IT + ("delivery_efficiency_pct",)
_FACILITY = _DRAW + ("pue",)
_ENERGY = _FACILITY + ("utilization_pct",)
_RATES = ("tariff", "market", "usd_per_kw_month", "low_usd_per_kw_month", "high_usd_per_kw_month", "usd_per_kwh")
_POWER_BILL = _ENERGY + _RATES
_CHARGES = ("cross_connects", "cross_connect_usd_month", "remote_hands_hours_month", "remote_hands_usd_hour")
_BILL = _POWER_BILL + _CHARGES

METRICS = (
    Metric("monthly_usd", "A month", USD, _BILL, key=True),
    Metric("annual_usd", "First year", USD, _BILL, key=True),
    Metric("total_usd", "Whole term, with set-up", USD, _BILL + ("escalation_pct", "years", "setup_usd"), key=True),
    Metric("gpu_hour_usd", "For each GPU-hour used", USD_PER_HOUR, _BILL + ("gpus_per_server",), key=True),
    Metric("committed_kw", "Committed power", KW, _DRAW, key=True),
    Metric("racks", "Racks", COUNT, ("system", "servers", "server_kw", "rack_limit_kw"), key=True),
    Metric("last_year_usd", "Last year", USD, _BILL + ("escalation_pct", "years")),
    Metric("power_usd_year", "Power, first year", USD, _POWER_BILL),
    Metric("it_kw", "IT load", KW, _IT),
    Metric("facility_kw", "Facility power", KW, _FACILITY),
    Metric("energy_kwh_year", "Energy", KWH_YEAR, _ENERGY),
    Metric("delivery_loss_kw", "Lost on the way to the servers", KW, _DRAW),
    Metric("delivery_loss_usd_year", "That loss, first year", USD, _POWER_BILL),
    Metric("heat_btu_per_hour", "Heat", BTU_PER_HOUR, _IT),
    Metric("cooling_tons", "Cooling", TONS, _IT),
    Metric("airflow_cfm", "Airflow", CFM, _IT),
    Metric("coolant_lpm", "Coolant, if cooled by liquid", LITRES_PER_MINUTE, _IT),
    Metric("servers_per_mw", "Servers in a megawatt", RATIO, ("system", "server_kw", "delivery_efficiency_pct", "pue")),
)


class _Bill:
    """The recurring charges of the first year, by part."""

    def __init__(self, inputs: ColoInputs, committed_kw: float, energy_kwh: float, rent: float) -> None:
        self.rent = committed_kw * rent * 12 if inputs.tariff != "metered" else 0.0
        self.energy = energy_kwh * inputs.usd_per_kwh if inputs.tariff != "committed" else 0.0
        self.cross_connects = inputs.cross_connects * inputs.cross_connect_usd_month * 12
        self.remote_hands = inputs.remote_hands_hours_month * inputs.remote_hands_usd_hour * 12
        self.power = self.rent + self.energy
        self.year = self.power + self.cross_connects + self.remote_hands

    def grown(self, growth: float) -> list[float]:
        """The parts in a later year, in the order of the table, and their sum."""
        parts = [self.rent, self.energy, self.cross_connects, self.remote_hands, self.year]
        return [part * growth for part in parts]


def compute(inputs: ColoInputs, facts: Facts) -> Report:
    """Power, heat, racks and the bill of the first year and of the term."""
    it_kw = inputs.servers * inputs.server_kw + inputs.network_kw
    committed_kw = it_kw / (inputs.delivery_efficiency_pct / 100)
    facility_kw = committed_kw * inputs.pue
    energy_kwh = facility_kw * inputs.utilization_pct / 100 * HOURS_A_YEAR
    loss_kw = committed_kw - it_kw
    heat = it_kw * BTU_PER_HOUR_PER_KW
    report = Report(METRICS)
    limit_kw = _rack_limit(inputs, report)
    in_a_rack = min(inputs.servers, int(limit_kw / inputs.server_kw * (1 + 1e-12)))
    racks = -(-inputs.servers // in_a_rack)

    ends = (inputs.low_usd_per_kw_month, inputs.high_usd_per_kw_month)
    rents = (inputs.usd_per_kw_month,) + tuple([end for end in ends if end is not None])
    bills = [_Bill(inputs, committed_kw, energy_kwh, rent) for rent in rents]
    growths = [power(1 + inputs.escalation_pct / 100, year) for year in range(inputs.years)]
    growth_sum = 0.0
    for growth in growths:
        growth_sum = growth_sum + growth
    gpu_hours = inputs.servers * inputs.gpus_per_server * HOURS_A_YEAR * inputs.utilization_pct / 100

    _set(report, "monthly_usd", [bill.year / 12 for bill in bills])
    _set(report, "annual_usd", [bill.year for bill in bills])
    _set(report, "last_year_usd", [bill.year * growths[-1] for bill in bills])
    _set(report, "total_usd", [bill.year * growth_sum + inputs.setup_usd for bill in bills])
    _set(report, "power_usd_year", [bill.power for bill in bills])
    _set(report, "delivery_loss_usd_year", [bill.power * loss_kw / committed_kw for bill in bills])
    if gpu_hours:
        _set(report, "gpu_hour_usd", [bill.year / gpu_hours for bill in bills])
    else:
        report.set("gpu_hour_usd", None)
    report.set("it_kw", it_kw)
    report.set("committed_kw", committed_kw)
    report.set("facility_kw", facility_kw)
    report.set("energy_kwh_year", energy_kwh)
    report.set("racks", racks)
    report.set("delivery_loss_kw", loss_kw)
    report.set("heat_btu_per_hour", heat)
    report.set("cooling_tons", heat / BTU_PER_HOUR_PER_TON)
    report.set("airflow_cfm", heat / (AIR_BTU_PER_HOUR_PER_CFM_F * AIR_RISE_F))
    report.set("coolant_lpm", it_kw * COOLANT_LPM_PER_KW)
    report.set("servers_per_mw", 1000 * inputs.delivery_efficiency_pct / 100 / (inputs.pue * inputs.server_kw))

    rack_kw = in_a_rack * inputs.server_kw
    report.verdict = _cooling(rack_kw, facts)
    bill = bills[0]
    total = bill.year * growth_sum + inputs.setup_usd
    servers = "1 server" if inputs.servers == 1 else format.count(inputs.servers) + " servers"
    term = "1 year" if inputs.years == 1 else f"{inputs.years} years"
    report.headline = (
        f"{servers} at {format.number_of(it_kw)} kW cost {format.usd(bill.year / 12)} a month: "
        f"{format.usd(bill.year)} in the first year, {format.usd(total)} over {term}."
    )
    if len(bills) > 1:
        low, high = min(rents), max(rents)
        report.note(
            "range",
            f"Low to high is a rent of {format.usd(low)} to {format.usd(high)} per kW-month"
            + (", the market's range." if inputs.market != CUSTOM else "."),
        )
    report.note("assumption", _COOLING_NOTES[report.verdict] % format.number_of(rack_kw))
    report.note("limit", "A contract for this size is negotiated.")
    report.tables = [_year_table(inputs, bill, growths)]
    report.charts = [_chart(inputs, bill, growths)]
    return report


def _set(report: Report, id: str, values: list[float]) -> None:
    report.set(id, values[0], tuple(values[1:]))


def _rack_limit(inputs: ColoInputs, report: Report) -> float:
    """The limit as given; the usual one gives way to a system that needs more."""
    usual = inputs.rack_limit_kw
    if usual >= inputs.server_kw:
        return usual
    if inputs.give_way("rack_limit_kw", inputs.server_kw):
        report.note(
            "assumption",
            f"The usual limit of {format.number_of(usual)} kW a rack is below one server: "
            f"worked out for racks of {format.number_of(inputs.server_kw)} kW.",
        )
        return inputs.server_kw
    raise InputError(
        "INVALID_INPUT",
        "rack_limit_kw",
        f"Limit of a rack is {format.number_of(inputs.rack_limit_kw)} kW, less than one server of "
        f"{format.number_of(inputs.server_kw)} kW; give at least that.",
    )


_COOLING_NOTES = {
    "air": "The fullest rack draws %s kW: ordinary air cooling can carry that.",
    "rear-door": "The fullest rack draws %s kW: more than ordinary air cooling carries; rear-door heat exchangers do.",
    "direct-to-chip": "The fullest rack draws %s kW: that takes liquid on the chips.",
    "beyond": "The fullest rack draws %s kW: beyond what the sources say direct-to-chip cooling carries.",
}


def _cooling(rack_kw: float, facts: Facts) -> str:
    """The cooling band of the fullest rack."""
    for verdict, ref in (("air", _AIR_LIMIT), ("rear-door", _REAR_DOOR_LIMIT), ("direct-to-chip", _LIQUID_LIMIT)):
        if rack_kw <= facts.value(ref):
            return verdict
    return "beyond"


_PARTS = (
    ("rent_usd", "Committed kW"),
    ("energy_usd", "Metered energy"),
    ("cross_connects_usd", "Cross-connects"),
    ("remote_hands_usd", "Remote hands"),
)


def _year_table(inputs: ColoInputs, bill: _Bill, growths: list[float]) -> Table:
    def rows() -> list[list[float | int | str | None]]:
        made: list[list[float | int | str | None]] = []
        for index in range(len(growths)):
            parts = bill.grown(growths[index])
            setup = inputs.setup_usd if index == 0 else 0.0
            row: list[float | int | str | None] = [index + 1]
            made.append(row + parts[:-1] + [setup, parts[-1] + setup])
        return made

    columns = (
        (Column("year", "Year", YEAR),)
        + tuple([Column(id, label, USD) for id, label in _PARTS])
        + (Column("setup_usd", "Set-up", USD), Column("total_usd", "Total", USD))
    )
    return Table("by_year", "The bill by part, year by year", columns, len(growths), rows)


def _chart(inputs: ColoInputs, bill: _Bill, growths: list[float]) -> Chart:
    """The parts that cost something, set-up in the first year."""
    grown = [bill.grown(growth) for growth in growths]
    setup = [inputs.setup_usd] + [0.0] * (len(grown) - 1)
    parts = [(id, label, [year[index] for year in grown]) for index, (id, label) in enumerate(_PARTS)]
    parts.append(("setup_usd", "Set-up", setup))
    series = [
        Series(id, label, "part-" + str(index + 1), values)
        for index, (id, label, values) in enumerate(parts)
        if values[0] > 0
    ]
    totals = [grown[year][-1] + setup[year] for year in range(len(grown))]
    series.append(Series("total_usd", "Total", "total", totals))
    return Chart(
        "bill",
        "The bill by part and year",
        _chart_description(parts, totals),
        Column("year", "Year", YEAR),
        Column("usd", "Dollars a year", USD),
        [year + 1.0 for year in range(len(grown))],
        series,
        [],
        kind="bars",
    )


def _chart_description(parts: list[tuple[str, str, list[float]]], totals: list[float]) -> str:
    text = f"The first year costs {format.usd(totals[0])}"
    if len(totals) > 1:
        text = f"{text}, year {len(totals)} {format.usd(totals[-1])}"
    text = text + "."
    largest = parts[0]
    for part in parts:
        if part[2][0] > largest[2][0]:
            largest = part
    if 0 < largest[2][0] < totals[0]:
        share = format.count(100 * largest[2][0] / totals[0])
        text = f"{text} The largest part of the first year: {largest[1]}, {share}% of it."
    return text


CALCULATOR = Calculator(
    slug="colo-power",
    title="Colocation power",
    question="What does it cost to house these servers, and what heat must leave them?",
    disclaimer="An estimate from list prices, not an offer: ask providers for quotes.",
    inputs=ColoInputs,
    metrics=METRICS,
    verdicts=(
        ("air", "Air can cool it"),
        ("rear-door", "Needs rear-door cooling"),
        ("direct-to-chip", "Needs liquid on the chips"),
        ("beyond", "Beyond usual liquid cooling"),
    ),
    compute=compute,
    facts=(_AIR_LIMIT, _REAR_DOOR_LIMIT, _LIQUID_LIMIT),
)
