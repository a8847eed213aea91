"""Addresses with the hash of their content."""

from __future__ import annotations

import json
import re
from pathlib import Path

from hooks.browser_files import content_hash, hashed_folders, moved
from tests.calculators.helpers import bundle
from tests.hooks.conftest import Build


def test_hash_depends_on_names_and_content() -> None:
    base = content_hash([("a", b"1"), ("b", b"2")])
    assert re.fullmatch(r"[0-9a-f]{16}", base)
    others = [[("a", b"1")], [("a", b"1"), ("b", b"3")], [("a", b"1"), ("c", b"2")], [("a", b"1b"), ("", b"2")]]
    assert len({base, *(content_hash(other) for other in others)}) == 5


def test_folders_move_as_a_whole(tmp_path: Path) -> None:
    scripts = tmp_path / "assets/javascripts"
    scripts.mkdir(parents=True)
    (scripts / "a.js").write_text("import './b.js'")
    first = hashed_folders(tmp_path)
    assert moved("assets/javascripts/a.js", first) == first["assets/javascripts"] + "/a.js"
    assert moved("assets/images/x.svg", first) == "assets/images/x.svg"
    (scripts / "b.js").write_text("")
    assert hashed_folders(tmp_path)["assets/javascripts"] != first["assets/javascripts"]


def test_site_holds_what_its_pages_name(build_site: Build) -> None:
    site = build_site()
    page = (site / "calculators/mortgage-vs-invest/index.html").read_text()
    script = re.search(r'src="\.\./\.\./(assets/javascripts/[0-9a-f]{16}/rk-calculator-define\.js)"', page)
    style = re.search(r'href="\.\./\.\./(assets/stylesheets/[0-9a-f]{16}/reckoner\.css)"', page)
    assert script
    assert style
    assert (site / script[1]).is_file()
    assert (site / style[1]).is_file()
    named = re.search(r'data-files="([^"]*)"', page)
    assert named
    files = json.loads(named[1].replace("&#34;", '"').replace("&quot;", '"'))
    assert set(files) == {"micropython", "kits", "runtime", "python", "facts", "charts"}
    assert (site / files["micropython"] / "micropython.wasm").is_file()
    assert (site / files["kits"] / "mortgage-vs-invest.json").is_file()
    assert (site / files["runtime"] / "pyodide.mjs").is_file()
    assert (site / files["python"]).is_file()
    facts = json.loads((site / files["facts"] / "mortgage-vs-invest.json").read_text())
    assert facts == bundle("mortgage-vs-invest")
