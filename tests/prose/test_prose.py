"""The checks of spelling and style find what they are for, at its place, and leave the rest alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from hooks.node import ROOT
from tests.prose.__main__ import spelling, without_names
from tests.prose.rules import LONGEST_SENTENCE, findings
from tests.prose.texts import CATALOG_KEYS, Text, markdown, names, scalars

PAGE = """---
title: A subject
summary: Of two words wordds.
tags: [tagg]
---

# Heading

Prose with `codde`, a [link](pagge.md "titel"), {{ fact("hardware/dgx-spark", "prise") }} and <b class="boldd">bold</b>.
{ .classs }

```text
fencee
```

Ends in coluor, a name like Wxyzt and GB20x.
"""


def _page(text: str) -> Text:
    return Text("docs/page.md", *markdown(text), True)


def _said(text: str) -> list[str]:
    return [str(one) for one in findings(_page(text))]


def test_only_words_are_looked_at_and_each_stays_in_its_place() -> None:
    page = _page(PAGE)
    assert len(page.lines) == len(PAGE.splitlines())
    for shown, line in zip(page.lines, PAGE.splitlines(), strict=True):
        assert all(got in (" ", wanted) for got, wanted in zip(shown, line, strict=False))
    words = " ".join(page.lines).split()
    assert {"wordds.", "Prose", "coluor,", "bold"} <= set(words)
    assert not [w for w in ("codde", "pagge", "titel", "prise", "boldd", "classs", "fencee", "tagg") if w in str(words)]


def test_texts_of_the_catalog_keep_their_lines() -> None:
    text = (
        "id: kindd/thing\nsummary: >-\n  Two lines\n  of text.\nvalues:\n  a:\n    note: 'a note'\n    value: oness\n"
    )
    lines, starts = scalars(text, CATALOG_KEYS)
    assert [line.strip() for line in lines] == ["", "", "Two lines", "of text.", "", "", "a note'", ""]
    assert starts == {2, 7}


def test_a_misspelt_word_is_found_with_its_line_and_a_suggestion() -> None:
    found = [str(one) for one in spelling([_page(PAGE)])]
    assert [one.partition(" (")[2].partition(")")[0] for one in found] == ["wordds", "coluor"]
    assert found[1].startswith("docs/page.md:16: unknown word (coluor); perhaps ")
    assert "colour" in found[1]


def test_american_spelling_is_found() -> None:
    text = "The color of the center is standardized; the colour of the centre is standardised, and quantized.\n"
    found = [str(one) for one in spelling([_page(text)])]
    assert [one.partition(" (")[2].partition(")")[0] for one in found] == ["color"]
    assert [one.partition(': "')[2].partition('"')[0] for one in _said(text)] == ["center", "standardized"]


def test_names_are_not_looked_at() -> None:
    assert without_names("Words about NVLink and Qwerty on a GB20x").split() == ["Words", "about", "and", "on", "a"]
    assert len(names(ROOT)) > 500


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("A seamless start.", '"seamless": advertising; say what it does, with the number'),
        ("In this section it starts.", '"In this section": says nothing; leave it out'),
        ("It simply starts.", '"simply": tells readers what to find easy; leave it out'),
        ("It starts very late.", '"very": makes nothing stronger; leave it out or give the number'),
        ("It utilises a pump.", '"utilises": write "use"'),
        ("In order to start.", '"In order to": write "to"'),
        ("A lot of pumps.", '"A lot of": say how many, or "many"'),
        ("Prior to the start.", '"Prior to": write "before"'),
        ("A pump and/or a fan.", '"and/or": write "or"'),
        ("We believe that it starts.", '"We believe": who says so? Name them'),
        ("It starts at\nat noon.", '"at" stands twice'),
        ("It\N{RIGHT SINGLE QUOTATION MARK}s on.", "\N{RIGHT SINGLE QUOTATION MARK} is curly; quotation marks and"),
    ],
)
def test_every_rule_finds_its_words(text: str, said: str) -> None:
    found = _said(f"# Title\n\nA sentence.\n{text}\n")
    assert len(found) == 1 and found[0].startswith(f"docs/page.md:4: {said}")


def test_a_long_sentence_is_found_where_it_begins() -> None:
    long = " ".join(("one", "two", "three") * (LONGEST_SENTENCE // 3))
    assert _said(f"Short.\nAnd {long} end.\n") == [
        f"docs/page.md:2: a sentence of {LONGEST_SENTENCE + 2} words, more than {LONGEST_SENTENCE}; make two of it"
    ]
    assert _said(f"{long}\n\n- {long}\n- {long}\n") == []


def test_quotations_and_code_are_left_alone() -> None:
    assert _said('They call it "a seamless start". The word `very` is code.\n') == []


def test_the_words_of_the_field_are_in_order() -> None:
    lines = (Path(__file__).parent / "words.txt").read_text("utf-8").splitlines()
    words = [line for line in lines if not line.startswith("#")]
    assert words and words == sorted({word.lower() for word in words})
