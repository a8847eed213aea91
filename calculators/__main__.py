"""Command line of the calculators.

    python -m calculators list
    python -m calculators describe SLUG
    python -m calculators run SLUG [name=value ...] [--json FILE|-] [--format text|json|csv] [--table ID]
    python -m calculators compare SLUG [--a name=value ...] [--b name=value ...] [--format text|json]
    python -m calculators batch SLUG < scenarios.jsonl > reports.jsonl
    python -m calculators fit < pairs.jsonl > cells.jsonl

`run` answers one scenario, `compare` sets B beside A; `batch` answers every line of JSON, in order, and one
bad line stops nothing. `fit` counts the memory of a model on a device, in every quantization at once.
Exit status: 0, or 2 for bad input, with the message on standard error.

This is the one place in `calculators` that imports `catalog`: the facts have to come from somewhere.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import sys
from typing import IO, Any, NoReturn

import catalog
from calculators import registry
from calculators.core import Facts
from calculators.core import run as door
from calculators.core.calculator import Calculator
from calculators.core.errors import INVALID_REQUEST, InputError
from calculators.core.suggest import did_you_mean
from catalog.export import facts_bundle

_MOST_CHARACTERS = 1_000_000
_NO_TABLES = "none"


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; returns the exit status."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8")
    options = _parser().parse_args(arguments)
    try:
        if options.command == "list":
            _list()
        elif options.command == "describe":
            calculator = registry.load(options.slug)
            _print_json(door.describe(calculator, _bundle(calculator)), indent=2)
        elif options.command == "run":
            _run(options)
        elif options.command == "compare":
            _compare(options)
        elif options.command == "fit":
            _fit()
        else:
            _batch(options)
    except InputError as error:
        for problem in [error, *error.others]:
            place = f"{problem.field}: " if problem.field else ""
            print(f"calculators: {place}{problem.message}", file=sys.stderr)
        return 2
    except (catalog.CatalogError, OSError) as error:
        if isinstance(error, BrokenPipeError):  # the reader, such as `head`, has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0
        print(f"calculators: {error}", file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="calculators", description="Answers scenarios.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("list", help="the calculators there are")
    describe = commands.add_parser("describe", help="inputs and metrics of a calculator, as JSON")
    describe.add_argument("slug", metavar="SLUG")
    run = commands.add_parser("run", help="answer one scenario")
    run.add_argument("slug", metavar="SLUG")
    run.add_argument("inputs", nargs="*", metavar="name=value", help="inputs that differ from the default")
    run.add_argument("--json", metavar="FILE", help='inputs as a JSON object from FILE, or "-"')
    run.add_argument("--format", choices=("text", "json", "csv"), default="text")
    run.add_argument("--table", metavar="ID", help="with --format csv: this table instead of the metrics")
    compare = commands.add_parser("compare", help="set one scenario beside another")
    compare.add_argument("slug", metavar="SLUG")
    compare.add_argument("--a", nargs="*", default=[], metavar="name=value", help="the scenario to compare with")
    compare.add_argument("--b", nargs="*", default=[], metavar="name=value", help="the scenario to answer")
    compare.add_argument("--format", choices=("text", "json"), default="text")
    commands.add_parser("fit", help='what fits: a line {"hardware": SLUG, "model": SLUG} a pair from standard input')
    batch = commands.add_parser("batch", help="answer a JSON object a line from standard input")
    batch.add_argument("slug", metavar="SLUG")
    batch.add_argument("--tables", metavar="IDS", help=f"tables to fill in, with commas, or {_NO_TABLES}")
    return parser


def _bundle(calculator: Calculator) -> dict[str, Any]:
    return facts_bundle(catalog.load(), calculator.facts)


def _list() -> None:
    for slug in registry.SLUGS:
        print(f"{slug}  {registry.load(slug).question}")


def _run(options: argparse.Namespace) -> None:
    calculator = registry.load(options.slug)
    raw = _read_object(options.json) if options.json else {}
    report = door.run(calculator, {**raw, **_typed(options.inputs)}, _bundle(calculator))
    if options.format == "json":
        _print_json(report, indent=2)
    elif options.format == "csv":
        _print_csv(report, options.table)
    else:
        _print_text(report, calculator.disclaimer)


def _compare(options: argparse.Namespace) -> None:
    calculator = registry.load(options.slug)
    report = door.run(calculator, _typed(options.b), _bundle(calculator), [], against=_typed(options.a))
    if options.format == "json":
        _print_json(report, indent=2)
    else:
        _print_comparison(report, calculator.disclaimer)


def _typed(pairs: list[str]) -> dict[str, Any]:
    """Inputs from arguments of the form name=value."""
    raw: dict[str, Any] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise InputError(INVALID_REQUEST, "", f'"{pair[:40]}" is not of the form name=value.')
        if name in raw:
            raise InputError(INVALID_REQUEST, name, "is given twice.")
        raw[name] = value
    return raw


def _read_object(path: str) -> dict[str, Any]:
    if path == "-":
        text = sys.stdin.read(_MOST_CHARACTERS + 1)
    else:
        with open(path, encoding="utf-8", errors="replace") as file:
            text = file.read(_MOST_CHARACTERS + 1)
    place = "standard input" if path == "-" else path
    try:
        return _parse_object(text)
    except InputError as error:
        raise InputError(error.code, error.field, f"{place}: {error.message}") from None


def _parse_object(text: str) -> dict[str, Any]:
    """A JSON object with each name once, from text of a size that a scenario can have."""
    if len(text) > _MOST_CHARACTERS:
        limit = f"more than {_MOST_CHARACTERS:,} characters"
        raise InputError(INVALID_REQUEST, "", f"{limit}; a scenario is a small JSON object of inputs.")
    try:
        parsed = json.loads(text, object_pairs_hook=_no_duplicates)
    except (ValueError, RecursionError) as error:
        reason = str(error) if isinstance(error, json.JSONDecodeError) else "it cannot be read"
        raise InputError(INVALID_REQUEST, "", f"not JSON ({reason}); give an object of inputs.") from None
    if not isinstance(parsed, dict):
        raise InputError(INVALID_REQUEST, "", 'not a JSON object; give one such as {"rate_pct": 7}.')
    return parsed


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    parsed: dict[str, Any] = {}
    for name, value in pairs:
        if name in parsed:
            raise InputError(INVALID_REQUEST, name[:40], "is given twice.")
        parsed[name] = value
    return parsed


def _batch(options: argparse.Namespace) -> None:
    calculator = registry.load(options.slug)
    bundle = _bundle(calculator)
    tables = None
    if options.tables:
        tables = [] if options.tables == _NO_TABLES else options.tables.split(",")
    for line in sys.stdin:
        try:
            raw = _parse_object(line)
        except InputError as error:
            answered: dict[str, Any] = {"ok": False, "error": error.to_json()}
        else:
            answered = door.answer(calculator, {"inputs": raw, "tables": tables}, bundle)
        _print_json(answered, indent=None)


def _fit() -> None:
    """For each pair, by quantization: GB needed, and the longest context that fits (0: it does not)."""
    from calculators._fit import CALCULATOR, FitMatrix  # here: the other commands do without

    facts = Facts(_bundle(registry.load(CALCULATOR)))
    known = {kind: {slug for slug, _ in facts.subjects(kind)} for kind in ("hardware", "models")}
    matrix = FitMatrix(facts)
    for line in sys.stdin:
        pair = _parse_object(line)
        for field, kind in (("hardware", "hardware"), ("model", "models")):
            if pair.get(field) not in known[kind]:
                hint = did_you_mean(str(pair.get(field)), sorted(known[kind]))
                raise InputError(INVALID_REQUEST, field, f'there is no "{pair.get(field)}" in the catalog; {hint}')
        _print_json({**pair, "cells": matrix.cells(str(pair["hardware"]), str(pair["model"]))}, indent=None)


def _print_json(data: object, indent: int | None) -> None:
    print(json.dumps(data, indent=indent, ensure_ascii=False, allow_nan=False), flush=indent is None)


def _print_csv(report: dict[str, Any], table_id: str | None, out: IO[str] = sys.stdout) -> None:
    writer = csv.writer(out, lineterminator="\n")
    if table_id is None:
        writer.writerow(["id", "label", "value", "unit", "low", "high"])
        for id, m in report["metrics"].items():
            writer.writerow([id, m["label"], m["value"], m["unit"], m["low"], m["high"]])
        return
    tables = {table["id"]: table for table in report["tables"]}
    if table_id not in tables:
        _unknown_table(table_id, list(tables))
    writer.writerow([column["id"] for column in tables[table_id]["columns"]])
    writer.writerows(tables[table_id]["rows"])


def _unknown_table(table_id: str, known: list[str]) -> NoReturn:
    raise InputError(INVALID_REQUEST, "--table", f'There is no table "{table_id}"; there are: {", ".join(known)}.')


def _print_comparison(report: dict[str, Any], disclaimer: str) -> None:
    """Both answers, the inputs that differ, and every figure with its difference."""
    comparison = report["comparison"]
    print(f"A: {comparison['headline_a']}\nB: {report['headline']}\n{disclaimer}")
    rows = [["Input", "A", "B", ""]]
    rows += [[entry["label"], entry["a"], entry["b"], ""] for entry in comparison["inputs"]]
    rows += [["", "", "", ""], ["Figure", "A", "B", "Difference"]]
    for entry in comparison["metrics"]:
        percent = f", {entry['percent']}" if entry["percent"] else ""
        rows.append([entry["label"], entry["a"], entry["b"], entry["difference"] + percent])
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    print()
    for row in rows:
        print("  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip())


def _print_text(report: dict[str, Any], disclaimer: str) -> None:
    """The report for people: answer, what was given, figures, notes, sources."""
    print(report["headline"])
    print(disclaimer)
    for note in report["notes"]:
        print(f"  {note['text']}")
    print("\nInputs")
    width = max(len(entry["label"]) for entry in report["inputs"].values())
    for entry in report["inputs"].values():
        given = "" if entry["origin"] == "user" else f"  ({entry['fact'] or 'assumed'})"
        print(f"  {entry['label']:<{width}}  {entry['text']}{given}")
    print("\nFigures")
    width = max(len(metric["label"]) for metric in report["metrics"].values())
    for metric in report["metrics"].values():
        span = f"  ({metric['range_text']})" if metric["range_text"] else ""
        print(f"  {metric['label']:<{width}}  {metric['text']}{span}")
    print("\nSources")
    for source in report["sources"]:
        print(f"  {source['label']}, {source['as_of']}: {source['producer']}, {source['title']}, {source['locator']}")
        print(f"    {source['url']}")


if __name__ == "__main__":
    sys.exit(main())
