"""What a calculator is."""

from __future__ import annotations

from calculators.core.facts import Facts
from calculators.core.fields import Fact, Inputs
from calculators.core.report import Metric, Report

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    I = TypeVar("I", bound=Inputs)  # noqa: E741


class Calculator:
    """A question, its inputs and one pure function.

    Arguments:
        slug: its name in addresses and data.
        title: its name for readers.
        question: what it answers, as the reader would ask it.
        disclaimer: what the answer is not, in a sentence that stands beside it everywhere.
        inputs: class of its inputs.
        metrics: what it works out, in the order in which it is shown.
        verdicts: pairs of a verdict and its label.
        facts: references of the catalog facts that it needs beside the defaults of its inputs and what its choices
            fill; `kind/*/name` means that fact of every subject of the kind.
        compute: the pure function (inputs, facts) -> Report.
    """

    def __init__(
        self,
        *,
        slug: str,
        title: str,
        question: str,
        disclaimer: str,
        inputs: type[I],
        metrics: tuple[Metric, ...],
        verdicts: tuple[tuple[str, str], ...],
        compute: Callable[[I, Facts], Report],
        facts: tuple[str, ...] = (),
    ) -> None:
        self.slug = slug
        self.title = title
        self.question = question
        self.disclaimer = disclaimer
        self.inputs: Callable[[Any, Any], Any] = inputs
        self.fields = inputs.fields()
        self.metrics = metrics
        self.verdicts = verdicts
        self.compute: Callable[[Any, Facts], Report] = compute
        defaults = [field.default.ref for field in self.fields if isinstance(field.default, Fact)]
        filled = [f"{field.catalog_kind}/*/{name}" for field in self.fields for _, name in field.fills]
        self.facts = tuple(defaults + filled) + facts
