"""One publication, one file: two files with one address would split its citations."""

from urllib.parse import urlsplit, urlunsplit

from catalog.checks.base import Given, Report


def same_page(url: str) -> str:
    """The address without what leaves the page the same: scheme, `www.`, closing slash, fragment."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url  # the rule about addresses reports it
    return urlunsplit(("", parts.netloc.lower().removeprefix("www."), parts.path.rstrip("/"), parts.query, ""))


def check(given: Given, report: Report) -> None:
    first: dict[str, str] = {}
    for name, source in given.catalog.sources.items():
        report.looked += 1
        page = same_page(source.url)
        if page in first:
            message = f'the address of "{first[page]}" too; expected one file per publication; '
            message += "merge the two and put what differs into the locators"
            report.add(source.place.problem(message, "url"))
        first.setdefault(page, name)
