"""Inputs of a calculator: what is asked, in which unit, with which default and bounds.

One description serves the form, the address bar, the command line, a fence in a page and the tests;
one parser (`Field.parse`) reads what any of them sends, text or number.
"""

from __future__ import annotations

from calculators.core import format, maths, units
from calculators.core.errors import INVALID_INPUT, InputError
from calculators.core.suggest import did_you_mean

# MicroPython has no typing module and ignores annotations; mypy reads this branch as taken.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Generic, NoReturn, TypeVar, overload

    from calculators.core.facts import Facts

    T = TypeVar("T")

    class _Typed(Generic[T]):
        """Lets mypy read `inputs.rate_pct` as a float, and reject assigning to it."""

        @overload
        def __get__(self, obj: None, owner: type) -> Field: ...
        @overload
        def __get__(self, obj: object, owner: type) -> T: ...
        def __get__(self, obj: Any, owner: Any) -> Any: ...
        def __set__(self, obj: object, value: NoReturn) -> None: ...

    class _Float(_Typed[float]): ...

    class _FloatOrNone(_Typed[float | None]): ...

    class _Int(_Typed[int]): ...

    class _IntOrNone(_Typed[int | None]): ...

    class _Str(_Typed[str]): ...

    Value = float | int | str | None
    Raw = object
else:

    class _Typed:
        def __get__(self, obj, owner=None):
            return self if obj is None else obj.values[self.name]

        def __set__(self, obj, value):
            raise AttributeError(self.name + " is an input and cannot be assigned")

    _Float = _FloatOrNone = _Int = _IntOrNone = _Str = _Typed

_LONGEST_TEXT = 40


class Fact:
    """A default that is a fact of the catalog, named `kind/slug/name`."""

    def __init__(self, ref: str) -> None:
        self.ref = ref


class Field:
    """What all inputs have in common; see `Number` and `Choice`.

    Arguments:
        label: what the form asks for.
        default: the value when nothing is given; a `Fact` takes it from the catalog.
        group: heading under which the form shows it.
        help: one sentence on what is meant.
    """

    kind = ""
    blank = False
    instead_of = ""
    low_of = ""
    range_of = ""
    unit = units.TEXT
    catalog_kind = ""
    fills: tuple[tuple[str, str], ...] = ()
    count = 0

    def __init__(self, label: str, default: Value | Fact, group: str, help: str) -> None:
        self.name = ""  # set by Inputs, which knows the attribute
        self.label = label
        self.default = default
        self.group = group
        self.help = help
        Field.count = Field.count + 1
        self.order = Field.count

    def resolve(self, facts: Facts) -> Field:
        """The field itself; a choice from the catalog becomes one of the subjects that there are."""
        return self

    def parse(self, raw: Raw) -> Value:
        """The value of what was typed or sent; None for blank, where blank is allowed."""
        if raw is None or (isinstance(raw, str) and not raw.strip()):
            if self.blank:
                return None
            raise self.error("is blank")
        if raw is True or raw is False or isinstance(raw, (list, dict)):
            raise self.error("must be a number or text, not a " + type(raw).__name__)
        return self._parse(raw)

    def _parse(self, raw: Raw) -> Value:
        raise NotImplementedError

    def error(self, problem: str) -> InputError:
        """An `InputError` for this field: the problem, then what is allowed."""
        return InputError(INVALID_INPUT, self.name, f"{self.label} {problem}; {self.allowed()}.")

    def allowed(self) -> str:
        """What may be given, as the end of a sentence."""
        raise NotImplementedError

    def text(self, value: Value) -> str:
        """The value as a reader sees it."""
        raise NotImplementedError

    def raw(self, value: Value) -> str:
        """The value as it is typed into the form and written into an address."""
        return "" if value is None else str(value)

    def describe(self) -> dict[str, object]:
        """Everything but the default, as plain data."""
        return {
            "name": self.name,
            "kind": self.kind,
            "label": self.label,
            "unit": self.unit.symbol,
            "help": self.help,
            "group": self.group,
            "blank": self.blank,
            "instead_of": self.instead_of,
            "fills": [input for input, _ in self.fills],
            "catalog_kind": self.catalog_kind,
            "allowed": self.allowed(),
        }


class _Number(Field):
    """A number with bounds.

    Arguments:
        unit: what it is measured in.
        min, max: the bounds, both allowed. They keep nonsense out, not unusual cases.
        typical: the range in which most readers' values lie; samples for tests are drawn from it.
        blank: may be left out, which the calculator then explains.
        instead_of: name of the input that this one replaces; exactly one of the two counts.
        low_of, high_of: name of the input of which this is the low or the high end. The range must hold that input,
            and a choice from the catalog fills the end only as long as it fills that input, too.
        whole: only whole numbers.
    """

    kind = "number"
    whole = False

    def __init__(
        self,
        label: str,
        unit: units.Unit,
        default: float | Fact | None = None,
        *,
        min: float,
        max: float,
        typical: tuple[float, float],
        group: str = "",
        help: str = "",
        instead_of: str = "",
        low_of: str = "",
        high_of: str = "",
    ) -> None:
        super().__init__(label, default, group, help)
        self.low_of = low_of
        self.range_of = low_of or high_of
        self.unit = unit
        self.min = min
        self.max = max
        self.typical = typical
        self.instead_of = instead_of

    def _parse(self, raw: Raw) -> Value:
        if isinstance(raw, str):
            value = self._read(raw)
        elif isinstance(raw, (int, float)):
            # Compared before the conversion: a float cannot hold every int.
            if raw > self.max or raw < self.min:
                raise self.error("is " + _shown(raw) + ", out of range")
            value = float(raw)
        else:
            raise self.error("must be a number or text")
        if not maths.is_finite(value):
            shown = '"' + _cut(raw) + '"' if isinstance(raw, str) else "not a finite number"
            raise self.error("is " + shown + ", out of range")
        if value > self.max or value < self.min:
            raise self.error("is " + format.number(value) + ", out of range")
        if not self.whole:
            return value
        if value != int(value):
            raise self.error("is " + format.number(value) + ", not a whole number")
        return int(value)

    def _read(self, raw: str) -> float:
        text = raw.strip()
        if self.unit.symbol == "USD" and text[:1] == "$":
            text = text[1:].strip()
        if self.unit.symbol == "%" and text[-1:] == "%":
            text = text[:-1].strip()
        number = _ungrouped(text)
        if not number:
            hint = " (the decimal sign is a point, as in 6.5)" if "," in text else ""
            raise self.error('is "' + _cut(raw) + '", which is not a number' + hint)
        try:
            return float(number)
        except (ValueError, OverflowError):
            raise self.error('is "' + _cut(raw) + '", which is not a number')

    def allowed(self) -> str:
        kind = "a whole number" if self.whole else "a number"
        bounds = f"{kind} from {format.number(self.min)} to {format.number(self.max)}"
        if self.unit.symbol:
            bounds = bounds + " (" + self.unit.symbol + ")"
        return "give " + bounds + (", or leave it blank" if self.blank else "")

    def text(self, value: Value) -> str:
        if value is None:
            return "not given"
        assert not isinstance(value, str)
        if self.unit.symbol == "%":
            return format.number(value) + "%"
        if self.unit.symbol == "USD":
            return "$" + format.number(value) if value == int(value) else format.usd_cents(value)
        return self.unit.text(value)

    def raw(self, value: Value) -> str:
        if value is None:
            return ""
        assert not isinstance(value, str)
        return format.plain(value)

    def describe(self) -> dict[str, object]:
        described = super().describe()
        described["whole"] = self.whole
        described["min"] = self.min
        described["max"] = self.max
        described["typical"] = list(self.typical)
        return described


class Number(_Number, _Float): ...


class OptionalNumber(_Number, _FloatOrNone):
    blank = True


class Integer(_Number, _Int):
    whole = True


class OptionalInteger(_Number, _IntOrNone):
    whole = True
    blank = True


class Choice(Field, _Str):
    """One of a closed list; a `CatalogChoice` becomes one when the catalog's facts are at hand.

    Arguments:
        options: pairs of the value (as in addresses and data) and its label; the first is the default.
    """

    kind = "choice"

    def __init__(self, label: str, options: tuple[tuple[str, str], ...], *, group: str = "", help: str = "") -> None:
        super().__init__(label, options[0][0], group, help)
        self.options = options

    def _parse(self, raw: Raw) -> Value:
        names = [option[0] for option in self.options]
        if not isinstance(raw, str):
            if _shown(raw) in names:  # a choice between numbers, sent as a number
                return _shown(raw)
            raise self.error("is " + _shown(raw) + ", which is not one of the choices")
        value = raw.strip()
        if value not in names:
            hint = did_you_mean(value, names)
            raise InputError(INVALID_INPUT, self.name, f'{self.label} cannot be "{_cut(raw)}"; {hint}')
        return value

    def allowed(self) -> str:
        return "give one of " + ", ".join([option[0] for option in self.options])

    def text(self, value: Value) -> str:
        for option, label in self.options:
            if option == value:
                return label
        raise ValueError(str(value))

    def describe(self) -> dict[str, object]:
        described = super().describe()
        described["options"] = [{"value": value, "label": label} for value, label in self.options]
        return described


CUSTOM = "custom"
"""The choice that fills nothing: the reader gives the numbers."""


class CatalogChoice(Field, _Str):
    """A subject of the catalog, or `custom`; it fills other inputs with the subject's facts.

    What is given explicitly wins over what is filled, and an input whose fact the subject lacks keeps its own
    default.

    Arguments:
        catalog_kind: the kind of subjects to choose from.
        default: slug of a subject, or `CUSTOM`.
        fills: pairs of an input's name and the name of the fact that fills it.
        custom: whether `custom` may be chosen.
        custom_label: what a reader sees of that choice.
    """

    kind = "choice"

    def __init__(
        self,
        label: str,
        catalog_kind: str,
        default: str,
        *,
        fills: tuple[tuple[str, str], ...] = (),
        custom: bool = True,
        custom_label: str = "my own numbers",
        group: str = "",
        help: str = "",
    ) -> None:
        super().__init__(label, default, group, help)
        self.catalog_kind = catalog_kind
        self.fills = fills
        self.custom = custom
        self.custom_label = custom_label

    def resolve(self, facts: Facts) -> Field:
        """The same choice with the subjects that there are."""
        options = [(CUSTOM, self.custom_label)] if self.custom else []
        options = options + facts.subjects(self.catalog_kind)
        choice = Choice(self.label, tuple(options), group=self.group, help=self.help)
        choice.name = self.name
        choice.default = self.default
        choice.fills = self.fills
        choice.catalog_kind = self.catalog_kind
        return choice


class Inputs:
    """Base of a calculator's inputs: its fields in the order in which they are written down.

    An instance holds the values of one run (`values`), and for each where it came from (`origins`:
    "user", "assumption" or the reference of a fact).
    """

    def __init__(self, values: dict[str, Value], origins: dict[str, str]) -> None:
        self.values = values
        self.origins = origins

    def give_way(self, name: str, value: Value) -> bool:
        """Replaces a default that cannot go with the other inputs; the report and the form then show `value`.

        Returns False, and changes nothing, where the reader gave the input.
        """
        if self.origins[name] == "user":
            return False
        self.values[name] = value
        self.origins[name] = "assumption"
        return True

    @classmethod
    def fields(cls) -> list[Field]:
        """All fields, in order of declaration."""
        found = []
        for name in dir(cls):
            field = getattr(cls, name)
            if isinstance(field, Field):
                field.name = name
                found.append((field.order, field))
        found.sort(key=lambda pair: pair[0])
        return [field for _, field in found]


def _ungrouped(text: str) -> str:
    """A decimal number without its thousands separators, or "" if `text` is none.

    Only ASCII digits count, and commas only between groups of three, so that "6,5" is an error and
    not 65.
    """
    if len(text) > _LONGEST_TEXT:
        return ""
    mantissa, mark, exponent = text.lower().partition("e")
    if mark and not _digits(exponent[1:] if exponent[:1] in ("+", "-") else exponent):
        return ""
    sign = "-" if mantissa[:1] == "-" else ""
    if mantissa[:1] in ("+", "-"):
        mantissa = mantissa[1:]
    whole, point, fraction = mantissa.partition(".")
    groups = whole.split(",")
    if len(groups) > 1:
        if not 1 <= len(groups[0]) <= 3 or [g for g in groups[1:] if len(g) != 3]:
            return ""
        whole = "".join(groups)
    if not _digits(whole + fraction):
        return ""
    return sign + (whole or "0") + point + fraction + mark + exponent


def _digits(text: str) -> bool:
    """True for one or more ASCII digits and nothing else."""
    for letter in text:
        if not "0" <= letter <= "9":
            return False
    return text != ""


def _cut(raw: str) -> str:
    return raw if len(raw) <= _LONGEST_TEXT else raw[:_LONGEST_TEXT] + "..."


def _shown(raw: Raw) -> str:
    """A number that came as a number, for a message."""
    if isinstance(raw, int):
        return f"{raw:,}" if -(10**18) < raw < 10**18 else "beyond 10^18"
    assert isinstance(raw, float)
    return format.number(raw) if maths.is_finite(raw) else "infinite"
