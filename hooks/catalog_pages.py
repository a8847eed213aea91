"""A page for each subject of the catalog, for each kind, and for the whole: every value with its source.

The pages are tables, so they are made as HTML by templates and not as Markdown. Subjects stay out of the
navigation, which would otherwise grow with every page and be drawn again on each of them.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from html import escape
from typing import TYPE_CHECKING, Any

import jinja2
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, InclusionLevel
from mkdocs.structure.nav import Section

from calculators.core import format
from calculators.core.units import fact_text
from catalog import Catalog, Citation, Claim, Subject, Value, vocabulary
from catalog.choice import RULES
from catalog.model import Measurement, MeasurementTable
from hooks.build import state_of
from hooks.entries import Entry
from hooks.widget import templates

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page
    from mkdocs.utils.templates import TemplateContext

FOLDER = "catalog"
TAB = "Catalog"
"""The catalog's name in the navigation."""
_KEY = "reckoner_catalog_pages"


@dataclass(frozen=True)
class Link:
    """A link; `href` is relative to the site's root until a page makes it its own."""

    href: str
    label: str
    after: str = ""
    """What stands after it."""


@dataclass(frozen=True)
class CitationContext:
    """Which publication says it, and where in it."""

    source: Link
    locator: str
    quote: str


@dataclass(frozen=True)
class ClaimContext:
    """One number that somebody stated."""

    text: str
    as_of: str
    method: str
    formula: str
    derived_from: list[Link]
    citations: list[CitationContext]
    note: str
    used: bool


@dataclass(frozen=True)
class ValueContext:
    """A fact of the subject."""

    name: str
    """Also the id of its row."""
    label: str
    used: ClaimContext
    note: str
    """What holds for all of its claims."""
    review_by: str
    claims: list[ClaimContext]
    """All of them where they disagree; otherwise none."""
    rule: str
    because: str


@dataclass(frozen=True)
class MeasurementContext:
    """A published speed of the subject."""

    of: Link
    """The model, on the page of a device; the device, on the page of a model."""
    devices: str
    quantization: Link
    phase: str
    speed: str
    context: str
    batch: str
    note: str
    excluded: str
    """Why the calculators do not use it."""


@dataclass(frozen=True)
class MeasurementsContext:
    """What one publication says about the speed of the subject."""

    id: str
    label: str
    summary: str
    as_of: str
    method: str
    engine: str
    note: str
    citation: CitationContext
    rows: list[MeasurementContext]


@dataclass(frozen=True)
class SubjectContext:
    """Everything that templates/catalog_subject.html.jinja uses."""

    base: str
    """Relative address of the site's root."""
    parents: list[Link]
    label: str
    summary: str
    calculators: list[Link]
    values: list[ValueContext]
    measured_of: str
    """What the rows of the measurements begin with."""
    measurements: list[MeasurementsContext]
    entries: list[Link]
    file: str


@dataclass(frozen=True)
class RowContext:
    """A subject in the table of its kind."""

    subject: Link
    cells: list[str]
    """One for each column, "" where the value is not known."""


@dataclass(frozen=True)
class KindContext:
    """Everything that templates/catalog_kind.html.jinja uses."""

    base: str
    parents: list[Link]
    label: str
    description: str
    columns: list[tuple[str, bool]]
    """Labels, and whether the column holds numbers."""
    rows: list[RowContext]
    calculators: list[Link]


@dataclass(frozen=True)
class KindSummary:
    """A kind in the list of all."""

    link: Link
    description: str
    subjects: int
    values: int


@dataclass(frozen=True)
class IndexContext:
    """Everything that templates/catalog_index.html.jinja uses."""

    base: str
    kinds: list[KindSummary]
    subjects: int
    values: int
    sources: int
    disagreements: int
    measurements: int


@dataclass(frozen=True)
class Preset:
    """An input of a calculator that chooses a subject of one kind."""

    kind: str
    address: str
    """Of the calculator's page, below the site's root."""
    input: str
    title: str
    question: str


# ---- what there is


def used_kinds(catalog: Catalog) -> list[str]:
    """The kinds that have subjects, in the order of the vocabulary."""
    used = {subject.kind for subject in catalog.subjects.values()}
    return [kind for kind in vocabulary.kinds() if kind in used]


def subjects_of(catalog: Catalog, kind: str) -> list[Subject]:
    """The subjects of a kind, by label."""
    return sorted((s for s in catalog.subjects.values() if s.kind == kind), key=lambda s: (_order(s.label), s.slug))


def _order(label: str) -> list[tuple[int, str]]:
    """Sorts as people do: 8 GB before 16 GB, capitals like small letters."""
    parts = re.split(r"(\d+)", label.lower())
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]


def index_uri() -> str:
    """The page of the whole catalog, below docs/."""
    return f"{FOLDER}/index.md"


def kind_uri(kind: str) -> str:
    """The page of a kind, below docs/."""
    return f"{FOLDER}/{kind}/index.md"


def subject_uri(subject_id: str) -> str:
    """The page of a subject (`kind/slug`), below docs/."""
    return f"{FOLDER}/{subject_id}.md"


def address(uri: str) -> str:
    """The address of a page, below the site's root."""
    return uri.removesuffix("index.md") if uri.endswith("/index.md") else uri.removesuffix(".md") + "/"


def presets(described: Iterable[Mapping[str, Any]], pages: Iterable[str]) -> list[Preset]:
    """Every choice of a subject that a calculator with a page offers.

    Arguments:
        described: the calculators, as they describe themselves.
        pages: the pages of the site, below docs/.
    """
    pages = set(pages)
    found = []
    for calculator in described:
        page = f"calculators/{calculator['slug']}.md"
        for field in calculator["inputs"]:
            if field["catalog_kind"] and page in pages:
                title, question = calculator["title"], calculator["question"]
                found.append(Preset(field["catalog_kind"], address(page), field["name"], title, question))
    return found


# ---- a subject


def subject_context(
    catalog: Catalog, subject: Subject, presets: Sequence[Preset] = (), entries: Iterable[Entry] = ()
) -> SubjectContext:
    """What the page of a subject shows."""
    own = f"{subject.id}/"  # a fact is kind/slug/name
    mentioned = [entry for entry in entries if any(fact.startswith(own) for fact in entry.facts)]
    return SubjectContext(
        base="../../../",
        parents=[_catalog_link(), Link(address(kind_uri(subject.kind)), vocabulary.kinds()[subject.kind].label)],
        label=subject.label,
        summary=subject.summary,
        calculators=[
            Link(f"{preset.address}?{preset.input}={subject.slug}", preset.title, preset.question)
            for preset in presets
            if preset.kind == subject.kind
        ],
        values=[_value(catalog, value) for value in subject.values.values()],
        measured_of="Model" if subject.kind == "hardware" else "Device",
        measurements=_measurements(catalog, subject),
        entries=[Link(address(entry.uri), entry.title, entry.summary) for entry in mentioned],
        file=f"catalog/{subject.id}.yml",
    )


def _value(catalog: Catalog, value: Value) -> ValueContext:
    claims = [_claim(catalog, value, claim) for claim in value.claims]
    used = _claim(catalog, value, value.chosen)
    choice = value.choice
    return ValueContext(
        name=value.name,
        label=value.label,
        used=used,
        note=value.note,
        review_by=_review_by(value),
        claims=claims if choice else [],
        rule=RULES[choice.rule].description if choice else "",
        because=choice.because if choice else "",
    )


def _claim(catalog: Catalog, value: Value, claim: Claim) -> ClaimContext:
    subject_id = value.ref.rpartition("/")[0]
    return ClaimContext(
        text=fact_text(claim.value, value.unit),
        as_of=claim.as_of,
        method=claim.method,
        formula=claim.formula,
        derived_from=[_fact_link(catalog, ref, subject_id) for ref in claim.derived_from],
        citations=[_citation(catalog, citation) for citation in claim.sources],
        note=claim.note,
        used=claim is value.chosen,
    )


def _fact_link(catalog: Catalog, ref: str, from_subject: str) -> Link:
    """A link to the row of a fact; one of another subject says of which."""
    value = catalog.value(ref)
    subject = catalog.subject(ref.rpartition("/")[0])
    label = value.label if subject.id == from_subject else f"{subject.label}: {value.label}"
    return Link(f"{address(subject_uri(subject.id))}#{value.name}", label)


def _citation(catalog: Catalog, citation: Citation) -> CitationContext:
    source = catalog.source(citation.source)
    return CitationContext(
        Link(f"sources/#{source.id}", f"{source.producer}, {source.title}"), citation.locator, citation.quote
    )


def _review_by(value: Value) -> str:
    """The day on which somebody should look again; "" where nobody said after how many days."""
    if value.review_after_days is None:
        return ""
    day = datetime.date.fromisoformat(value.as_of) + datetime.timedelta(days=value.review_after_days)
    return day.isoformat()


def _catalog_link() -> Link:
    return Link(address(index_uri()), TAB)


# ---- published measurements


def measurements_id(table: MeasurementTable) -> str:
    """The anchor of a table of measurements, on the pages of its device and of its models."""
    return f"measured-{table.slug}"


def _measurements(catalog: Catalog, subject: Subject) -> list[MeasurementsContext]:
    """The measurements on a device or with a model, by publication; other kinds have none."""
    found = []
    for table in catalog.benchmarks.values():
        if subject.id == f"hardware/{table.hardware}":
            rows = [(row, catalog.subject(f"models/{row.model}")) for row in table.rows]
        else:
            device = catalog.subject(f"hardware/{table.hardware}")
            rows = [(row, device) for row in table.rows if subject.id == f"models/{row.model}"]
        if rows:
            rows.sort(key=lambda pair: _measurement_order(*pair))
            found.append(_measurement_table(catalog, table, rows))
    return sorted(found, key=lambda shown: (_order(shown.rows[0].of.label), shown.id))


def _measurement_order(row: Measurement, other: Subject) -> tuple[Any, ...]:
    """By the model or the device; what is alike stands together."""
    context, batch = row.context_tokens or 0, row.batch or 0
    return (_order(other.label), other.slug, row.quantization, row.phase, row.devices, batch, context, row.tps)


def _measurement_table(
    catalog: Catalog, table: MeasurementTable, rows: Sequence[tuple[Measurement, Subject]]
) -> MeasurementsContext:
    return MeasurementsContext(
        id=measurements_id(table),
        label=table.label,
        summary=table.summary,
        as_of=table.as_of,
        method=table.method,
        engine=_engine(table),
        note=table.note,
        citation=_citation(catalog, table.citation),
        rows=[_measurement(catalog, table, row, other) for row, other in rows],
    )


def _measurement(catalog: Catalog, table: MeasurementTable, row: Measurement, other: Subject) -> MeasurementContext:
    quantization = catalog.subject(f"quantizations/{row.quantization}")
    with_engine = f"With {_engine(row)}." if _engine(row) != _engine(table) else ""
    return MeasurementContext(
        of=Link(address(subject_uri(other.id)), other.label),
        devices=_devices(row),
        quantization=Link(address(subject_uri(quantization.id)), quantization.label),
        phase=row.phase,
        speed=format.number(row.tps),
        context="not said" if row.context_tokens is None else format.number(row.context_tokens),
        batch="as many as help" if row.batch is None else format.number(row.batch),
        note=" ".join(text for text in (with_engine, row.note) if text),
        excluded=row.excluded,
    )


def _engine(of: MeasurementTable | Measurement) -> str:
    """Name and version of the software; the version as published mostly begins with the name."""
    version = of.engine_version
    is_named = of.engine == "other" or of.engine in version.lower()
    return version if is_named else f"{of.engine}, version {version}"


def _devices(row: Measurement) -> str:
    """How many devices shared the work; "" for one."""
    if row.devices == 1:
        return ""
    shared = {"layers": "layers shared out", "tensor": "every layer shared", None: ""}[row.parallelism]
    said = [f"{row.devices} devices", shared, row.interconnect]
    return ", ".join(part for part in said if part)


# ---- kinds, and the whole


def kind_context(catalog: Catalog, kind: str, presets: Sequence[Preset] = ()) -> KindContext:
    """What the page of a kind shows: its subjects, with the columns that the vocabulary names."""
    described = vocabulary.kinds()[kind]
    subjects = subjects_of(catalog, kind)
    having = {name: [s.values[name] for s in subjects if name in s.values] for name in described.columns}
    columns = [name for name, values in having.items() if values]
    return KindContext(
        base="../../",
        parents=[_catalog_link()],
        label=described.label,
        description=described.description,
        columns=[_column(having[name]) for name in columns],
        rows=[
            RowContext(
                Link(address(subject_uri(subject.id)), subject.label, subject.summary),
                [_cell(subject.values.get(name)) for name in columns],
            )
            for subject in subjects
        ],
        calculators=[Link(preset.address, preset.title, preset.question) for preset in presets if preset.kind == kind],
    )


def _column(values: Sequence[Value]) -> tuple[str, bool]:
    """The label that most of the values have, and whether they are numbers."""
    labels = [value.label for value in values]
    return max(labels, key=labels.count), values[0].unit != "text"


def _cell(value: Value | None) -> str:
    return fact_text(value.value, value.unit) if value else ""


def index_context(catalog: Catalog) -> IndexContext:
    """What the page of the whole catalog shows."""
    kinds = []
    for kind in used_kinds(catalog):
        subjects = subjects_of(catalog, kind)
        described = vocabulary.kinds()[kind]
        values = sum(len(subject.values) for subject in subjects)
        kinds.append(
            KindSummary(Link(address(kind_uri(kind)), described.label), described.description, len(subjects), values)
        )
    return IndexContext(
        base="../",
        kinds=kinds,
        subjects=len(catalog.subjects),
        values=sum(kind.values for kind in kinds),
        sources=len(catalog.sources),
        disagreements=sum(1 for value in catalog.values() if value.choice),
        measurements=sum(1 for _ in catalog.measurements()),
    )


# ---- pages


@dataclass(frozen=True)
class HtmlPage:
    """A page whose content is made here."""

    title: str
    description: str
    html: str
    anchors: frozenset[str]
    in_navigation: bool

    @property
    def brief(self) -> str:
        """What the page is about, for the search."""
        return f"<p>{escape(self.description)}</p>"

    @property
    def source(self) -> str:
        """The page as a file for MkDocs: only its front matter, the content comes later."""
        matter = {"title": self.title, "description": self.description, "hide": ["toc"]}
        lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in matter.items()]
        return "\n".join(["---", *lines, "---", ""])


def catalog_pages(
    catalog: Catalog, env: jinja2.Environment, presets: Sequence[Preset] = (), entries: Iterable[Entry] = ()
) -> dict[str, HtmlPage]:
    """All pages of the catalog by their path below docs/."""
    entries = list(entries)
    index = index_context(catalog)
    pages = {index_uri(): _page(env, "catalog_index", index, TAB, "What the catalog holds, by kind", True)}
    for kind in used_kinds(catalog):
        of_kind = kind_context(catalog, kind, presets)
        pages[kind_uri(kind)] = _page(env, "catalog_kind", of_kind, of_kind.label, of_kind.description, True)
        for subject in subjects_of(catalog, kind):
            context = subject_context(catalog, subject, presets, entries)
            page = _page(env, "catalog_subject", context, subject.label, subject.summary, False)
            pages[subject_uri(subject.id)] = page
    return pages


_ID = re.compile(r'<[^>]*? id="([^"]+)"')


def _page(
    env: jinja2.Environment,
    template: str,
    context: SubjectContext | KindContext | IndexContext,
    title: str,
    description: str,
    in_navigation: bool,
) -> HtmlPage:
    shallow = {field.name: getattr(context, field.name) for field in fields(context)}
    html = env.get_template(f"{template}.html.jinja").render(shallow)
    return HtmlPage(title, description, html, frozenset(_ID.findall(html)), in_navigation)


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    state = state_of(config)
    described = [state.answers.describe(slug) for slug in state.answers.slugs()]
    offered = presets(described, (file.src_uri for file in files.documentation_pages()))
    pages = catalog_pages(state.catalog, templates(state.root), offered, state.entries.values())
    for uri, page in pages.items():
        inclusion = InclusionLevel.INCLUDED if page.in_navigation else InclusionLevel.NOT_IN_NAV
        files.append(File.generated(config, uri, content=page.source, inclusion=inclusion))
    config.extra[_KEY] = pages
    return files


def on_nav(nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
    """A subject's page belongs to the catalog's tab, although the navigation does not list it."""
    section = next((item for item in nav.items if isinstance(item, Section) and item.title == TAB), None)
    for uri, page in config.extra[_KEY].items():
        file = files.get_file_from_path(uri)
        if not page.in_navigation and file and file.page:
            file.page.parent = section
    return nav


def on_page_content(html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    made = config.extra[_KEY].get(page.file.src_uri)
    if made is None:
        return html
    # MkDocs holds the links of other pages against these.
    page.present_anchor_ids = {*(page.present_anchor_ids or ()), *made.anchors}
    brief: str = made.brief
    return brief


@event_priority(-50)  # After the search has read the page: its index holds what a page is about, not every table.
def on_page_context(context: TemplateContext, *, page: Page, config: MkDocsConfig, nav: Navigation) -> TemplateContext:
    made = config.extra[_KEY].get(page.file.src_uri)
    if made is not None:
        page.content = made.html
    return context
