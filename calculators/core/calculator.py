"""What a calculator is, and the facts that it is handed."""

from __future__ import annotations

from calculators.core import units
from calculators.core.fields import Fact, Inputs
from calculators.core.report import Metric, Report

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    I = TypeVar("I", bound=Inputs)  # noqa: E741
    Bundle = dict[str, Any]


class Facts:
    """The catalog facts that a calculator declared, and which of them a run looked at."""

    def __init__(self, bundle: Bundle) -> None:
        self._facts = bundle["facts"]
        self._sources = bundle["sources"]
        self.used: list[str] = []

    def default(self, ref: str) -> object:
        """The value of a fact that is the default of an input, as it stands in the catalog."""
        if ref not in self._facts:
            raise KeyError(ref + " is not among the facts that the calculator declares")
        return self._facts[ref]["value"]

    def value(self, ref: str) -> float:
        """The value of a declared fact as a number; noted as a source of the report."""
        value = self.default(ref)
        assert isinstance(value, (int, float))
        if ref not in self.used:
            self.used.append(ref)
        return float(value)

    def cite(self, ref: str) -> list[dict[str, object]]:
        """Where a fact comes from: one entry for each source."""
        fact = self._facts[ref]
        cited = []
        for citation in fact["sources"]:
            source = self._sources[citation["source"]]
            cited.append(
                {
                    "id": citation["source"],
                    "title": source["title"],
                    "producer": source["producer"],
                    "url": source["url"],
                    "published": source["published"],
                    "locator": citation["locator"],
                    "fact": ref,
                    "label": fact["label"],
                    "text": units.fact_text(fact["value"], fact["unit"]),
                    "as_of": fact["as_of"],
                    "method": fact["method"],
                }
            )
        return cited


class Calculator:
    """A question, its inputs and one pure function.

    Arguments:
        slug: its name in addresses and data.
        title: its name for readers.
        question: what it answers, as the reader would ask it.
        inputs: class of its inputs.
        metrics: what it works out, in the order in which it is shown.
        verdicts: pairs of a verdict and its label.
        facts: references of the catalog facts that it needs beside the defaults of its inputs.
        compute: the pure function (inputs, facts) -> Report.
    """

    def __init__(
        self,
        *,
        slug: str,
        title: str,
        question: str,
        inputs: type[I],
        metrics: tuple[Metric, ...],
        verdicts: tuple[tuple[str, str], ...],
        compute: Callable[[I, Facts], Report],
        facts: tuple[str, ...] = (),
    ) -> None:
        self.slug = slug
        self.title = title
        self.question = question
        self.inputs: Callable[[Any, Any], Any] = inputs
        self.fields = inputs.fields()
        self.metrics = metrics
        self.verdicts = verdicts
        self.compute: Callable[[Any, Facts], Report] = compute
        defaults = [field.default.ref for field in self.fields if isinstance(field.default, Fact)]
        self.facts = tuple(defaults) + facts
