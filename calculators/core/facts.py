"""The catalog facts that a calculator is handed."""

from __future__ import annotations

from calculators.core import units

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Bundle = dict[str, Any]


class Facts:
    """The catalog facts that a calculator declared, and which of them a run looked at."""

    def __init__(self, bundle: Bundle) -> None:
        self._facts = bundle["facts"]
        self._sources = bundle["sources"]
        self._subjects = bundle["subjects"]
        self.used: list[str] = []

    def subjects(self, kind: str) -> list[tuple[str, str]]:
        """Slug and label of the subjects of a kind that the calculator declared, in the catalog's order."""
        return [(slug, label) for slug, label in self._subjects[kind]]

    def has(self, ref: str) -> bool:
        """Whether there is this fact; only subjects of a kind may lack one."""
        return ref in self._facts

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
