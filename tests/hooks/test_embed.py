"""The pages of embeds, the script for other people's pages, and what both have to agree on."""

from __future__ import annotations

import html
import re
import subprocess
from pathlib import Path

import pytest

from calculators import registry
from hooks.embed import BASE, ENTRY, POLICY, clashes, imported, setting_names
from hooks.node import node_binary
from tests.calculators.helpers import evaluate
from tests.hooks.conftest import ROOT, Build

SCRIPTS = ROOT / "docs/assets/javascripts"


def test_every_calculator_has_a_page_that_is_its_own(build_site: Build) -> None:
    site = build_site()
    assert len(registry.SLUGS) >= 4
    for slug in registry.SLUGS:
        page = (site / "embed" / slug / "index.html").read_text(encoding="utf-8")
        headline = html.escape(evaluate(slug, tables=None)["headline"], quote=False)
        assert f"data-headline>{headline}<" in page
        assert f'content="{html.escape(POLICY, quote=False)}"' in html.unescape(page).replace("&#39;", "'")
        # Nothing that the policy forbids, and nothing of Material.
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", page)
        assert [src for src, text in re.findall(r"<script[^>]*src=\"([^\"]+)\"[^>]*>([^<]*)<", page) if not text] == (
            re.findall(r"<script[^>]*src=\"([^\"]+)\"", page)
        )
        assert "material" not in page.split("</head>")[0]
        addresses = re.findall(r'(?:src|href)="([^"#]+)', page)
        local = [address for address in addresses if not address.startswith(("http", "data:"))]
        assert len(local) >= 20
        assert all(address.startswith(BASE) for address in local)
        files = [address for address in local if "assets/" in address]
        assert len(files) >= 20
        assert [address for address in files if not (site / "embed" / slug / address).resolve().exists()] == []
    assert (site / "embed.js").read_bytes() == (SCRIPTS / "embed.js").read_bytes()


def test_who_gets_the_address_of_a_frame_is_led_to_the_calculator(build_site: Build) -> None:
    site = build_site()
    root = "http://127.0.0.1:8000/"
    for slug in registry.SLUGS:
        page = (site / "embed" / slug / "index.html").read_text(encoding="utf-8")
        head = page.split("</head>")[0]
        assert re.findall(r'property="og:url" content="([^"]+)"', head) == [f"{root}calculators/{slug}/"]
        assert re.findall(r'rel="canonical" href="([^"]+)"', head) == [f"{root}calculators/{slug}/"]
        [image] = re.findall(r'property="og:image" content="([^"]+)"', head)
        assert (site / image.removeprefix(root)).is_file()
        [answer] = re.findall(r'type="application/json\+oembed"[^>]* href="([^"]+)"', head)
        assert (site / answer.removeprefix(root)).is_file() and answer.endswith(f"/{slug}.json")
        assert '<meta name="robots" content="noindex">' in head
        # Behind the key figures, where nothing has to move when they are filled.
        order = [page.index(text) for text in ('class="rk-key"', "data-embed-cta", "data-embed-share", "rk-disclaimer")]
        assert order == sorted(order)
    assert "/embed/" not in (site / "sitemap.xml").read_text(encoding="utf-8")


def test_all_modules_are_asked_for_at_once() -> None:
    found = imported(ENTRY, SCRIPTS)
    assert {"rk-calculator.js", "embed-protocol.js", "embed-colour.js", "scenario.js", "protocol.js"} <= set(found)
    assert ENTRY not in found and len(found) == len(set(found)) >= 15
    assert "rk-calculator-define.js" not in found  # it would begin before the embed has read its address


def test_the_two_sides_agree() -> None:
    protocol = (SCRIPTS / "embed-protocol.js").read_text("utf-8")
    script = (SCRIPTS / "embed.js").read_text("utf-8")
    pattern = re.search(r"CAMPAIGN = (/.*/);", protocol)
    assert pattern and f"CAMPAIGN = {pattern[1]};" in script
    version = re.search(r"PROTOCOL = (\d+);", protocol)
    assert version and script.count(f"reckoner: {version[1]},") == 1 and f"reckoner !== {version[1]}" in script
    names = setting_names(protocol)
    assert names == {"accent", "theme", "cta_url", "cta_label", "share", "as_of", "v"}
    for name in names - {"v"}:
        assert re.search(rf"\b{name}\b", script), name


def test_an_input_with_the_name_of_a_setting_is_refused() -> None:
    assert clashes({"a-b": ["years", "theme"], "c": ["x"]}, {"theme", "v"}) == [
        'calculators/a_b.py: "theme" is a parameter of every embed; give the input another name'
    ]


# ---- colours and addresses, as Node runs them


def node(code: str) -> str:
    """What a module prints."""
    done = subprocess.run(
        [node_binary(), "--input-type=module", "-e", code],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_every_accent_can_be_read() -> None:
    address = (SCRIPTS / "embed-colour.js").as_uri()
    printed = node(f"""
        import {{ BACKGROUNDS, contrast, readable, textOn }} from "{address}";
        let count = 0, least = 21, kept = 0;
        const steps = [0, 51, 102, 153, 204, 255];
        for (const r of steps) for (const g of steps) for (const b of steps) {{
          const colour = "#" + [r, g, b].map((x) => x.toString(16).padStart(2, "0")).join("");
          for (const scheme of ["light", "dark"]) {{
            const shown = readable(colour, scheme);
            for (const background of BACKGROUNDS[scheme]) least = Math.min(least, contrast(shown, background));
            least = Math.min(least, contrast(textOn(shown), shown));
            kept += shown === colour;
            count += 1;
          }}
        }}
        const [most, grey] = ["#000000", "#777777"].map((colour) => contrast(colour, "#ffffff").toFixed(2));
        console.log(count, least >= 4.5, kept > 100, most, grey);
    """)
    assert printed == "432 true true 21.00 4.48"


def test_backgrounds_are_those_of_the_styles() -> None:
    colours = (SCRIPTS / "embed-colour.js").read_text("utf-8")
    styles = "".join(
        (ROOT / f"docs/assets/stylesheets/{name}.css").read_text("utf-8") for name in ("embed", "reckoner")
    )
    tints = re.findall(r"--(?:rk-tint|md-default-bg-color): (#[0-9a-f]+);", styles)
    whole = {tint if len(tint) == 7 else "#" + "".join(2 * digit for digit in tint[1:]) for tint in tints}
    assert len(whole) == 4
    assert whole == set(re.findall(r"#[0-9a-f]{6}", colours.split("BACKGROUNDS =")[1].split(";")[0]))


@pytest.mark.parametrize(
    "settings",
    [
        "{}",
        '{accent: "#0b7a75", theme: "dark", share: true, as_of: "2026-11-21"}',
        '{cta_url: "https://a.example/b?c=d&e=f#g", cta_label: "1 < 2 & \\"3\\" é"}',
        '{inputs: [["years", "4"], ["v", "0123abcd"], ["pue", ""]], campaign: [["utm_source", "x y+z"]]}',
    ],
)
def test_what_is_written_into_an_address_is_read_out_of_it(settings: str) -> None:
    address = (SCRIPTS / "embed-protocol.js").as_uri()
    printed = node(f"""
        import {{ parse, query }} from "{address}";
        const settings = {settings};
        const read = parse(query(settings), ["years", "pue"]);
        const sorted = (o) => JSON.stringify(Object.entries(o).sort());
        console.log(sorted(read.settings) === sorted(settings), read.problems.length);
    """)
    assert printed == "true 0"


def test_the_script_has_no_dependency() -> None:
    text = Path(SCRIPTS / "embed.js").read_text("utf-8")
    assert not re.search(r"^\s*(import|export)\b|\beval\b|innerHTML|document\.write|Function\(", text, re.MULTILINE)
