"""python -m catalog check | new | stale | export: what an author runs, and what other programs call.

Exit status: 0; 1 when the catalog has problems (one a line); 2 when the command line is wrong.
"""

import argparse
import json
import os
import sys
from pathlib import Path

from catalog import blanks, stale
from catalog.errors import CatalogError, Problem, UnknownReferenceError
from catalog.export import facts_bundle, summary
from catalog.loader import is_date
from catalog.new import ADDITIONS, NewError, Place, answered, write
from catalog.reader import ROOT, load


def _date(text: str) -> str:
    if not is_date(text):
        raise argparse.ArgumentTypeError(f'"{text}" is not a day written as YYYY-MM-DD')
    return text


def _days(text: str) -> int:
    if not text.isdigit():
        raise argparse.ArgumentTypeError(f'"{text}" is not a number of days')
    return int(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m catalog",
        description="Check the catalog, add to it, see what is due for review, take facts out.",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="print every problem, one a line")
    check.add_argument("--today", type=_date, metavar="DATE", help="also report dates after this one (YYYY-MM-DD)")
    due = commands.add_parser("stale", help="print what is due for review, the longest overdue first")
    due.add_argument("--today", type=_date, metavar="DATE", required=True, help="the day to look from (YYYY-MM-DD)")
    due.add_argument("--due-within", type=_days, metavar="DAYS", default=0, help="also what is due so many days later")
    due.add_argument("--format", choices=["text", "json"], default="text")
    new = commands.add_parser("new", help="write a file to fill in; asks what it needs to know")
    additions = new.add_subparsers(dest="what", metavar="WHAT")
    for addition in ADDITIONS:
        adds = additions.add_parser(addition.name, help=addition.about, description=f"Add {addition.about}.")
        for question in addition.questions:
            adds.add_argument(
                f"--{question.name}", help=f"{question.asks}, as in {question.example}".replace("%", "%%")
            )
        adds.add_argument("--root", metavar="DIR", default=str(ROOT), help="the folder of the catalog")
    export = commands.add_parser("export", help="print facts as JSON")
    export.add_argument("what", choices=["facts"])
    export.add_argument("refs", nargs="+", metavar="REF", help="kind/slug/name")
    for command in (check, due):
        command.add_argument("--docs", metavar="DIR", help="the folder of the pages (default: docs beside the catalog)")
    for command in (check, due, export):
        command.add_argument("--root", metavar="DIR", default=str(ROOT), help="the folder of the catalog")
    return parser


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    commands = {"check": _check, "stale": _stale, "new": _new, "export": _export}
    try:
        return commands[options.command](options)
    except CatalogError as error:
        print(error, file=sys.stdout if options.command == "check" else sys.stderr)
        return 1
    except (UnknownReferenceError, NewError) as error:
        print(error, file=sys.stderr)
        return 2


def _docs(options: argparse.Namespace) -> Path | None:
    """The folder of the pages: the one named, or the one beside the catalog."""
    if options.docs:
        return Path(options.docs)
    beside = Path(options.root).resolve().parent / "docs"
    return beside if beside.is_dir() else None


def _check(options: argparse.Namespace) -> int:
    problems: list[Problem] = list(blanks.in_code(Path(options.root).resolve().parent))
    try:
        catalog = load(options.root, docs=_docs(options), today=options.today)
    except CatalogError as error:
        problems += error.problems
    if problems:
        raise CatalogError(problems)
    print(summary(catalog))
    return 0


def _stale(options: argparse.Namespace) -> int:
    docs = _docs(options)
    catalog = load(options.root, docs=docs)
    items = stale.due(catalog, docs, options.today, options.due_within)
    if options.format == "json":
        print(json.dumps(stale.as_json(items, catalog, options.today), ensure_ascii=False, indent=2))
    else:
        print(stale.as_text(items, catalog, options.today))
    return 0


def _new(options: argparse.Namespace) -> int:
    asks = sys.stdin.isatty()
    try:
        what = options.what or (_ask_what() if asks else "")
        addition = next((addition for addition in ADDITIONS if addition.name == what), None)
        if addition is None:
            names = ", ".join(addition.name for addition in ADDITIONS)
            raise NewError(f"say what to add: python -m catalog new WHAT, where WHAT is one of {names}")
        place = Place(Path(getattr(options, "root", ROOT)))
        given = {q.name: value for q in addition.questions if (value := getattr(options, q.name, None)) is not None}
        answers = answered(addition, given, place, input if asks else None)
    except (EOFError, KeyboardInterrupt):
        raise NewError("nothing was added") from None
    for written in write(addition, answers, place):
        lines = ", ".join(str(line) for line in written.blank_lines)
        print(f"{written.name}: fill in line {lines}" if lines else written.name)
    print("make check says what is missing.")
    return 0


def _ask_what() -> str:
    for addition in ADDITIONS:
        print(f"  {addition.name:<12}{addition.about}")
    return input("What do you want to add? ").strip()


def _export(options: argparse.Namespace) -> int:
    print(json.dumps(facts_bundle(load(options.root), options.refs), ensure_ascii=False, indent=2))
    return 0


if __name__ == "__main__":
    try:
        status = main()
        sys.stdout.flush()
    except BrokenPipeError:  # `... | head` closed the pipe
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 1
    sys.exit(status)
