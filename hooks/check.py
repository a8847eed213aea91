"""python -m hooks.check: everything that an author can get wrong, in facts and pages, in seconds.

The pages are built as for the site, with the same hooks and as strictly, but undressed: into a folder that nobody
looks at, by a theme that is nothing but the page's content. Whatever passes here builds.

Exit status: 0, also with warnings; 1 when something needs mending (a line each).
"""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort, MkDocsException

from catalog import Catalog, CatalogError, Problem, blanks, load
from catalog.export import summary
from catalog.loader import is_date
from hooks.build import CHECK, LOADED, state_of

ROOT = Path(__file__).parents[1]


class _Said(logging.Handler):
    """Keeps what MkDocs and the hooks complain about."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines += [line for line in record.getMessage().splitlines() if line.strip()]


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
    warnings = state_of(config).warnings if config and "reckoner_build" in config.extra else []
    return said.lines, warnings


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m hooks.check", description="Check the pages and the facts.")
    parser.add_argument("--config", type=Path, default=ROOT / "mkdocs.yml", metavar="FILE")
    parser.add_argument("--today", metavar="DATE", help="also report dates after this one (YYYY-MM-DD)")
    options = parser.parse_args()
    if options.today and not is_date(options.today):
        parser.error(f'"{options.today}" is not a day written as YYYY-MM-DD')
    wrong: list[Problem] = list(blanks.in_code(ROOT))
    loaded = None
    try:
        loaded = load(docs=ROOT / "docs", today=options.today)
        print(summary(loaded))
    except CatalogError as error:
        wrong += error.problems
    problems = [str(one) for one in sorted(wrong)]
    warnings: list[str] = []
    if loaded:  # pages cannot be looked at without facts
        in_pages, warnings = check(options.config, ROOT / ".cache" / "check", loaded)
        problems += in_pages
    for line in problems:
        print(line)
    for line in warnings:
        print(f"{line} (a warning)")
    if not problems:
        print("The pages build without a problem.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
