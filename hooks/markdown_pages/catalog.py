"""Pages of the catalog as Markdown: title, summary, and a table of values with units, days and sources."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from calculators.core.units import fact_text
from catalog import Catalog, Claim, Subject, Value, vocabulary
from catalog.changes import Change
from hooks.api.addresses import Site, api_address, csv_address
from hooks.catalog_pages.addresses import address, kind_uri, subject_uri, subjects_of, used_kinds
from hooks.claims import CheckedClaim, counts
from hooks.markdown_pages.blocks import claim_markdown, escaped, linked

_HEAD = ["| What | Value | As of | How it is known | Source |", "|---|---|---|---|---|"]


class CatalogMarkdown:
    """Makes the pages of one catalog; what all of them cite is written once."""

    def __init__(self, catalog: Catalog, site: Site) -> None:
        self._catalog = catalog
        self._site = site
        self._sources = {
            id: linked(f"{source.producer}, {source.title}", site.absolute(f"sources/#{id}"))
            for id, source in catalog.sources.items()
        }

    def subject(self, subject: Subject) -> str:
        """A subject with all of its values; where sources disagree, with what the others say."""
        lines = [f"# {escaped(subject.label)}", "", escaped(subject.summary), "", *_HEAD]
        for value in subject.values.values():
            lines.append(self._row(value, value.chosen, value.label))
            others = [claim for claim in value.stated() if claim is not value.chosen]
            lines += [self._row(value, claim, f"{value.label}, {_why(value, claim)}") for claim in others]
        data = self._site.absolute(api_address(subject.id))
        kind = vocabulary.kinds()[subject.kind]
        lines += [
            "",
            (
                f"All of this as JSON, with measurements: {data}. "
                f"More of the kind: {linked(kind.label, self._site.absolute(address(kind_uri(subject.kind))))}."
            ),
        ]
        return "\n".join([*lines, ""])

    def _row(self, value: Value, claim: Claim, label: str) -> str:
        cited = [f"{self._sources[one.source]}, {escaped(one.locator)}" for one in claim.sources]
        if not cited and claim.formula:
            cited = [f"worked out: {escaped(claim.formula)}"]
        cells = (
            escaped(label),
            escaped(fact_text(claim.value, value.unit)),
            claim.as_of,
            claim.method,
            "; ".join(cited),
        )
        return f"| {' | '.join(cell.replace(chr(10), ' ') for cell in cells)} |"

    def kind(self, kind: str) -> str:
        """The subjects of a kind."""
        described = vocabulary.kinds()[kind]
        lines = [f"# {escaped(described.label)}", "", f"{escaped(described.description)}.", ""]
        for subject in subjects_of(self._catalog, kind):
            to = self._site.absolute(address(subject_uri(subject.id)))
            lines.append(f"- {linked(subject.label, to)}: {escaped(subject.summary)}")
        lines += ["", f"All values as CSV: {self._site.absolute(csv_address(kind))}"]
        return "\n".join([*lines, ""])

    def index(self, about: str) -> str:
        """The kinds."""
        lines = ["# Catalog", "", about, ""]
        for kind in used_kinds(self._catalog):
            described = vocabulary.kinds()[kind]
            count = len(subjects_of(self._catalog, kind))
            to = self._site.absolute(address(kind_uri(kind)))
            lines.append(f"- {linked(described.label, to)} ({count}): {escaped(described.description)}.")
        return "\n".join([*lines, ""])

    def disagreements(self, title: str, about: str) -> str:
        """Every value whose sources disagree, with all claims."""
        lines = [f"# {title}", "", about, "", *_HEAD]
        for subject in self._catalog.subjects.values():
            for value in subject.values.values():
                if value.choice:
                    label = f"{subject.label}: {value.label}"
                    lines.append(self._row(value, value.chosen, f"{label}, used ({value.choice.rule})"))
                    others = [claim for claim in value.claims if claim is not value.chosen]
                    lines += [self._row(value, claim, label) for claim in others]
        return "\n".join([*lines, ""])

    def changes(self, title: str, about: str, found: Sequence[Change]) -> str:
        """What has changed, newest first."""
        lines = [f"# {title}", "", about, ""]
        for change in found:
            old, new = (fact_text(claim.value, change.unit) for claim in (change.old, change.new))
            said = f"{change.subject.label}, {change.label}: from {old} to {new}"
            because = f". {change.because}" if change.because else ""
            lines.append(f"- {change.date}: {escaped(said + because)}")
        return "\n".join([*lines, ""])

    def sources(self, about: str) -> str:
        """All publications, in short; what rests on each is said on the page and in its JSON file."""
        lines = ["# Sources", "", about, ""]
        for source in sorted(self._catalog.sources.values(), key=lambda one: (one.producer.lower(), one.title.lower())):
            published = source.published or source.published_note
            lines.append(
                f"- {escaped(source.producer)}: {linked(source.title, source.url)} ({source.kind}; "
                f"{escaped(published)}; read on {source.accessed}; id `{source.id}`)"
            )
        return "\n".join([*lines, ""])

    def claims(self, title: str, about: str, claims: Iterable[CheckedClaim]) -> str:
        """All claims that were checked."""
        listed = list(claims)
        said = counts(listed)
        summary = f"{said['holds']} hold, {said['off']} are off, {said['cannot-be']} cannot be"
        lines = [f"# {title}", "", f"{about} Of {len(listed)} claims {summary}.", ""]
        for one in listed:
            lines += [f"## {one.claim.id}", "", claim_markdown(one, self._site), ""]
        return "\n".join(lines)


def _why(value: Value, claim: Claim) -> str:
    if claim in value.series:
        return "earlier observation"
    return "another claim" if claim in value.claims else "since replaced"
