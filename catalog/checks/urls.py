"""An address is one that somebody can open: http or https, a public host, no stray characters."""

import re
from urllib.parse import urlsplit

from catalog.checks.base import Given, Report

_HOST = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])")
_STRAY = re.compile(r"[^A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]|%(?![0-9A-Fa-f]{2})")
_NOBODYS = re.compile(r"(.*\.)?(example\.(com|org|net)|localhost|local|test|invalid|example|internal)")


def what_is_wrong(url: str) -> str:
    """Empty for an address that can be opened."""
    stray = _STRAY.search(url)
    if stray:
        return f'has "{stray.group()}", which an address cannot have'
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname or ""
    except ValueError as error:
        return f"is not an address ({error})"
    if parts.scheme not in ("http", "https"):
        return "does not begin with https:// or http://"
    if "@" in parts.netloc or port is not None:
        return "has a user name or a port"
    if not _HOST.fullmatch(host):
        return f'has no public host ("{host}")'
    if _NOBODYS.fullmatch(host):
        return f'has a host that nobody can have read ("{host}")'
    return ""


def check(given: Given, report: Report) -> None:
    for source in given.catalog.sources.values():
        report.looked += 1
        wrong = what_is_wrong(source.url)
        if wrong:
            message = f"{source.url} {wrong}; expected the publication's public address; copy it from a browser"
            report.add(source.place.problem(message, "url"))
