"""python -m tests.properdocs: builds the site with ProperDocs instead of MkDocs, and looks for output that is known.

ProperDocs carries MkDocs 1.x on and runs its hooks, plugins and themes: it is the way out that asks least of us
(docs/authors/road-ahead.md). `make properdocs` installs it beside the other packages; nothing of ours depends on it, so
neither `make test` nor a publication waits for this.

Exit status: 0; 1 when something is missing, a line each.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from html import escape
from pathlib import Path

from catalog.prose import fences
from hooks.answers import Answers

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".cache" / "properdocs" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
FEWEST_CLAIMS = 50
_ID = re.compile(r"(?m)^ *id: *(\S+)")


def build(site: Path) -> None:
    """The site, by ProperDocs.

    Raises:
        subprocess.CalledProcessError: with what it said.
    """
    subprocess.run(
        [str(PYTHON), "-m", "properdocs", "build", "--strict", "-f", "mkdocs.yml", "--site-dir", str(site)],
        cwd=ROOT,
        env={**os.environ, "SITE_URL": "https://example.org/reckoner/"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=True,
    )


def missing(site: Path) -> Iterator[str]:
    """What the site should have and has not."""
    pages = [path.relative_to(ROOT / "docs").with_suffix("") for path in (ROOT / "docs").rglob("*.md")]
    for page in sorted(pages):
        folder = page.parent if page.name == "index" else page
        if not (site / folder / "index.html").is_file():
            yield f"the page of docs/{page.as_posix()}.md"
    if "ProperDocs" not in _text(site / "index.html").partition('name="generator"')[2][:100]:
        yield "the word ProperDocs in index.html where a page names its generator: who built this?"
    answers = Answers(ROOT)
    for slug in answers.slugs():
        report = answers.report(slug, {})
        html = _text(site / "calculators" / slug / "index.html")
        for name in (answer["text"] for answer in report["metrics"].values()):
            if escape(name) not in html and name not in html:
                yield f"{name} in calculators/{slug}/, the answer to its defaults"
        data = json.loads(_text(site / "api" / "v1" / "calculators" / f"{slug}.json") or "{}")
        if data.get("result", {}).get("report", {}).get("headline") != report["headline"]:
            yield f"{report['headline']!r} in api/v1/calculators/{slug}.json"
    device = json.loads(_text(site / "api" / "v1" / "hardware" / "dgx-spark.json") or "{}")
    if device.get("result", {}).get("id") != "hardware/dgx-spark":
        yield "api/v1/hardware/dgx-spark.json"
    blocks = (block for path in sorted((ROOT / "docs").rglob("*.md")) for _, block in fences(_text(path), "claim"))
    claims = [found[1] for block in blocks if (found := _ID.search(block))]
    if len(claims) < FEWEST_CLAIMS:
        yield f"claims: this check found {len(claims)} in docs, fewer than {FEWEST_CLAIMS}"
    listed = _text(site / "claims" / "index.html")
    yield from (f"the claim {id} in claims/" for id in claims if f'id="{id}"' not in listed)
    if len(json.loads(_text(site / "search" / "search_index.json") or "{}").get("docs", [])) < len(pages):
        yield "an entry for every page in search/search_index.json"
    yield from (
        f"{name}" for name in ("embed.js", "feed.xml", "llms.txt", "sitemap.xml") if not (site / name).is_file()
    )


def _text(path: Path) -> str:
    """The file's text, "" where there is none."""
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        try:
            build(Path(folder))
        except subprocess.CalledProcessError as error:
            print(f"ProperDocs does not build the site:\n{error.stdout}")
            return 1
        found = list(missing(Path(folder)))
    for one in found:
        print(f"missing in the site that ProperDocs built: {one}")
    if not found:
        print("ProperDocs builds the site: every page, the calculators' answers, the API, the claims and the search.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
