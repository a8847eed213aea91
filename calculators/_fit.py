"""Which models fit on which devices, in every quantization: memory only, for many combinations at once.

The same count as in hardware_fit.py with everything else at its default: one device, one request, a 16-bit cache, the
default context or, where that is shorter, the longest that the model was made for.
"""

from __future__ import annotations

from calculators._memory import Cache, CatalogModel, Memory, Weights
from calculators.core import Facts
from calculators.hardware_fit import HardwareInputs

TYPE_CHECKING = False
if TYPE_CHECKING:
    Cells = dict[str, list[float | int]]

CALCULATOR = "hardware-fit"
"""Whose facts are needed."""


def _default_context() -> int:
    default = HardwareInputs.context_tokens.default
    assert isinstance(default, int)
    return default


CONTEXT_TOKENS = _default_context()


class FitMatrix:
    """Answers for pairs of a device and a model of the catalog; what models share is worked out once."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._models: dict[str, tuple[CatalogModel, Cache, list[tuple[str, Weights]]]] = {}

    def cells(self, hardware: str, model: str) -> Cells:
        """By quantization: GB that are needed with the context filled, and the longest context that fits, 0 for none.

        The longest context is 0 as well where the usual one does not fit.
        """
        asked, cache, of_quantization = self._model(model)
        facts, of = self._facts, "hardware/" + hardware + "/"
        asked.hardware_class = str(facts.default(of + "hardware_class"))
        asked.memory_gb = facts.value(of + "memory_gb")
        longest = asked.max_context_tokens
        context = CONTEXT_TOKENS if longest is None else min(CONTEXT_TOKENS, int(longest))
        found = {}
        for quantization, weights in of_quantization:
            memory = Memory(asked, facts, weights, cache)
            needed_gb = memory.needed_gb(context)
            most = context
            if needed_gb <= memory.usable_gb:
                most = memory.longest_context(100_000_000 if longest is None else int(longest))
            found[quantization] = [needed_gb, most if needed_gb <= memory.usable_gb else 0]
        return found

    def _model(self, slug: str) -> tuple[CatalogModel, Cache, list[tuple[str, Weights]]]:
        if slug not in self._models:
            asked = CatalogModel(self._facts, slug)
            slugs = [known for known, _ in self._facts.subjects("quantizations")]
            weights = [(known, Weights(asked, self._facts, known, None)) for known in slugs]
            self._models[slug] = (asked, Cache(asked), weights)
        return self._models[slug]
