"""Builds of `mkdocs serve` keep results of earlier ones, and make the same site as a build from scratch."""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path
from typing import Literal

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig

from hooks.kept import Kept, digest, kept, stamp_of
from tests.hooks.conftest import ENTRY, PAGES, ROOT

THEME = ROOT / "hooks" / "theme"


@pytest.fixture
def served(tmp_path: Path) -> Kept:
    """A store as `mkdocs serve` has one, for the folder `tmp_path`."""
    store = Kept()
    store.is_serving = True
    (tmp_path / "catalog").mkdir()
    (tmp_path / "docs").mkdir()
    (tmp_path / "catalog" / "fact.yml").write_text("one")
    (tmp_path / "docs" / "page.md").write_text("one")
    return store


def _asked(store: Kept, root: Path) -> list[str]:
    """Which of two results are made anew in a build."""
    made: list[str] = []

    def make(name: str) -> str:
        made.append(name)
        return name

    store.begin(root)
    for name in ("a", "a", "b", "b"):
        assert store.of("part", name, partial(make, name)) == name
    store.end()
    return made


def test_what_was_made_is_kept_until_a_fact_changes(served, tmp_path):
    assert _asked(served, tmp_path) == ["a", "b"]
    assert _asked(served, tmp_path) == []
    (tmp_path / "docs" / "page.md").write_text("pages have keys of their own")
    assert _asked(served, tmp_path) == []
    (tmp_path / "catalog" / "fact.yml").write_text("another")
    assert _asked(served, tmp_path) == ["a", "b"]
    (tmp_path / "catalog" / "new.yml").write_text("a new file")
    assert _asked(served, tmp_path) == ["a", "b"]


def test_what_a_build_does_not_use_is_forgotten(served, tmp_path):
    assert _asked(served, tmp_path) == ["a", "b"]
    served.begin(tmp_path)
    assert served.of("part", "b", lambda: "not made") == "b"
    served.end()
    assert _asked(served, tmp_path) == ["a"]


def test_a_build_that_failed_forgets_nothing(served, tmp_path):
    assert _asked(served, tmp_path) == ["a", "b"]
    served.begin(tmp_path)
    assert _asked(served, tmp_path) == []


def test_a_spoilt_result_is_made_again(served, tmp_path):
    served.begin(tmp_path)
    assert served.unless("part", "", lambda: "first", lambda: True) == "first"
    assert served.unless("part", "", lambda: "second", lambda: False) == "second"
    assert served.unless("part", "", lambda: "third", lambda: False) == "second"


def test_nothing_is_kept_by_other_commands(tmp_path):
    store = Kept()
    assert _asked(store, tmp_path) == ["a", "a", "b", "b"]


def test_a_result_whose_key_holds_everything_outlives_the_facts_and_not_the_hooks(served, tmp_path):
    def asked() -> list[str]:
        made: list[str] = []
        served.begin(tmp_path)
        for part in ("markdown", "facts"):
            served.of(part, "key", partial(made.append, part))
        served.end()
        return made

    assert asked() == ["markdown", "facts"]
    (tmp_path / "catalog" / "fact.yml").write_text("another")
    assert asked() == ["facts"]
    (tmp_path / "mkdocs.yml").write_text("site_name: Another")
    assert asked() == ["markdown", "facts"]


def test_a_stamp_knows_every_file_but_the_pages(tmp_path):
    (tmp_path / "docs").mkdir()
    first = stamp_of(tmp_path, ("docs", "mkdocs.yml"))
    (tmp_path / "docs" / "page.md").write_text("one")
    assert stamp_of(tmp_path, ("docs", "mkdocs.yml")) == first
    (tmp_path / "docs" / "style.css").write_text("one")
    assert stamp_of(tmp_path, ("docs", "mkdocs.yml")) != first


def test_a_key_is_made_of_plain_data():
    assert digest("ab", "c") != digest("a", "bc")
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})
    with pytest.raises(TypeError):
        digest(object())


def test_the_themes_templates_use_none_of_the_hooks_objects():
    """They are no part of the key under which a page is kept."""
    templates = list(THEME.rglob("*.html"))
    assert templates
    assert [path.name for path in templates if "reckoner_" in path.read_text("utf-8")] == []


def _tree(root: Path, pages: dict[str, str]) -> None:
    root.mkdir(exist_ok=True)
    if not (root / "docs").exists():
        for folder in ("calculators", "catalog", "hooks", ".cache", "node_modules"):
            (root / folder).symlink_to(ROOT / folder, target_is_directory=True)
        for name in ("mkdocs.yml", "package-lock.json", "package.json"):
            (root / name).symlink_to(ROOT / name)
        (root / "docs").mkdir()
        (root / "docs" / "assets").symlink_to(ROOT / "docs" / "assets", target_is_directory=True)
    for name, text in pages.items():
        path = root / "docs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _own_copies(root: Path) -> None:
    """Facts and calculators that a test may edit."""
    for folder in ("calculators", "catalog"):
        (root / folder).unlink()
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))


def _config(root: Path, site: Path, command: Literal["build", "serve"]) -> MkDocsConfig:
    config = load_config(str(root / "mkdocs.yml"), site_dir=str(site), strict=True)
    config.plugins.on_startup(command=command, dirty=False)
    return config


def _files(site: Path) -> dict[str, bytes]:
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}


def test_after_an_edit_the_served_site_is_that_of_a_build_from_scratch(tmp_path):
    """The edit reaches other pages: a title in the navigation and on lists, a fact that is no longer named."""
    root, site = tmp_path / "root", tmp_path / "site"
    edited = ENTRY.replace("A subject", "Another title").replace("One sentence", "A new sentence")
    edited = edited.replace("[finance/us-federal-income-tax/standard_deduction_joint_usd]", "[]")
    edited = edited.replace("## Sources\n", "[home](../../index.md#first)\n\n## Sources\n")
    _tree(root, {**PAGES, "index.md": "# Home\n\n## First\n"})
    config = _config(root, site, "serve")
    try:
        build(config, serve_url="http://127.0.0.1:8000/")
        first = _files(site)
        _tree(root, {"research/hardware/subject.md": edited})
        config = _config(root, site, "serve")
        build(config, serve_url="http://127.0.0.1:8000/")
        second = _files(site)
    finally:
        config.plugins.on_shutdown()
    assert not kept.is_serving
    config = _config(root, tmp_path / "scratch", "serve")
    config.plugins.on_shutdown()  # nothing is kept
    build(config, serve_url="http://127.0.0.1:8000/")
    scratch = _files(tmp_path / "scratch")
    assert len(scratch) > 400 and set(second) == set(scratch)
    assert [name for name in scratch if second[name] != scratch[name]] == []
    page = "research/hardware/subject/index.html"
    assert b"A new sentence" in second[page] and b"A new sentence" not in first[page]
    assert sum(first.get(name) != second[name] for name in second) > 100  # the navigation, on every page


def test_after_an_edited_fact_and_calculator_nothing_stale_is_served(tmp_path):
    """Pages that neither touches are kept; whatever shows one of them is not."""
    root, site = tmp_path / "root", tmp_path / "site"
    _tree(root, {**PAGES, "calculators/colo-power.md": "# Two\n\n```calculator\ncolo-power\n```\n"})
    _own_copies(root)
    config = _config(root, site, "serve")
    try:
        build(config, serve_url="http://127.0.0.1:8000/")
        first = _files(site)
        for name, old, new in (
            ("catalog/colo/chicago.yml", "label: Rent, typical", "label: Rent, in the middle"),
            ("calculators/colo_power.py", "large orders pay less", "large orders pay little"),
        ):
            text = (root / name).read_text(encoding="utf-8")
            assert old in text
            (root / name).write_text(text.replace(old, new), encoding="utf-8")
        config = _config(root, site, "serve")
        build(config, serve_url="http://127.0.0.1:8000/")
        second = _files(site)
    finally:
        config.plugins.on_shutdown()
    config = _config(root, tmp_path / "scratch", "serve")
    config.plugins.on_shutdown()  # nothing is kept
    build(config, serve_url="http://127.0.0.1:8000/")
    scratch = _files(tmp_path / "scratch")
    assert len(scratch) > 400 and set(second) == set(scratch)
    assert [name for name in scratch if second[name] != scratch[name]] == []
    assert b"Rent, in the middle" in second["catalog/colo/chicago/index.html"]
    assert b"large orders pay little" in second["calculators/colo-power/index.html"]
    assert second["catalog/colo/dallas-fort-worth/index.html"] == first["catalog/colo/dallas-fort-worth/index.html"]
