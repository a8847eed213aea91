"""What entries and posts tell search engines, and how they are cited."""

from __future__ import annotations

import pytest

import catalog
from catalog import Catalog
from hooks.api.addresses import Site
from hooks.cite_page import forms
from hooks.publications import Publication
from hooks.structured_data import article, breadcrumbs, website

SITE = Site("https://example.org/a-path/", "Reckoner", "Research with calculators in it.")
SOURCES = ("damodaran-histretsp", "irs-rev-proc-2025-32")
ENTRY = Publication("research/x/a-b.md", "A & B", "What one learns.", ("t",), SOURCES, "2026-01-03", topic="x")
POST = Publication("posts/c.md", "C", "A judgement.", ("t",), SOURCES, "2026-02-01", published="2026-01-01")


@pytest.fixture(scope="module")
def loaded() -> Catalog:
    return catalog.load()


def test_an_entry_is_an_article(loaded: Catalog) -> None:
    data = article(SITE, ENTRY, loaded, "https://example.org/p.png")
    assert (data["@type"], data["headline"], data["description"]) == ("Article", "A & B", "What one learns.")
    assert data["dateModified"] == "2026-01-03" and "datePublished" not in data
    assert data["url"] == data["@id"] == "https://example.org/a-path/research/x/a-b/"
    assert data["isPartOf"]["url"] == website(SITE)["@id"] == "https://example.org/a-path/"
    assert data["license"] == website(SITE)["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert data["image"] == "https://example.org/p.png"
    assert [one["url"] for one in data["citation"]] == [loaded.source(id).url for id in SOURCES]
    assert data["citation"][0]["publisher"]["name"].startswith("Aswath Damodaran")


def test_a_post_is_a_blog_posting(loaded: Catalog) -> None:
    data = article(SITE, POST, loaded)
    assert (data["@type"], data["datePublished"], data["dateModified"]) == ("BlogPosting", "2026-01-01", "2026-02-01")
    assert "image" not in data


def test_breadcrumbs_count_from_one() -> None:
    data = breadcrumbs(SITE, [("Home", ""), ("Posts", "posts/"), ("C", "posts/c/")])
    assert [(one["position"], one["name"], one["item"]) for one in data["itemListElement"]] == [
        (1, "Home", "https://example.org/a-path/"),
        (2, "Posts", "https://example.org/a-path/posts/"),
        (3, "C", "https://example.org/a-path/posts/c/"),
    ]


def test_citations_say_what_it_is_and_of_which_day() -> None:
    plain, bibtex = forms("Reckoner", ENTRY, "https://example.org/x/")
    assert plain.template == ("Reckoner: A & B. Research entry, reviewed 2026-01-03. CC BY 4.0. https://example.org/x/")
    assert bibtex.template.splitlines() == [
        "@misc{reckoner-a-b,",
        "  author = {{Reckoner}},",
        "  title = {A \\& B},",
        "  year = {2026},",
        "  note = {Research entry, reviewed 2026-01-03; CC BY 4.0},",
        "  url = {https://example.org/x/}",
        "}",
    ]
    assert "Post of 2026-01-01, last follow-up 2026-02-01." in forms("R", POST, "")[0].template
    first = Publication("posts/c.md", "C", "", (), (), "2026-01-01", published="2026-01-01")
    assert "Post of 2026-01-01. CC" in forms("R", first, "")[0].template
