"""What GitHub does for the project: forms, workflows and the address under which readers report a wrong value."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

from hooks.catalog_pages.report import filled, template_problem
from tests.site_build import ROOT

FOLDER = ROOT / ".github"
WORKFLOWS = sorted((FOLDER / "workflows").glob("*.yml"))
FORMS = [path for path in sorted((FOLDER / "ISSUE_TEMPLATE").glob("*.yml")) if path.name != "config.yml"]
TARGETS = re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
ids = [path.name for path in WORKFLOWS]


def read(path: Path) -> dict[Any, Any]:
    """A file of GitHub's. Its `on:` is the key True to PyYAML."""
    loaded: dict[Any, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded


def steps(path: Path) -> list[dict[str, Any]]:
    return [step for job in read(path)["jobs"].values() for step in job["steps"]]


def test_there_are_the_workflows_and_forms_that_the_guides_name() -> None:
    assert ids == ["check.yml", "publish.yml", "stale.yml"]
    assert [path.stem for path in FORMS] == [
        "broken-claim",
        "calculator-bug",
        "idea",
        "new-source-or-fact",
        "wrong-value",
    ]
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert all(f"{name}`" in readme for name in ids)


@pytest.mark.parametrize("path", WORKFLOWS, ids=ids)
def test_every_make_target_is_there(path: Path) -> None:
    asked = [target for step in steps(path) for target in re.findall(r"\bmake ([a-z]+)", step.get("run", ""))]
    assert asked and len(TARGETS) >= 15
    assert [target for target in asked if target not in TARGETS] == []
    assert set(TARGETS) >= {"check", "test", "build", "stale", "properdocs"}


@pytest.mark.parametrize("path", WORKFLOWS, ids=ids)
def test_others_programs_are_pinned_and_may_do_little(path: Path) -> None:
    workflow = read(path)
    used = [step["uses"] for step in steps(path) if "uses" in step]
    assert len(used) >= 2
    for line in re.findall(r"uses: (.*)", path.read_text(encoding="utf-8")):
        assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line), line
    assert workflow["permissions"]["contents"] == "read"
    asked = {**workflow["permissions"]}
    for job in workflow["jobs"].values():
        assert job["timeout-minutes"] <= 120
        asked |= job.get("permissions", {})
    may_write = {name for name, level in asked.items() if level == "write"}
    expected: dict[str, set[str]] = {"publish.yml": {"pages", "id-token"}, "stale.yml": {"issues"}}
    assert may_write == expected.get(path.name, set())
    for step in steps(path):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False
        # What a stranger wrote, such as a title or a branch, never becomes a part of a command.
        assert "${{" not in step.get("run", "")


def test_a_pull_request_gets_nothing_that_is_secret() -> None:
    events = read(FOLDER / "workflows/check.yml")[True]
    assert set(events) == {"pull_request", "push"}
    assert "secrets." not in "".join(path.read_text(encoding="utf-8") for path in WORKFLOWS)


def test_the_site_is_built_for_the_address_that_pages_has() -> None:
    [build] = [step for step in steps(FOLDER / "workflows/publish.yml") if step.get("run") == "make build"]
    assert build["env"]["SITE_URL"] == "${{ steps.pages.outputs.base_url }}/"
    [pages] = [step for step in steps(FOLDER / "workflows/publish.yml") if step.get("id") == "pages"]
    assert pages["uses"].startswith("actions/configure-pages@")


def test_readers_report_a_wrong_value_with_the_form() -> None:
    [build] = [step for step in steps(FOLDER / "workflows/publish.yml") if step.get("run") == "make build"]
    template = build["env"]["REPORT_URL"].replace("${{ github.server_url }}", "https://github.com")
    template = template.replace("${{ github.repository }}", "owner/reckoner")
    assert template_problem(template) == ""
    address = urlsplit(filled(template, "Wrong value: A & B", "Page: x\nIt says: 5 %"))
    assert (address.netloc, address.path) == ("github.com", "/owner/reckoner/issues/new")
    query = {name: values[0] for name, values in parse_qs(address.query).items()}
    form = read(FOLDER / "ISSUE_TEMPLATE" / query.pop("template"))
    assert query.pop("title").startswith(form["title"])
    fields = {field["id"]: field["type"] for field in form["body"] if "id" in field}
    assert {name: fields[name] for name in query} == {"report": "textarea"}
    assert query["report"] == "Page: x\nIt says: 5 %"


@pytest.mark.parametrize("path", FORMS, ids=[path.stem for path in FORMS])
def test_forms_ask_what_is_needed(path: Path) -> None:
    form = read(path)
    assert set(form) == {"name", "description", "title", "labels", "body"}
    named = [field["id"] for field in form["body"]]
    assert len(named) == len(set(named)) >= 2
    assert any(field.get("validations", {}).get("required") for field in form["body"])
    for field in form["body"]:
        assert field["type"] in {"input", "textarea", "dropdown", "checkboxes"}
        assert field["attributes"]["label"]
