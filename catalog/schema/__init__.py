"""The shape of the files, as JSON Schema (editors use the same files), and its errors in plain words."""

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema_rs

from catalog.errors import Problem, did_you_mean
from catalog.loader import BLANK, Document, NodePath, is_date

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

_FOLDER = Path(__file__).parent
_MEANT = re.compile(r'^unknown field;.* did you mean "([^"]+)"')
_TYPES = {
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "null": "null",
    "object": "lines of `name: value`",
    "array": "a list, each item after a -",
}


def schema(name: str) -> dict[str, Any]:
    """The schema in `<name>.schema.json`."""
    loaded: dict[str, Any] = json.loads((_FOLDER / f"{name}.schema.json").read_text(encoding="utf-8"))
    return loaded


def shape_problems(document: Document, name: str) -> list[Problem]:
    """What does not fit the schema `name`, each at the line of its field.

    Nearly every file fits. A fast validator says so; only for the others a slow one says what is wrong.
    """
    if not document.blanks and _is_valid(name)(document.data):
        return []
    found: set[Problem] = set()
    blanks = dict.fromkeys(document.blanks, "not filled in yet; expected a value")
    for error in _validator(name).iter_errors(_without(document.data, document.blanks)):
        for path, message in _translate(error):
            if path in blanks:
                blanks[path] = message  # the last is the most exact
            else:
                found.add(document.problem(path, message))
    found |= {document.problem(path, message) for path, message in blanks.items()}
    meant = {f'has no "{hint[1]}"' for one in found if (hint := _MEANT.match(one.message))}
    # A misspelt name is one mistake, although the right one is missing as well.
    return sorted(one for one in found if one.message.partition(";")[0] not in meant)


class _Blank:
    """Stands for a value that is yet to be written: of no type, so that the schema says what belongs there."""


def _without(data: Any, blanks: tuple[NodePath, ...]) -> Any:
    """A copy of the data in which the blanks are no text any more."""
    if not blanks:
        return data
    if blanks == ((),):
        return _Blank()
    copied: Any = dict(data) if isinstance(data, dict) else list(data)
    for step in {path[0]: None for path in blanks}:
        copied[step] = _without(data[step], tuple(path[1:] for path in blanks if path[0] == step))
    return copied


_FORMATS: dict[str, Callable[[str], bool]] = {"date": is_date, "partial-date": lambda text: _is_partial_date(text)}


@cache
def _is_valid(name: str) -> Callable[[Any], bool]:
    # Offline: a reference to another address would be fetched otherwise.
    return jsonschema_rs.validator_for(schema(name), formats=_FORMATS, validate_formats=True, offline=True).is_valid


@cache
def _validator(name: str) -> "Draft202012Validator":
    # Here: its import is most of a start's time.
    from jsonschema import Draft202012Validator, FormatChecker, ValidationError
    from jsonschema.validators import extend

    def pattern(validator: Any, text: str, instance: Any, rule: Any) -> Iterator[ValidationError]:
        """As JSON Schema means it: $ is the very end, where Python's $ allows for a line break."""
        if isinstance(instance, str) and not re.search(re.sub(r"\$$", r"\\Z", text), instance):
            yield ValidationError(f"{instance!r} does not match {text!r}")

    formats = FormatChecker(formats=())
    for kind, fits in _FORMATS.items():
        formats.checks(kind)(lambda text, fits=fits: not isinstance(text, str) or fits(text))
    strict: type[Draft202012Validator] = extend(Draft202012Validator, {"pattern": pattern})  # type: ignore[no-untyped-call]
    return strict(schema(name), format_checker=formats)


def _is_partial_date(text: str) -> bool:
    """YYYY, YYYY-MM or YYYY-MM-DD."""
    return bool(re.fullmatch(r"[0-9]{4}(-[0-9]{2}){0,2}", text)) and is_date((text + "-01-01")[:10])


def _translate(error: Any) -> Iterator[tuple[NodePath, str]]:
    """jsonschema's error as (where, `what is wrong; what was expected; what to do`)."""
    path: NodePath = tuple(error.absolute_path)
    rule: Any = error.schema
    shown = _show(error.instance)
    if isinstance(error.instance, _Blank):
        yield path, f"not filled in yet; expected {_expected(rule)}"
    elif "propertyNames" in error.absolute_schema_path:
        yield (*path, error.instance), f"the name {shown} does not fit; expected {_expected(rule)}"
    elif error.validator in ("required", "dependentRequired"):
        field = error.message.split("'")[1]
        expected = _expected(_find_property(error, field))
        yield path, f'has no "{field}"; expected {expected}'
    elif error.validator == "additionalProperties":
        known = rule["properties"]
        for field in error.instance:
            if field not in known:
                hint = did_you_mean(field, known) or "; remove it"
                yield (*path, field), f"unknown field; expected one of {', '.join(known)}{hint}"
    elif error.validator == "not":
        yield path, f"does not belong here; expected {_description(rule)}; move or remove it"
    elif error.validator == "enum":
        hint = did_you_mean(str(error.instance), error.validator_value) or "; choose one"
        yield path, f"{shown} is not in the list; expected {_description(rule)}{hint}"
    elif error.validator == "type":
        wanted = [error.validator_value] if isinstance(error.validator_value, str) else error.validator_value
        types = " or ".join(_TYPES[name] for name in wanted)
        yield path, f"{shown} is not {types}; expected {_expected(rule)}"
    else:
        yield path, f"{shown} does not fit; expected {_expected(rule)}"


def _find_property(error: Any, field: str) -> dict[str, Any]:
    """What the schema says about a field that is missing, where a condition asked for it."""
    rule: Any = error.schema
    here: dict[str, Any] = rule.get("properties", {}).get(field, {})
    if "description" in here:
        return here
    definitions, row = schema("fact")["$defs"], schema("benchmark")["$defs"]["row"]
    others = (schema("source")["properties"], definitions, definitions["entry"]["properties"], row["properties"])
    for properties in others:
        if "description" in properties.get(field, {}):
            found: dict[str, Any] = properties[field]
            return found
    return {"description": f'a field "{field}"'}


def _expected(rule: dict[str, Any]) -> str:
    text = _description(rule)
    if "examples" in rule:
        text += f"; write it like {_show(rule['examples'][0])}"
    return text


def _description(rule: dict[str, Any]) -> str:
    return str(rule.get("description", "what the schema says"))


def _show(value: Any) -> str:
    """A value as short text for a message."""
    if isinstance(value, _Blank):
        return BLANK
    if isinstance(value, dict):
        return "{" + ", ".join(value) + "}" if len(value) < 6 else "a mapping"
    text = json.dumps(value, ensure_ascii=False, default=lambda _: BLANK)
    return text if len(text) <= 100 else text[:97] + "..."
