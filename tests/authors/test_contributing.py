"""The worked examples of CONTRIBUTING, followed as they stand, and what the text promises of each."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from catalog.new import ADDITIONS
from tests.authors.copies import Copy, Example, examples, follow, leave_only_cited
from tests.site_build import ROOT, build_site

pytestmark = pytest.mark.xdist_group("contributing")  # one site for all

TODAY = "2026-11-21"
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
EXAMPLES = list(examples(TEXT))
PAGES = (
    "index.md",
    *(f"calculators/{name}.md" for name in ("index", "colo-power", "hardware-fit", "hardware-ranking")),
    "calculators/mortgage-vs-invest.md",
    "redirects.yml",
    "corrections.yml",
)

# What stands in which file of the site once the example under this heading was followed.
PROMISES: dict[str, list[tuple[str, str]]] = {
    "A source": [("sources/", 'id="halden-x1-data-sheet"'), ("sources/", 'id="card-prices-2026-11"')],
    "A device": [
        ("catalog/hardware/halden-x1/", r'id="memory_gb".*?96 GB'),
        ("calculators/hardware-fit/", '<option value="halden-x1"'),
        ("catalog/hardware/", "Halden X1"),
        ("api/v1/hardware/halden-x1.json", '"memory_gb"'),
    ],
    "One more fact": [
        ("catalog/hardware/halden-x1/", r'id="idle_power_w".*?30 W'),
        ("catalog/hardware/halden-x1/", r'id="usable_memory_gb".*?90 GB.*?memory less 6 GB for the driver'),
    ],
    "Sources that disagree": [
        ("catalog/hardware/halden-x1/", r'id="compute_tflops".*?400 TFLOPS.*?2 claims'),
        ("catalog/hardware/halden-x1/", "The higher figure counts zeros that are skipped"),
        ("catalog/disagreements/", "Halden X1"),
    ],
    "A changed price": [("catalog/hardware/halden-x1/", r'id="price_usd".*?\$4,600.*?\$5,000')],
    "A value that was wrong": [
        ("catalog/hardware/halden-x1/", r'id="power_w".*?375 W.*?350 W.*?The row above the one that was meant'),
        ("catalog/changes/", "The row above the one that was meant"),
    ],
    "A model": [
        ("catalog/models/halden-7b/", "6.3693 billion"),
        ("calculators/hardware-fit/", '<option value="halden-7b"'),
    ],
    "A quantization": [
        ("catalog/quantizations/hx5/", "5.25 bits/weight"),
        ("calculators/hardware-fit/", '<option value="hx5"'),
    ],
    "A market": [
        ("catalog/colo/port-halden/", "165"),
        ("calculators/colo-power/", '<option value="port-halden"'),
    ],
    "A rental": [("catalog/rentals/lambda-halden-x1/", r"\$1\.50")],
    "The price of an API": [("catalog/api_prices/groq-halden-7b/", r"\$0\.05.*?\$0\.08")],
    "Measurements": [("catalog/hardware/halden-x1/", r"The Card Letter.*?6,000|6,000.*?The Card Letter")],
    "A research entry": [
        ("research/hardware/halden-x1/", r"A card with <a[^>]*halden-x1/#memory_gb[^>]*>96\s?GB</a>"),
        ("research/", 'href="hardware/halden-x1/"'),
    ],
    "A claim to check": [
        ("research/hardware/halden-x1/", r'id="claim-halden-x1-8b-q4".*?(holds|off by|cannot be)'),
        ("claims/", "A Halden X1 writes 130 tokens a second"),
    ],
    "A calculator in a page": [("research/hardware/halden-x1/", r'<rk-calculator[^>]*calculator="hardware-fit"')],
    "A reference": [
        ("research/hardware/halden-x1/", r'href="../../../calculators/hardware-fit/">Hardware fit</a>'),
        ("research/hardware/halden-x1/", r'href="../../../catalog/hardware/halden-x1/#price_usd">its price</a>'),
        ("research/hardware/halden-x1/", r'posts/cards-that-do-not-exist/">Cards that do not exist</a>'),
        ("catalog/hardware/halden-x1/", r'href="../../../research/hardware/halden-x1/"'),
    ],
    "A post": [
        ("posts/", 'href="cards-that-do-not-exist/"'),
        ("posts/cards-that-do-not-exist/", r'id="p1".*?a month later.*?href="#p1"'),
        ("feed.xml", "Cards that do not exist"),
    ],
    "A renamed page": [("research/hardware/halden-x0/", "../halden-x1/")],
    "A correction": [("corrections/", "The card was said to draw 350 W.")],
}


def heading_of(example: Example) -> str:
    """The heading (###) above an example."""
    return [line[4:] for line in TEXT.splitlines()[: example.line] if line.startswith("### ")][-1]


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """The repository with little but the catalog for pages, in which every example was followed."""
    copy = Copy(tmp_path_factory.mktemp("contributing"), PAGES)
    index = copy.read("docs/corrections.yml").partition("corrections:")[0] + "corrections: []\n"
    copy.write("docs/corrections.yml", index)  # the real ones are about pages that are not here
    for page in PAGES:
        copy.write(
            f"docs/{page}", re.sub(r"\[([^\]]+)\]\(\.\./(?:research|authors)/[^)]*\)", r"\1", copy.read(f"docs/{page}"))
        )
    copy.write("docs/index.md", "# Home\n")
    for example in EXAMPLES:
        follow(example, copy)
    leave_only_cited(copy)  # other sources are cited by pages that are not here
    return copy


@pytest.fixture(scope="module")
def site(repository: Copy, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_site(tmp_path_factory.mktemp("built") / "site", "https://example.org/reckoner/", repository.root)


def test_there_is_an_example_of_each_kind_of_addition() -> None:
    assert list(dict.fromkeys(heading_of(example) for example in EXAMPLES)) == list(PROMISES)
    contents = TEXT.partition("| Programs |")[0]
    for heading in PROMISES:
        anchor = heading.lower().replace(" ", "-")
        assert f"(#{anchor})" in contents, f"the table at the top does not lead to {heading}"


def test_make_new_offers_what_the_text_says() -> None:
    [said] = re.findall(r"asks what you want to add \(a ([^)]*)\)", TEXT)
    names = set(re.split(r",\s+|\s+or\s+", said))
    assert names == {addition.name.replace("api-price", "API price") for addition in ADDITIONS}


def test_the_check_has_nothing_to_say(repository: Copy) -> None:
    found = repository.check(TODAY)
    assert found.problems == []
    assert found.catalog is not None
    assert found.catalog.subject("hardware/halden-x1").values["power_w"].value == 375


@pytest.mark.node
@pytest.mark.parametrize("heading", list(PROMISES))
def test_the_site_has_what_the_text_promises(site: Path, heading: str) -> None:
    for name, pattern in PROMISES[heading]:
        path = site / name / "index.html" if name.endswith("/") else site / name
        text = path.read_text(encoding="utf-8").replace("\N{NO-BREAK SPACE}", " ")
        assert re.search(pattern, text, re.DOTALL), f"{name} has no {pattern}"
