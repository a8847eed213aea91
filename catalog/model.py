"""What the files become: frozen objects that know where they were written."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from catalog.errors import Problem, UnknownReferenceError
from catalog.loader import Document, NodePath


@dataclass(frozen=True)
class Place:
    """Where something was written, so that a later check can name the line of one of its fields."""

    document: Document
    path: NodePath = ()

    def problem(self, message: str, *field: str | int) -> Problem:
        return self.document.problem((*self.path, *field), message)


@dataclass(frozen=True)
class Source:
    """One publication."""

    id: str
    title: str
    producer: str
    url: str
    published: str | None
    """YYYY, YYYY-MM or YYYY-MM-DD; None when nobody can tell (`published_note` says why)."""
    published_note: str
    accessed: str
    licence: str | None
    kind: str
    read_via: str
    """What was actually read."""
    cited_through: str | None
    """The id of the source that quotes this one, when only that one was read."""
    note: str
    place: Place = field(repr=False, compare=False)


@dataclass(frozen=True)
class Citation:
    """Which publication says it, and where in it."""

    source: str
    locator: str
    quote: str = ""


@dataclass(frozen=True)
class Claim:
    """One number that somebody stated: when it was true, how it is known, and who says so."""

    value: int | float | str
    as_of: str
    method: str
    """measured, vendor-stated, reported, estimated or derived."""
    sources: tuple[Citation, ...]
    note: str
    derived_from: tuple[str, ...]
    """References of the facts that a derived value is worked out from."""
    formula: str
    """In words; only for derived values."""
    place: Place = field(repr=False, compare=False)

    @property
    def number(self) -> float:
        """The value where it is a number; a name raises TypeError."""
        if isinstance(self.value, str):
            raise TypeError(f'"{self.value}" is a name, not a number')
        return self.value


@dataclass(frozen=True)
class Choice:
    """Which rule picked one of several claims, and why that rule."""

    rule: str
    because: str


@dataclass(frozen=True)
class Former:
    """A claim that this catalog replaced by another one."""

    claim: Claim
    replaced: str
    """The day on which it was replaced."""
    because: str


@dataclass(frozen=True)
class Value:
    """A fact: one or more claims about one quantity, of which one counts.

    A value written in one go has one claim and no choice; one whose sources disagree has all claims and the
    choice between them; a series of dated observations has the last of them as its claim.
    """

    ref: str
    """kind/slug/name"""
    name: str
    label: str
    unit: str
    claims: tuple[Claim, ...]
    chosen: Claim
    choice: Choice | None
    note: str
    """What holds for the value whatever claim counts; a value with one claim has its note there."""
    review_after_days: int | None
    place: Place = field(repr=False, compare=False)
    series: tuple[Claim, ...] = ()
    """Observations of what changes in the world, oldest first; the last one is the claim."""
    earlier: tuple[Former, ...] = ()
    """What the catalog said before, newest first."""

    def stated(self) -> Iterator[Claim]:
        """Everything that somebody says or said about it: claims, observations, and what was replaced."""
        yield from self.series or self.claims
        for former in self.earlier:
            yield former.claim

    @property
    def value(self) -> int | float | str:
        return self.chosen.value

    @property
    def number(self) -> float:
        """The value where it is a number; a name raises TypeError."""
        return self.chosen.number

    @property
    def as_of(self) -> str:
        return self.chosen.as_of

    @property
    def method(self) -> str:
        return self.chosen.method


@dataclass(frozen=True)
class Subject:
    """What the facts are about: a tax system, a device, a market."""

    id: str
    """kind/slug"""
    kind: str
    slug: str
    label: str
    summary: str
    values: Mapping[str, Value]
    place: Place = field(repr=False, compare=False)


@dataclass(frozen=True)
class Measurement:
    """How fast somebody saw a model run: one row of a published table."""

    hardware: str
    """Slug of a subject of the kind hardware; `model` and `quantization` are slugs, too."""
    model: str
    quantization: str
    weights_gb: float | None
    """Size of the weights' file in 10^9 bytes, where it is known."""
    context_tokens: int | None
    """What each request has in its context when the measurement ends; None when nobody says."""
    new_tokens: int | None
    """How many of these came in during the measurement."""
    batch: int | None
    """How many requests ran at once; None when as many as gave the most tokens (`saturated`)."""
    phase: str
    """decode or prefill"""
    tps: float
    """Tokens a second of all requests together."""
    devices: int
    parallelism: str | None
    """layers or tensor; None for one device."""
    interconnect: str
    """Slug of a subject of the kind interconnects; empty where nobody says."""
    engine: str
    engine_version: str
    excluded: str
    """Why nothing should be concluded from it; empty for nearly all."""
    note: str
    place: Place = field(repr=False, compare=False)

    @property
    def saturated(self) -> bool:
        return self.batch is None

    @property
    def mean_context_tokens(self) -> float | None:
        """The context of a request on average over the measurement: it grows evenly from its start to its end."""
        if self.context_tokens is None or self.new_tokens is None:
            return None
        return self.context_tokens - self.new_tokens / 2


@dataclass(frozen=True)
class MeasurementTable:
    """Measurements of one device in one publication."""

    id: str
    """benchmarks/slug"""
    slug: str
    label: str
    summary: str
    hardware: str
    as_of: str
    method: str
    """measured or reported"""
    citation: Citation
    engine: str
    engine_version: str
    note: str
    rows: tuple[Measurement, ...]
    place: Place = field(repr=False, compare=False)


@dataclass(frozen=True)
class Catalog:
    """All facts and sources, by id, in the order of their ids."""

    subjects: Mapping[str, Subject]
    sources: Mapping[str, Source]
    benchmarks: Mapping[str, MeasurementTable] = field(default_factory=dict)
    """Published measurements, by slug."""

    def values(self) -> Iterator[Value]:
        for subject in self.subjects.values():
            yield from subject.values.values()

    def measurements(self) -> Iterator[tuple[MeasurementTable, Measurement]]:
        for table in self.benchmarks.values():
            for row in table.rows:
                yield table, row

    def value(self, ref: str) -> Value:
        """The fact with this reference (`kind/slug/name`)."""
        subject_id, _, name = ref.rpartition("/")
        subject = self.subjects.get(subject_id)
        if subject is None or name not in subject.values:
            raise UnknownReferenceError("fact", ref, (value.ref for value in self.values()))
        return subject.values[name]

    def subject(self, subject_id: str) -> Subject:
        """The subject with this id (`kind/slug`)."""
        if subject_id not in self.subjects:
            raise UnknownReferenceError("subject", subject_id, self.subjects)
        return self.subjects[subject_id]

    def source(self, source_id: str) -> Source:
        """The publication with this id."""
        if source_id not in self.sources:
            raise UnknownReferenceError("source", source_id, self.sources)
        return self.sources[source_id]

    def sources_of(self, value: Value) -> tuple[Citation, ...]:
        """The citations of a fact; those of a derived fact include its inputs', each once, its own first."""
        found: dict[Citation, None] = {}
        seen: set[str] = set()
        waiting = [value]
        while waiting:
            current = waiting.pop(0)
            if current.ref in seen:
                continue
            seen.add(current.ref)
            found.update(dict.fromkeys(current.chosen.sources))
            waiting += [self.value(ref) for ref in current.chosen.derived_from]
        return tuple(found)
