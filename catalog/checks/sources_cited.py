"""Every source is cited by a fact, by a page, or by a cited source that was read through it."""

from catalog.checks.base import Given, Report


def check(given: Given, report: Report) -> None:
    report.looked += len(given.catalog.sources)
    if given.page_citations is None or given.broken:
        return  # a citation may stand in a file that could not be read
    cited = {citation.source for _, claim in given.claims() for citation in claim.sources}
    cited |= {table.citation.source for table in given.catalog.benchmarks.values()}
    cited |= {page.source for page in given.page_citations}
    while through := {
        source.cited_through
        for source in given.catalog.sources.values()
        if source.id in cited and source.cited_through and source.cited_through not in cited
    }:
        cited |= through
    for name, source in given.catalog.sources.items():
        if name not in cited:
            message = "nobody cites this source; expected a fact, or a page (its front matter or a link "
            message += f"sources.md#{name}); cite it or delete the file"
            report.add(source.place.problem(message, "id"))
