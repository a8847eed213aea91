"""What the service worker is told about the build, and where there is none."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config

from hooks.offline import marked, site, switched_off, worker
from tests.hooks.conftest import PAGES, Build

ADDRESSES = [
    "index.html",
    "calculators/one/index.html",
    "embed/one/index.html",
    "assets/images/favicon.svg",
    "assets/javascripts/bundle.a5f9d56c.min.js",
    "assets/javascripts/bundle.a5f9d56c.min.js.map",
    "assets/javascripts/lunr/min/lunr.ar.min.js",
    "assets/javascripts/0123456789abcdef/offline.js",
    "assets/stylesheets/0123456789abcdef/reckoner.css",
    "assets/facts/0123456789abcdef/one.json",
    "assets/facts/0123456789abcdef/two.json",
    "assets/python/0123456789abcdef/library.zip",
]
PARTS = {"facts": "assets/facts/0123456789abcdef/", "python": "assets/python/0123456789abcdef/library.zip"}


def known(addresses: list[str] = ADDRESSES, page: str = "<p>"):
    pages = [address for address in addresses if address.endswith(".html")]
    return site(addresses, pages, ["search/search_index.json"], PARTS, ["two", "one"], page)


def test_lists_what_can_be_kept() -> None:
    told = known()
    assert told.shell == [
        "assets/javascripts/0123456789abcdef/offline.js",
        "assets/javascripts/bundle.a5f9d56c.min.js",
        "assets/stylesheets/0123456789abcdef/reckoner.css",
    ]
    assert told.parts == {
        "facts": ["assets/facts/0123456789abcdef/one.json", "assets/facts/0123456789abcdef/two.json"],
        "python": ["assets/python/0123456789abcdef/library.zip"],
    }
    assert told.places == ["", "calculators"]
    assert told.calculators == ["one", "two"]


def test_the_build_is_named_after_all_that_it_is_made_of() -> None:
    other_script = [address.replace("a5f9d56c", "a5f9d56d") for address in ADDRESSES]
    names = {known().build, known(other_script).build, known(page="<h1>").build, known([*ADDRESSES, "x/a.html"]).build}
    assert len(names) == 4
    assert known(ADDRESSES[::-1]).build == known().build


def test_the_worker_is_told_before_it_begins() -> None:
    first, _, rest = worker(known(page="</script>\u2028`${x}`")).partition("\n")
    told = json.loads(first.removeprefix("self.SITE = ").removesuffix(";"))
    assert told["build"] == known(page="</script>\u2028`${x}`").build
    assert told["offline_page"] == "</script>\u2028`${x}`"
    assert set(re.findall(r"SITE\.(\w+)", rest)) == set(told), "all that it is told is used, and nothing else"


def test_a_page_says_which_build_it_is_of() -> None:
    html = marked("<head><title>x</title></head><p>&lt;/head> </head>", known())
    assert html.startswith(f'<head><title>x</title><meta name="rk-build" content="{known().build}"></head>')
    assert html.count("rk-build") == 1


def test_a_build_has_the_worker_and_all_that_it_names(build_site: Build) -> None:
    folder = build_site()
    first = (folder / "service-worker.js").read_text().partition("\n")[0]
    told = json.loads(first.removeprefix("self.SITE = ").removesuffix(";"))
    named = [*told["shell"], *(file for files in told["parts"].values() for file in files)]
    assert len(named) >= 15
    assert [name for name in named if not (folder / name).is_file()] == []
    assert {"facts", "runtime", "python"} <= set(told["parts"])
    assert all(told["parts"].values())
    assert told["beside"] == ["assets/images/favicon.svg", "search/search_index.json"]
    assert all((folder / name).is_file() for name in told["beside"])
    # What stands in other people's pages is not kept.
    pages = [page for page in folder.rglob("index.html") if page.relative_to(folder).parts[0] != "embed"]
    assert len(pages) >= len(PAGES)
    for page in pages:
        assert f'<meta name="rk-build" content="{told["build"]}">' in page.read_text()
        assert page.relative_to(folder).as_posix().rpartition("/")[0].partition("/")[0] in told["places"]
    scripts = re.findall(r'src="([^"]*)"', (folder / "index.html").read_text())
    styles = re.findall(r'rel="stylesheet" href="([^"]*)"', (folder / "index.html").read_text())
    assert len(scripts) >= 3 and len(styles) >= 2
    assert set(scripts + styles) <= set(told["shell"]), "every script and style of a page is kept with it"


def test_the_same_sources_make_the_same_worker(build_site: Build) -> None:
    first = (build_site() / "service-worker.js").read_text()
    assert (build_site() / "service-worker.js").read_text() == first


Settings = Callable[[str, dict[str, object]], Path]


@pytest.fixture
def build_with(build_site: Build, tmp_path: Path) -> Settings:
    """Builds for a command of MkDocs, with additional `extra` settings."""
    build_site()

    def run(command: str, extra: dict[str, object]) -> Path:
        config = load_config(str(tmp_path / "root/mkdocs.yml"), site_dir=str(tmp_path / "again"), strict=True)
        config.extra.update(extra)
        config.plugins.on_startup(command=command, dirty=False)  # type: ignore[arg-type]
        build(config)
        return tmp_path / "again"

    return run


@pytest.mark.parametrize(("command", "extra"), [("serve", {}), ("build", {"offline": False})])
def test_where_there_is_to_be_none(command: str, extra: dict[str, object], build_with: Settings) -> None:
    folder = build_with(command, extra)
    assert (folder / "service-worker.js").read_text() == switched_off()
    pages = list(folder.rglob("index.html"))
    assert len(pages) >= len(PAGES)
    assert [page for page in pages if "rk-build" in page.read_text()] == []
    assert "unregister" in switched_off()
