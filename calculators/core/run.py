"""The only door to a calculator: for the command line, the site's build, both engines and the tests."""

from __future__ import annotations

import json
from collections import OrderedDict

from calculators.core.calculator import Calculator
from calculators.core.compare import compare
from calculators.core.errors import INTERNAL_ERROR, INVALID_INPUT, INVALID_REQUEST, InputError
from calculators.core.facts import Facts
from calculators.core.fields import CUSTOM, Fact, Field, Inputs
from calculators.core.suggest import did_you_mean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from calculators.core.facts import Bundle
    from calculators.core.fields import Raw, Value


def describe(calculator: Calculator, bundle: Bundle) -> dict[str, Any]:
    """A calculator's inputs, metrics and facts as plain data; forms and documentation are made of it."""
    facts = Facts(bundle)
    fields = [field.resolve(facts) for field in calculator.fields]
    defaults = _parse(calculator, fields, {}, facts)
    inputs = []
    for field in fields:
        value, origin = defaults.values[field.name], defaults.origins[field.name]
        described = field.describe()
        described["default"] = value
        described["default_raw"] = field.raw(value)
        described["default_text"] = field.text(value)
        described["origin"] = _origin(origin)
        inputs.append(described)
    return OrderedDict(
        [
            ("slug", calculator.slug),
            ("title", calculator.title),
            ("question", calculator.question),
            ("disclaimer", calculator.disclaimer),
            ("inputs", inputs),
            ("metrics", [metric.describe() for metric in calculator.metrics]),
            ("verdicts", [{"id": id, "label": label} for id, label in calculator.verdicts]),
            ("facts", list(calculator.facts)),
        ]
    )


def run(
    calculator: Calculator,
    raw: dict[str, Raw],
    bundle: Bundle,
    tables: list[str] | None = None,
    against: dict[str, Raw] | None = None,
) -> dict[str, Any]:
    """The report for a scenario, as plain data.

    Arguments:
        raw: input names and what was typed or sent for them; the rest takes its default.
        bundle: the facts that the calculator declares, with their sources.
        tables: ids of the tables whose rows are wanted; None for all.
        against: raw inputs of another scenario, A; the report then says in `comparison` what differs from it.

    Raises:
        InputError: naming the input, what is wrong and what is allowed. An input of A is called `against.NAME`.
    """
    if against is None:
        return _report(calculator, raw, bundle, tables)
    kept = _report_of_a(calculator, against, bundle)
    report = _report(calculator, raw, bundle, tables)
    report["comparison"] = compare(calculator.metrics, kept, report)
    return report


_kept: list[Any] = ["", None, None]
"""Scenario, facts and report of the last A: it stays the same while a reader changes B, and is worked out once."""


def _report_of_a(calculator: Calculator, against: dict[str, Raw], bundle: Bundle) -> dict[str, Any]:
    scenario = calculator.slug + json.dumps(against)
    if _kept[0] != scenario or _kept[1] is not bundle:
        try:
            _kept[2] = _report(calculator, against, bundle, [])
        except InputError as error:
            raise _in_a(error)
        _kept[0], _kept[1] = scenario, bundle
    report: dict[str, Any] = _kept[2]
    return report


def _in_a(error: InputError) -> InputError:
    """A wrong input of A under a name of its own: the input of that name in B may well be right."""
    renamed = [
        InputError(one.code, "against." + one.field, "In the scenario compared with: " + one.message)
        for one in [error] + error.others
    ]
    renamed[0].others = renamed[1:]
    return renamed[0]


def _report(calculator: Calculator, raw: dict[str, Raw], bundle: Bundle, tables: list[str] | None) -> dict[str, Any]:
    """The report on one scenario alone."""
    facts = Facts(bundle)
    fields = [field.resolve(facts) for field in calculator.fields]
    inputs = _parse(calculator, fields, raw, facts)
    report = calculator.compute(inputs, facts).to_json(tables)
    shown = OrderedDict()
    refs = []
    for field in fields:
        value = inputs.values[field.name]
        described = _origin(inputs.origins[field.name])
        if described["fact"]:
            refs.append(described["fact"])
        shown[field.name] = OrderedDict(
            [
                ("label", field.label),
                ("value", value),
                ("unit", field.unit.symbol),
                ("text", field.text(value)),
                ("raw", field.raw(value)),
                ("origin", described["origin"]),
                ("fact", described["fact"]),
            ]
        )
    sources = []
    for ref in refs + [used for used in facts.used if used not in refs]:
        sources.extend(facts.cite(ref))
    full: dict[str, Any] = OrderedDict([("calculator", calculator.slug), ("inputs", shown)])
    for key in ("headline", "verdict", "metrics", "tables", "charts", "notes"):
        full[key] = report[key]
    full["sources"] = sources
    return full


def answer(calculator: Calculator, request: object, bundle: Bundle) -> dict[str, Any]:
    """Answers a request `{"inputs": {...}, "tables": [...] or null, "against": {...} or null}`.

    A wrong input is data, too.
    """
    try:
        if not isinstance(request, dict) or not isinstance(request.get("inputs", {}), dict):
            raise InputError(INVALID_REQUEST, "", 'A request is an object such as {"inputs": {...}}.')
        against = request.get("against")
        if not (against is None or isinstance(against, dict)):
            raise InputError(INVALID_REQUEST, "against", "What to compare with is an object of inputs.")
        report = run(calculator, request.get("inputs", {}), bundle, request.get("tables"), against)
        return {"ok": True, "report": report}
    except InputError as error:
        return {"ok": False, "error": error.to_json()}


def answer_json(slug: str, request_text: str, facts_text: str) -> str:
    """`answer` with text on both sides, which is all that crosses into JavaScript."""
    from calculators import registry

    try:
        request = json.loads(request_text)
    except ValueError:
        error = InputError(INVALID_REQUEST, "", "The request is not JSON.")
        return json.dumps({"ok": False, "error": error.to_json()})
    try:
        answered = answer(registry.load(slug), request, _read_bundle(facts_text))
    except InputError as unknown:
        answered = {"ok": False, "error": unknown.to_json()}
    except Exception as defect:  # a defect of ours: said as such, never a dead worker
        text = f"The calculator failed ({type(defect).__name__}: {defect}). This is a defect of ours."
        answered = {"ok": False, "error": InputError(INTERNAL_ERROR, "", text).to_json()}
    return json.dumps(answered)


def answerer(slug: str, facts_text: str) -> Callable[[str], str]:
    """`answer_json` for one calculator: its facts, up to 350 kB, cross into Python once and not with each request."""
    return lambda request_text: answer_json(slug, request_text, facts_text)


_read: list[Any] = ["", {}]
"""The facts that were read last: an engine is asked again and again with the same ones, and reading is slow."""


def _read_bundle(text: str) -> Bundle:
    if _read[0] != text:
        _read[1] = json.loads(text)
        _read[0] = text
    bundle: Bundle = _read[1]
    return bundle


def _parse(calculator: Calculator, fields: list[Field], raw: dict[str, Raw], facts: Facts) -> Inputs:
    """Typed inputs from raw ones; all wrong inputs are reported together."""
    problems = []
    names = [field.name for field in fields]
    for name in raw:
        if name not in names:
            hint = did_you_mean(str(name), names)
            problems.append(InputError(INVALID_INPUT, str(name), f'There is no input "{name}"; {hint}'))
    values: dict[str, Value] = {}
    origins: dict[str, str] = {}
    for field in fields:
        if field.name not in raw:
            values[field.name], origins[field.name] = _default(field, facts)
            continue
        try:
            values[field.name] = field.parse(raw[field.name])
            origins[field.name] = "user"
        except InputError as problem:
            problems.append(problem)
    if not problems:
        by_name = {field.name: field for field in fields}
        for field in fields:
            _fill(field, by_name, raw, facts, values, origins)
        for field in fields:
            if field.instead_of:
                problems.extend(_settle_alternatives(by_name[field.instead_of], field, values, origins))
            if field.range_of:
                problems.extend(_check_range(by_name[field.range_of], field, values))
    if problems:
        first = problems[0]
        first.others = problems[1:]
        raise first
    inputs: Inputs = calculator.inputs(values, origins)
    return inputs


def _fill(
    choice: Field,
    fields: dict[str, Field],
    raw: dict[str, Raw],
    facts: Facts,
    values: dict[str, Value],
    origins: dict[str, str],
) -> None:
    """The chosen subject's facts become the values of the inputs that were not given."""
    slug = values[choice.name]
    for name, fact in choice.fills:
        ref = f"{choice.catalog_kind}/{slug}/{fact}"
        given = name in raw or fields[name].range_of in raw
        if slug != CUSTOM and not given and facts.has(ref):
            values[name] = fields[name].parse(facts.default(ref))
            origins[name] = ref


def _settle_alternatives(
    other: Field, field: Field, values: dict[str, Value], origins: dict[str, str]
) -> list[InputError]:
    """Exactly one of two inputs counts: what was given wins over the other's default."""
    if values[field.name] is None and values[other.name] is None:
        text = f"Give either {other.label.lower()} or {field.label.lower()}; both are blank."
        return [InputError(INVALID_INPUT, other.name, text)]
    if values[field.name] is not None and values[other.name] is not None:
        if origins[other.name] == "user" and origins[field.name] == "user":
            text = f"Give either {other.label.lower()} or {field.label.lower()}, not both: leave one blank."
            return [InputError(INVALID_INPUT, field.name, text)]
        dropped = other if origins[field.name] == "user" else field
        values[dropped.name] = None
    return []


def _check_range(middle: Field, end: Field, values: dict[str, Value]) -> list[InputError]:
    """The low and the high end of a range, where they are given, lie on either side of the value between them."""
    value, limit = values[middle.name], values[end.name]
    if not isinstance(value, (int, float)) or not isinstance(limit, (int, float)):
        return []
    if limit <= value if end.low_of else limit >= value:
        return []
    side = "above" if end.low_of else "below"
    text = f"{end.label} is {end.text(limit)}, {side} {middle.label.lower()} of {middle.text(value)}"
    return [InputError(INVALID_INPUT, end.name, text + f"; the range must hold {middle.label.lower()}.")]


def _default(field: Field, facts: Facts) -> tuple[Value, str]:
    """A field's default and its origin."""
    default = field.default
    if isinstance(default, Fact):
        return field.parse(facts.default(default.ref)), default.ref
    return (None if default is None else field.parse(default)), "assumption"


def _origin(origin: str) -> dict[str, str | None]:
    if origin in ("user", "assumption"):
        return {"origin": origin, "fact": None}
    return {"origin": "fact", "fact": origin}
