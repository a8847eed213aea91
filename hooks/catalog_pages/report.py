"""How a reader says that a value is wrong: by a form of the site's own choice, or by a text to copy."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from calculators.core.units import fact_text
from catalog import Catalog, Subject, Value
from hooks.catalog_pages.addresses import address, subject_uri


@dataclass(frozen=True)
class ReportContext:
    """How something on the page of a subject is reported."""

    href: str
    """The address of the form with everything filled in; "" where the site has none."""
    file: str
    text: str
    """The same to copy, with blanks where the reader knows better."""


def template_problem(template: str) -> str:
    """Why no report can be made with this address; "" if it is fine or empty."""
    if not template:
        return ""
    if urlsplit(template).scheme not in ("https", "mailto"):
        return f'"{template}" is no place for reports; expected an address that begins with https: or mailto:'
    if "{body}" not in template:
        return f'"{template}" has no place for the report; expected {{body}} in it, and {{title}} for its title'
    return ""


def filled(template: str, title: str, body: str) -> str:
    """The address of a form with title and text in it; "" without a template."""
    return template.replace("{title}", quote(title, safe="")).replace("{body}", quote(body, safe=""))


def subject_report(subject: Subject, template: str) -> ReportContext:
    """A report on one of the values of a page, which the reader has yet to name."""
    file = file_of(subject)
    body = _body(subject, "", "", "", file)
    return ReportContext(filled(template, f"Wrong value: {subject.label}", body), file, body)


def value_report_href(catalog: Catalog, subject: Subject, value: Value, template: str) -> str:
    """The address of a form for one value; "" where the site has none."""
    if not template:
        return ""
    says = f"{fact_text(value.value, value.unit)} (as of {value.as_of}, {value.method})"
    sources = [catalog.source(citation.source) for citation in value.chosen.sources]
    by = "; ".join(f"{source.producer}, {source.title}, {source.url}" for source in sources)
    body = _body(subject, value.ref, says, by or f"derived: {value.chosen.formula}", file_of(subject))
    return filled(template, f"Wrong value: {subject.label}, {value.label}", body)


def file_of(subject: Subject) -> str:
    """The file that holds the values of a subject."""
    return f"catalog/{subject.id}.yml"


def _body(subject: Subject, ref: str, says: str, source: str, file: str) -> str:
    page = address(subject_uri(subject.id)) + (f"#{ref.rpartition('/')[2]}" if ref else "")
    lines = [
        f"Page: {page}",
        f"File: {file}",
        f"Value: {ref or f'{subject.id}/'}",
        f"It says: {says}",
        f"By: {source}",
        "It should be: ",
        "Because (who says so, and where): ",
    ]
    return "\n".join(lines)
