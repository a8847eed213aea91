"""python -m hooks.check: everything that an author can get wrong, in facts and pages, in seconds.

The pages are built as for the site, with the same hooks and as strictly, but undressed: into a folder that nobody
looks at, by a theme that is nothing but the page's content. Whatever passes here builds.

Exit status: 0, also with warnings; 1 when something needs mending (a line each).
"""

from __future__ import annotations

import argparse
import logging
import re
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort, MkDocsException

from catalog import Catalog, CatalogError, Problem, blanks, load
from catalog.export import summary
from catalog.loader import is_date
from catalog.prose import without_code
from hooks import calculator_checks
from hooks.build import CHECK, LOADED, state_of

ROOT = Path(__file__).parents[1]
_MKDOCS = re.compile(r"Doc file '([^']+)' contains an? (.*?link) '([^']+)',? (?:but )?(.*)")
"""What MkDocs says of a link."""


_NOT_IN_NAVIGATION = re.compile(r"  - (\S+\.md)")
_DAY = re.compile(r"(?:reviewed|published): *([0-9]{4}-[0-9]{2}-[0-9]{2})$|### ([0-9]{4}-[0-9]{2}-[0-9]{2}):")
"""A day in a page's front matter, or that of a follow-up."""


class _Said(logging.Handler):
    """Keeps what MkDocs and the hooks complain about."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines += [line for line in record.getMessage().splitlines() if line.strip()]


def with_line(said: str, docs: Path) -> str:
    """What MkDocs says of a link, as `file:line: what is wrong; what to do`; anything else as it is."""
    about = _MKDOCS.fullmatch(said)
    if not about:
        return said
    page, _, target, why = about.groups()
    path = docs / page
    lines = without_code(path.read_text(encoding="utf-8-sig")) if path.is_file() else []
    number = next(
        (
            i
            for i, line in enumerate(lines, 1)
            if re.search(rf"[(<:\s]{re.escape(target)}[)>\s]|{re.escape(target)}$", line)
        ),
        0,
    )
    place = f"docs/{page}:{number}" if number else f"docs/{page}"
    hint = re.search(r"Did you mean '([^']+)'", why)
    if "anchor" in why:
        what = "leads to a heading that is not there; expected the anchor of one"
    elif "absolute" in said:
        what = "begins with /; expected a path from the page's own folder"
    else:
        what = "leads to no page; expected the path of a .md file from the page's own folder"
    return f'{place}: the link "{target}" {what}; ' + (f'did you mean "{hint[1]}"?' if hint else "mend it")


def check(config_file: Path, site: Path, loaded: Catalog | None = None) -> tuple[list[str], list[str]]:
    """What needs mending in the pages, and what could be better; `loaded` is the catalog, where it is at hand."""
    said = _Said()
    logger = logging.getLogger("mkdocs")
    logger.addHandler(said)
    logger.propagate = False
    config = None
    try:
        config = load_config(
            str(config_file),
            site_dir=str(site),
            strict=True,
            plugins=[],
            theme={"name": None, "custom_dir": str(ROOT / "hooks" / "theme_check"), "locale": "en"},
        )
        config.extra[CHECK] = True
        config.extra[LOADED] = loaded
        build(config)
    except Abort:
        pass  # it counted what the handler has kept
    except MkDocsException as error:
        said.lines += str(error).splitlines()
    finally:
        logger.removeHandler(said)
    state = state_of(config) if config and "reckoner_build" in config.extra else None
    warnings = state.warnings if state else []
    said.lines += sorted(set(state.problems) - set(said.lines)) if state else []
    docs = Path(config.docs_dir) if config else config_file.parent / "docs"
    return _plain(said.lines, docs), warnings


def _plain(said: list[str], docs: Path) -> list[str]:
    """The lines of MkDocs and of the hooks, as one for each problem."""
    found = []
    for line in said:
        unlisted = _NOT_IN_NAVIGATION.fullmatch(line)
        if unlisted:
            page = f"docs/{unlisted[1]}"
            if not any(other.startswith(f"{page}:") for other in said):  # else that is why
                message = "stands where the navigation finds no page; expected a page of docs/research/<topic>, "
                found.append(f"{page}: {message}docs/posts, docs/calculators, docs/embedding or docs/authors; move it")
        elif line != "these need mending:" and not line.startswith("The following pages exist in the docs directory"):
            found.append(with_line(line, docs))
    return found


def _later(docs: Path, today: str) -> list[Problem]:
    """Days in entries and posts that have yet to come."""
    found = []
    for path in sorted([*docs.glob("research/*/*.md"), *docs.glob("posts/*.md")]):
        for number, line in enumerate(path.read_text(encoding="utf-8-sig", errors="replace").splitlines(), 1):
            day = _DAY.match(line)
            if day and is_date(written := day[1] or day[2]) and written > today:
                message = f"{written} is after {today}; expected a day that has come; correct the date"
                found.append(Problem(f"docs/{path.relative_to(docs).as_posix()}", number, "", message))
    return found


@dataclass(frozen=True)
class Found:
    """What a check found."""

    problems: list[str]
    warnings: list[str]
    catalog: Catalog | None
    """None where it has problems."""


def everything(root: Path, config_file: Path, site: Path, today: str | None = None) -> Found:
    """What is wrong with the facts, the calculators and the pages of a repository, sorted by place.

    Arguments:
        root: its folder.
        site: a folder for pages that nobody looks at.
        today: YYYY-MM-DD; dates after it are reported.
    """
    in_code, can_be_asked = calculator_checks.problems(root)
    wrong: list[Problem] = [*blanks.in_code(root), *in_code] if can_be_asked else in_code
    wrong += _later(root / "docs", today) if today else []
    loaded = None
    try:
        loaded = load(root / "catalog", docs=root / "docs", today=today)
    except CatalogError as error:
        wrong += error.problems
    problems = [str(one) for one in sorted(wrong)]
    warnings: list[str] = []
    if loaded and can_be_asked:  # pages cannot be looked at without facts and answers
        in_pages, warnings = check(config_file, site, loaded)
        problems += in_pages
    return Found(problems, warnings, loaded)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m hooks.check", description="Check the pages and the facts.")
    parser.add_argument("--config", type=Path, default=ROOT / "mkdocs.yml", metavar="FILE")
    parser.add_argument("--today", metavar="DATE", help="also report dates after this one (YYYY-MM-DD)")
    options = parser.parse_args()
    if options.today and not is_date(options.today):
        parser.error(f'"{options.today}" is not a day written as YYYY-MM-DD')
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as site:  # its own: two may check at once
        found = everything(ROOT, options.config, Path(site), options.today)
    if found.catalog:
        print(summary(found.catalog))
    for line in found.problems:
        print(line)
    for line in found.warnings:
        print(f"{line} (a warning)")
    if not found.problems:
        print("The pages build without a problem.")
    return 1 if found.problems else 0


if __name__ == "__main__":
    sys.exit(main())
