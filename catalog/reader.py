"""From a folder of files to a Catalog, or to the list of everything that is wrong with them."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from catalog import vocabulary
from catalog.checks import CHECKS, Given, run
from catalog.choice import RULES
from catalog.docs import read_docs
from catalog.errors import CatalogError, Problem, did_you_mean
from catalog.loader import Document, load_file
from catalog.model import (
    Catalog,
    Choice,
    Citation,
    Claim,
    Former,
    Measurement,
    MeasurementTable,
    Place,
    Source,
    Subject,
    Value,
)
from catalog.schema import shape_problems

ROOT = Path(__file__).parent
_NOT_KINDS = {"schema", "checks", "vocabulary", "__pycache__"}
"""Folders of ROOT that hold code, not data."""
_SCHEMAS = {"sources": "source", "benchmarks": "benchmark"}
"""The shape of the files in a folder that is no kind of subjects; all others hold facts."""


def load(root: Path | str | None = None, *, docs: Path | str | None = None, today: str | None = None) -> Catalog:
    """Read and check the catalog; raises CatalogError with all problems, sorted.

    Arguments:
        root: Its folder; by default the one beside this code.
        docs: The folder of the pages. With it, uncited sources and pages that cite unknown ones are found.
        today: YYYY-MM-DD. With it, dates that lie after it are found. A build leaves it out: it has no clock.
    """
    root = ROOT if root is None else Path(root)
    if not root.is_dir():
        raise CatalogError([Problem(str(root), 0, "", "no such folder; expected the folder of the catalog")])
    files, problems = _find_files(root)
    documents: dict[str, Document] = {}
    broken: set[str] = set()
    for identifier, path in files.items():
        try:
            document = load_file(path, (Path(root.resolve().name) / path.relative_to(root)).as_posix())
        except CatalogError as error:
            problems += error.problems
            broken.add(identifier)
            continue
        wrong = shape_problems(document, _SCHEMAS.get(identifier.split("/")[0], "fact"))
        if wrong:
            problems += wrong
            broken.add(identifier)
        else:
            documents[identifier] = document
    catalog = _build(documents)
    citations, page_problems = read_docs(Path(docs)) if docs is not None else (None, [])
    broken |= {problem.file for problem in page_problems}  # what such a page cites may not be known
    given = Given(catalog, frozenset(broken), citations, today, len(files))
    problems += page_problems
    problems += run(CHECKS, given)
    if problems:
        raise CatalogError(problems)
    return catalog


def _find_files(root: Path) -> tuple[dict[str, Path], list[Problem]]:
    """The data files by id (`kind/slug`, `sources/id`), and those that stand where no file belongs."""
    folders = {*_SCHEMAS, *vocabulary.kinds()}
    files: dict[str, Path] = {}
    problems: list[Problem] = []
    for path in sorted(p for p in root.rglob("*") if p.suffix.lower() in (".yml", ".yaml")):
        place = path.relative_to(root)
        if place.parts[0] in _NOT_KINDS:
            continue
        name = (Path(root.resolve().name) / place).as_posix()
        folder = place.parts[0]
        if len(place.parts) != 2:
            message = "not in its place; expected <kind>/<slug>.yml, sources/<id>.yml or benchmarks/<slug>.yml"
            problems.append(Problem(name, 0, "", message))
        elif folder not in folders:
            message = f'unknown kind "{folder}"; expected one of catalog/vocabulary/kinds.yml, sources or benchmarks'
            problems.append(Problem(name, 0, "", message + did_you_mean(folder, folders)))
        elif path.suffix != ".yml":
            problems.append(Problem(name, 0, "", f'ends in "{path.suffix}"; expected ".yml"; rename it'))
        else:
            files[place.with_suffix("").as_posix()] = path
    return files, problems


def _build(documents: dict[str, Document]) -> Catalog:
    """Documents of the right shape as objects, under the id that their path gives them."""
    sources: dict[str, Source] = {}
    subjects: dict[str, Subject] = {}
    benchmarks: dict[str, MeasurementTable] = {}
    for identifier, document in documents.items():
        if identifier.startswith("sources/"):
            sources[identifier.removeprefix("sources/")] = _source(document)
    for identifier, document in documents.items():
        folder, slug = identifier.split("/")
        if folder == "benchmarks":
            benchmarks[slug] = _measurement_table(slug, document)
        elif folder != "sources":
            subjects[identifier] = _subject(identifier, document, sources)
    return Catalog(subjects, sources, benchmarks)


def _source(document: Document) -> Source:
    get: Callable[..., Any] = document.data.get
    return Source(
        id=get("id"),
        title=get("title"),
        producer=get("producer"),
        url=get("url"),
        published=get("published"),
        published_note=get("published_note", ""),
        accessed=get("accessed"),
        licence=get("licence"),
        kind=get("kind"),
        read_via=get("read_via"),
        cited_through=get("cited_through"),
        note=get("note", ""),
        place=Place(document),
    )


def _subject(identifier: str, document: Document, sources: dict[str, Source]) -> Subject:
    kind, slug = identifier.split("/")
    values = {}
    for name, data in document.data["values"].items():
        place = Place(document, ("values", name))
        choice, series = None, _claims(data, place, "series")
        if "claims" in data:
            claims = _claims(data, place, "claims")
            choice = Choice(data["chosen"]["rule"], data["chosen"]["because"])
        else:
            claims = series[-1:] or [_claim(data, place)]
        values[name] = Value(
            ref=f"{identifier}/{name}",
            name=name,
            label=data["label"],
            unit=data["unit"],
            claims=tuple(claims),
            chosen=_chosen(claims, choice, sources),
            choice=choice,
            note=data.get("note", "") if choice or series else "",
            review_after_days=data.get("review_after_days"),
            place=place,
            series=tuple(series),
            earlier=tuple(
                Former(claim, item["replaced"], item["because"])
                for claim, item in zip(_claims(data, place, "earlier"), data.get("earlier", ()), strict=True)
            ),
        )
    return Subject(
        id=document.data["id"],
        kind=kind,
        slug=slug,
        label=document.data["label"],
        summary=document.data["summary"],
        values=values,
        place=Place(document),
    )


def _measurement_table(slug: str, document: Document) -> MeasurementTable:
    data = document.data
    rows = [
        Measurement(
            hardware=data["hardware"],
            model=row["model"],
            quantization=row["quantization"],
            weights_gb=row.get("weights_gb"),
            context_tokens=row.get("context_tokens"),
            new_tokens=row.get("new_tokens", row.get("context_tokens")),
            batch=row.get("batch"),
            phase=row["phase"],
            tps=row["tps"],
            devices=row.get("devices", 1),
            parallelism=row.get("parallelism"),
            interconnect=row.get("interconnect", ""),
            engine=row.get("engine", data["engine"]),
            engine_version=row.get("engine_version", data["engine_version"]),
            excluded=row.get("excluded", ""),
            note=row.get("note", ""),
            place=Place(document, ("rows", index)),
        )
        for index, row in enumerate(data["rows"])
    ]
    return MeasurementTable(
        id=data["id"],
        slug=slug,
        label=data["label"],
        summary=data["summary"],
        hardware=data["hardware"],
        as_of=data["as_of"],
        method=data["method"],
        citation=Citation(data["source"], data["locator"]),
        engine=data["engine"],
        engine_version=data["engine_version"],
        note=data.get("note", ""),
        rows=tuple(rows),
        place=Place(document),
    )


def _claims(data: dict[str, Any], place: Place, field: str) -> list[Claim]:
    """The claims in a list, which may be missing."""
    return [_claim(item, Place(place.document, (*place.path, field, i))) for i, item in enumerate(data.get(field, ()))]


def _claim(data: dict[str, Any], place: Place) -> Claim:
    return Claim(
        value=data["value"],
        as_of=data["as_of"],
        method=data["method"],
        sources=tuple(Citation(c["source"], c["locator"], c.get("quote", "")) for c in data.get("sources", ())),
        note=data.get("note", ""),
        derived_from=tuple(data.get("derived_from", ())),
        formula=data.get("formula", ""),
        place=place,
    )


def _chosen(claims: Sequence[Claim], choice: Choice | None, sources: dict[str, Source]) -> Claim:
    """The claim that counts. Where the rule does not decide, any: a check reports it and load() fails."""
    accepted = RULES[choice.rule].accept(claims, sources) if choice else claims
    return accepted[0] if accepted else claims[0]
