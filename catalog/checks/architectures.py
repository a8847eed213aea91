"""Parameters and bytes of cache of a model are what its architecture gives (`catalog/derive.py`)."""

from dataclasses import dataclass

from catalog import derive
from catalog.checks.base import Given, Report
from catalog.derive import Architecture
from catalog.model import Subject

_TOLERANCE = 0.001
"""Parameters are written rounded; bytes are not."""


@dataclass(frozen=True)
class _Expected:
    name: str
    number: float
    exact: bool = False
    required: bool = True


def check(given: Given, report: Report) -> None:
    for subject in given.catalog.subjects.values():
        report.looked += 1  # a catalog without models has nothing wrong with its models
        if subject.kind == "models" and (model := _architecture(subject, report)) is not None:
            for expected in _expected(model):
                _compare(subject, expected, report)


def _architecture(subject: Subject, report: Report) -> Architecture | None:
    numbers: dict[str, int] = {}
    before = len(report.problems)
    for name in derive.NAMES:
        value = subject.values.get(name)
        if value is not None and not isinstance(value.value, str) and value.value % 1 == 0:
            numbers[name] = int(value.value)
        elif value is not None:
            message = f"{value.value} counts nothing; expected a whole number; correct it"
            report.add(value.chosen.place.problem(message, "value"))
        elif name in derive.REQUIRED:
            message = f"{name} is missing; expected it of every model, to work out its parameters; add it"
            report.add(subject.place.problem(message, "values"))
    return derive.of(numbers) if len(report.problems) == before else None


def _expected(model: Architecture) -> list[_Expected]:
    kv, plain = derive.kv_bytes_per_token(model), derive.plain_kv_bytes_per_token(model)
    return [
        _Expected("params_b", derive.total_params(model) / 1e9),
        _Expected("active_params_b", derive.active_params(model) / 1e9),
        _Expected("embedding_params_b", derive.embedding_params(model) / 1e9),
        _Expected("head_params_b", derive.head_params(model) / 1e9),
        _Expected("kv_bytes_per_token", kv, exact=True, required=kv != plain),
        _Expected("window_kv_bytes_per_token", derive.window_kv_bytes_per_token(model), exact=True, required=False),
        _Expected("total_kv_bytes_per_token", derive.total_kv_bytes_per_token(model), exact=True),
        _Expected("unpacked_kv_bytes_per_token", derive.unpacked_kv_bytes_per_token(model), exact=True, required=False),
        _Expected("scratch_bytes_per_token", derive.scratch_bytes_per_token(model), exact=True, required=False),
        _Expected("state_mb", derive.state_bytes(model) / 1e6, required=model.linear_layers > 0),
    ]


def _compare(subject: Subject, expected: _Expected, report: Report) -> None:
    value = subject.values.get(expected.name)
    text = f"{expected.number:.0f}" if expected.exact else f"{expected.number:.4f}"
    if value is None:
        if expected.required:
            message = f"{expected.name} is missing; expected {text}, which the architecture gives; add it"
            report.add(subject.place.problem(message, "values"))
        return
    allowed = 0 if expected.exact else _TOLERANCE * expected.number
    if isinstance(value.value, str) or abs(value.value - expected.number) > allowed:
        near = "exactly" if expected.exact else "within 0.1 %"
        message = f"{value.value} does not follow from the architecture; expected {text}, {near}; "
        message += "correct it, or the architecture"
        report.add(value.chosen.place.problem(message, "value"))
