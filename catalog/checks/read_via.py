"""A source that nobody read says through which one it is known, in both of the fields that say so."""

from catalog.checks.base import Given, Report


def check(given: Given, report: Report) -> None:
    for source in given.catalog.sources.values():
        report.looked += 1
        quoted = source.read_via.startswith("quoted in ")
        if quoted != (source.cited_through is not None) or (
            quoted and source.read_via != f"quoted in {source.cited_through}"
        ):
            expected = f"quoted in {source.cited_through or '<source id>'}"
            message = f'"{source.read_via}" and cited_through do not agree; expected read_via: {expected} '
            message += "with cited_through: the same id, or neither; correct one of the two"
            report.add(source.place.problem(message, "read_via"))
        elif source.cited_through == source.id:
            message = "read through itself; expected the id of another source; correct it"
            report.add(source.place.problem(message, "cited_through"))
