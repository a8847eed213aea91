"""python -m catalog check | export: what an author runs, and what other programs call.

Exit status: 0; 1 when the catalog has problems (one a line); 2 when the command line is wrong.
"""

import argparse
import json
import os
import sys
from pathlib import Path

from catalog.checks import CHECKS
from catalog.errors import CatalogError, UnknownReferenceError
from catalog.export import facts_bundle
from catalog.loader import is_date
from catalog.reader import ROOT, load


def _date(text: str) -> str:
    if not is_date(text):
        raise argparse.ArgumentTypeError(f'"{text}" is not a day written as YYYY-MM-DD')
    return text


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m catalog", description="Check the catalog, or take facts out of it."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="print every problem, one a line")
    check.add_argument("--today", type=_date, metavar="DATE", help="also report dates after this one (YYYY-MM-DD)")
    check.add_argument("--docs", metavar="DIR", help="the folder of the pages (default: docs beside the catalog)")
    export = commands.add_parser("export", help="print facts as JSON")
    export.add_argument("what", choices=["facts"])
    export.add_argument("refs", nargs="+", metavar="REF", help="kind/slug/name")
    for command in (check, export):
        command.add_argument("--root", metavar="DIR", default=str(ROOT), help="the folder of the catalog")
    return parser


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        if options.command == "check":
            beside = Path(options.root).resolve().parent / "docs"
            docs = options.docs or (beside if beside.is_dir() else None)
            catalog = load(options.root, docs=docs, today=options.today)
            values = len(list(catalog.values()))
            print(
                f"{len(catalog.subjects)} subjects, {values} values, {len(list(catalog.measurements()))} measurements, "
                f"{len(catalog.sources)} sources: "
                f"{len(CHECKS)} checks found no problem"
            )
        else:
            print(json.dumps(facts_bundle(load(options.root), options.refs), ensure_ascii=False, indent=2))
    except CatalogError as error:
        print(error, file=sys.stdout if options.command == "check" else sys.stderr)
        return 1
    except UnknownReferenceError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    try:
        status = main()
        sys.stdout.flush()
    except BrokenPipeError:  # `... | head` closed the pipe
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 1
    sys.exit(status)
