"""Every source that a fact, a source or a page names has a file."""

from catalog.checks.base import Given, Report
from catalog.errors import did_you_mean


def check(given: Given, report: Report) -> None:
    known = given.source_ids()

    def unknown(source: str) -> str:
        hint = did_you_mean(source, known) or f"; write catalog/sources/{source}.yml"
        return f'unknown source "{source}"; expected the id of a file in catalog/sources{hint}'

    for _, claim in given.claims():
        for index, citation in enumerate(claim.sources):
            report.looked += 1
            if citation.source not in known:
                report.add(claim.place.problem(unknown(citation.source), "sources", index, "source"))
    for table in given.catalog.benchmarks.values():
        report.looked += 1
        if table.citation.source not in known:
            report.add(table.place.problem(unknown(table.citation.source), "source"))
    for source in given.catalog.sources.values():
        report.looked += 1
        if source.cited_through and source.cited_through not in known:
            report.add(source.place.problem(unknown(source.cited_through), "cited_through"))
    for page in given.page_citations or ():
        report.looked += 1
        if page.source not in known:
            report.add(page.problem(unknown(page.source)))
