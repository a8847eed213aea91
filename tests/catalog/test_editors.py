"""What editors are told: which schema belongs to which file, and how the check's lines are read."""

from __future__ import annotations

import json
import re
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

import catalog
from catalog import vocabulary
from catalog.errors import Problem
from catalog.loader import load_bytes, load_file
from catalog.prose import front_matter_lines
from catalog.schema import _is_valid, _validator, schema, shape_problems

REPOSITORY = Path(catalog.__file__).parent.parent
SCHEMAS = sorted(path.name.removesuffix(".schema.json") for path in (REPOSITORY / "catalog/schema").glob("*.json"))


def settings(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((REPOSITORY / ".vscode" / name).read_text(encoding="utf-8"))
    return loaded


def patterns() -> list[tuple[str, str]]:
    """Pairs of a schema's name and a pattern of files."""
    found = []
    for file, names in settings("settings.json")["yaml.schemas"].items():
        assert (REPOSITORY / file).is_file(), file
        found += [(Path(file).name.removesuffix(".schema.json"), name) for name in names]
    return found


def test_every_file_of_the_catalog_has_one_schema_and_fits_it() -> None:
    files = sorted((REPOSITORY / "catalog").rglob("*.yml"))
    assert len(files) >= 500
    for path in files:
        name = path.relative_to(REPOSITORY).as_posix()
        fitting = [kind for kind, pattern in patterns() if fnmatchcase(name, pattern)]
        assert len(fitting) == 1, f"{name}: {fitting}; .vscode/settings.json says which schema belongs to it"
        assert shape_problems(load_file(path, name), fitting[0]) == []


def test_every_kind_has_a_pattern() -> None:
    facts = [pattern for name, pattern in patterns() if name == "fact"]
    assert facts == [f"catalog/{kind}/*.yml" for kind in sorted(vocabulary.kinds())]
    assert {name for name, _ in patterns()} == set(SCHEMAS) - {"entry", "post", "claim"}, "those are parts of pages"


def test_front_matter_fits_the_schema_of_entries() -> None:
    pages = sorted((REPOSITORY / "docs/research").rglob("*.md"))
    assert len(pages) >= 6
    for path in pages:
        lines = path.read_text(encoding="utf-8").splitlines()
        front = "\n".join(lines[1 : front_matter_lines(lines) - 1])
        assert shape_problems(load_bytes(front.encode(), path.name, first_line=2), "entry") == []


def examples(rule: Any, path: str = "") -> list[tuple[str, dict[str, Any]]]:
    """Every part of a schema that has examples."""
    found = []
    if isinstance(rule, dict):
        found = [(path, rule)] if isinstance(rule.get("examples"), list) else []
        for key, part in rule.items():
            found += examples(part, f"{path}/{key}") if key != "examples" else []
    return found


@pytest.mark.parametrize("name", SCHEMAS)
def test_examples_fit_in_both_validators(name: str) -> None:
    """What an editor offers is right, and the two validators read the schema alike."""
    whole = schema(name)
    _validator(name).check_schema(whole)
    _is_valid(name)({})
    described = examples(whole)
    assert len(described) >= 2
    for path, rule in described:
        part = {**rule, "$defs": whole.get("$defs", {})}
        for example in rule["examples"]:
            assert _validator(name).evolve(schema=part).is_valid(example), path


@pytest.mark.parametrize(
    "line",
    [
        str(Problem("catalog/hardware/card.yml", 12, "values.a.sources[0].source", "unknown; expected one")),
        str(Problem("docs/research/money/page.md", 7, "", "not filled in yet; expected one")),
        "WARNING -  docs/index.md:21: rate_pct: not a number; give a number",
    ],
)
def test_the_editor_finds_the_place_of_a_problem(line: str) -> None:
    (task,) = settings("tasks.json")["tasks"]
    assert task["command"] == "make check"
    pattern = task["problemMatcher"]["pattern"]
    found = re.match(pattern["regexp"], line)
    assert found, line
    file, number, message = (found.group(pattern[part]) for part in ("file", "line", "message"))
    assert re.search(rf"{re.escape(file)}:{number}\b", line) and file.startswith(("catalog/", "docs/"))
    assert message and line.endswith(message)
