"""The page of one subject: every value with its source, and everything that the catalog knows around it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from catalog import Catalog, Subject, Value, vocabulary
from catalog.choice import RULES
from hooks.api import api_address
from hooks.catalog_pages.addresses import (
    TAB,
    address,
    disagreements_uri,
    index_uri,
    kind_uri,
)
from hooks.catalog_pages.connections import Connections
from hooks.catalog_pages.fit_context import Fit, FitContext
from hooks.catalog_pages.measurements import MeasurementsContext, measurements_contexts
from hooks.catalog_pages.presets import Preset
from hooks.catalog_pages.report import ReportContext, subject_report, value_report_href
from hooks.catalog_pages.series import Draw, SeriesContext, series_context
from hooks.catalog_pages.statements import ClaimContext, Link, claim_context
from hooks.catalog_pages.tables import TableContext, table_of


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
    observations: int
    """How often it was observed; 0 where it is not observed again and again."""
    among_all: str
    """Its place on the page of all disagreements; "" where sources agree."""
    report: str
    """Where to say that it is wrong; "" where the site has no address for that."""


@dataclass(frozen=True)
class FormerContext:
    """What the catalog said before."""

    name: str
    label: str
    claim: ClaimContext
    replaced: str
    because: str


@dataclass(frozen=True)
class RelatedContext:
    """Subjects of another kind that name this one, such as the rental rates of a device."""

    id: str
    kind: Link
    description: str
    table: TableContext


@dataclass(frozen=True)
class SubjectContext:
    """Everything that templates/catalog_subject.html.jinja uses."""

    base: str
    """Relative address of the site's root."""
    parents: list[Link]
    label: str
    summary: str
    sections: list[Link]
    """What the page has; `href` is the anchor."""
    calculators: list[Link]
    values: list[ValueContext]
    fit: FitContext | None
    related: list[RelatedContext]
    series: list[SeriesContext]
    measured_of: str
    """What the rows of the measurements begin with."""
    measurements: list[MeasurementsContext]
    mentions: list[Link]
    former: list[FormerContext]
    report: ReportContext
    data: list[Link]
    """The same for programs."""


def subject_context(
    catalog: Catalog,
    subject: Subject,
    connections: Connections,
    presets: Sequence[Preset] = (),
    *,
    draw: Draw | None = None,
    fit: Fit | None = None,
    report_url: str = "",
) -> SubjectContext:
    """What the page of a subject shows.

    Arguments:
        presets: the choices that calculators offer.
        draw: draws the charts of values over time; None leaves the pictures out.
        fit: works out what fits on a device, or where a model fits.
        report_url: where readers report a wrong value, with {title} and {body} in it; "" where there is no such place.
    """
    values = [_value(catalog, subject, value, report_url) for value in subject.values.values()]
    related = [
        _related(catalog, kind, others, subject) for kind, others in connections.referring.get(subject.id, {}).items()
    ]
    series = [series_context(catalog, value, draw) for value in subject.values.values() if len(value.series) > 1]
    measurements = measurements_contexts(catalog, subject, connections.measured.get(subject.id, []))
    mentions = list(connections.mentions.get(subject.id, ()))
    former = list(_former(catalog, subject))
    fits = fit(subject) if fit else None
    sections = [
        ("values", "Values", True),
        ("fit", "What fits", bool(fits)),
        *((shown.id, shown.kind.label, True) for shown in related),
        ("over-time", "Over time", bool(series)),
        ("where-sources-disagree", "Where sources disagree", any(value.claims for value in values)),
        ("published-measurements", "Published measurements", bool(measurements)),
        ("mentions", "Mentioned in", bool(mentions)),
        ("former-values", "Former values", bool(former)),
        ("report", "Report a wrong value", True),
    ]
    return SubjectContext(
        base="../../../",
        parents=[
            Link(address(index_uri()), TAB),
            Link(address(kind_uri(subject.kind)), vocabulary.kinds()[subject.kind].label),
        ],
        label=subject.label,
        summary=subject.summary,
        sections=[Link(f"#{id}", label) for id, label, is_there in sections if is_there],
        calculators=[
            Link(f"{preset.address}?{preset.input}={subject.slug}", preset.title, preset.question)
            for preset in presets
            if preset.kind == subject.kind
        ],
        values=values,
        fit=fits,
        related=related,
        series=series,
        measured_of="Model" if subject.kind == "hardware" else "Device",
        measurements=measurements,
        mentions=mentions,
        former=former,
        report=subject_report(subject, report_url),
        data=[Link(api_address(subject.id), "JSON")],
    )


def _value(catalog: Catalog, subject: Subject, value: Value, report_url: str) -> ValueContext:
    choice = value.choice
    return ValueContext(
        name=value.name,
        label=value.label,
        used=claim_context(catalog, value, value.chosen),
        note=value.note,
        review_by=_review_by(value),
        claims=[claim_context(catalog, value, claim) for claim in value.claims] if choice else [],
        rule=RULES[choice.rule].description if choice else "",
        because=choice.because if choice else "",
        observations=len(value.series),
        among_all=f"{address(disagreements_uri())}#{value.ref}" if choice else "",
        report=value_report_href(catalog, subject, value, report_url),
    )


def _former(catalog: Catalog, subject: Subject) -> Iterator[FormerContext]:
    """What was replaced, by value, newest first."""
    for value in subject.values.values():
        for former in value.earlier:
            claim = claim_context(catalog, value, former.claim)
            yield FormerContext(value.name, value.label, claim, former.replaced, former.because)


def _related(catalog: Catalog, kind: str, others: Sequence[Subject], subject: Subject) -> RelatedContext:
    described = vocabulary.kinds()[kind]
    return RelatedContext(
        id=f"of-{kind.replace('_', '-')}",
        kind=Link(address(kind_uri(kind)), described.label),
        description=described.description,
        table=table_of(catalog, kind, others, without=subject.kind),
    )


def _review_by(value: Value) -> str:
    """The day on which somebody should look again; "" where nobody said after how many days."""
    if value.review_after_days is None:
        return ""
    day = datetime.date.fromisoformat(value.as_of) + datetime.timedelta(days=value.review_after_days)
    return day.isoformat()
