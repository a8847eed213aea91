"""The small framework that every calculator is written in: read this and `fields.py` to write one.

A calculator is a class of inputs, a list of metrics and one pure function:

    class Inputs(core.Inputs):
        rate_pct = Number("Mortgage rate", PERCENT, 6.5, min=0, max=1000, typical=(2, 9))

    METRICS = (Metric("payment_usd", "Payment", USD, uses=("rate_pct",)),)

    def compute(inputs: Inputs, facts: Facts) -> Report: ...

    CALCULATOR = Calculator(slug=..., inputs=Inputs, metrics=METRICS, compute=compute, ...)

`fields` reads and describes inputs, `units` and `format` write numbers, `maths` computes powers that
are the same in every engine, `report` is the answer, `run` the only door. It runs unchanged on CPython,
Pyodide and MicroPython: no dataclasses, no typing at run time, order from lists and never from a dict.
"""

from calculators.core.calculator import Calculator
from calculators.core.errors import InputError
from calculators.core.facts import Facts
from calculators.core.fields import (
    CUSTOM,
    CatalogChoice,
    Choice,
    Fact,
    Inputs,
    Integer,
    Number,
    OptionalInteger,
    OptionalNumber,
)
from calculators.core.report import Chart, Column, Metric, Points, Report, Series, Table

__all__ = [
    "CUSTOM",
    "Calculator",
    "CatalogChoice",
    "Chart",
    "Choice",
    "Column",
    "Fact",
    "Facts",
    "InputError",
    "Inputs",
    "Integer",
    "Metric",
    "Number",
    "OptionalInteger",
    "OptionalNumber",
    "Points",
    "Report",
    "Series",
    "Table",
]
