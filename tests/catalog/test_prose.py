"""What counts as prose in a page."""

from __future__ import annotations

from catalog.prose import LinkById, fences, links_by_id, references, without_code

PAGE = """---
title: 12 {{ fact("a/b", "c") }}
---

One `code 1` two ``a ` b`` three.

```python
four = 4
```

~~~~claim
id: first
~~~
still inside
~~~~

<!-- five
5 --> six {{ fact('kind/slug', 'price_usd') }}

``` {.claim}
id: second
```
    ```claim
    id: third
    ```
"""


def test_code_comments_and_front_matter_are_blank() -> None:
    lines = without_code(PAGE)
    assert len(lines) == len(PAGE.splitlines())
    assert lines[:4] == ["", "", "", ""]
    assert lines[4] == "One " + " " * 8 + " two " + " " * 9 + " three."
    assert "".join(lines[5:16]).strip() == ""
    assert lines[16].strip() == ""
    assert lines[17].strip() == "six {{ fact('kind/slug', 'price_usd') }}"
    assert lines[17].index("six") == PAGE.splitlines()[17].index("six"), "what stays keeps its place"


def test_an_open_fence_hides_the_rest() -> None:
    assert without_code("a\n```\nb\nc") == ["a", "", "", ""]


def test_blocks_of_a_name() -> None:
    assert fences(PAGE, "claim") == [
        (12, "id: first\n~~~\nstill inside"),
        (21, "id: second"),
        (24, "    id: third"),
    ]
    assert fences(PAGE, "python") == [(8, "four = 4")]


def test_references() -> None:
    assert list(references(PAGE)) == [(18, "kind/slug/price_usd")]


def test_links_by_id() -> None:
    text = "---\na: '[x](entry:a/b)'\n---\n\n[x](entry:a/b#c) `[y](post:d)` [](calculator:e?f=1#g)\n[z]: zzz:h\n"
    assert list(links_by_id(text)) == [
        LinkById(5, 4, 15, "entry", "a/b", "#c", False),
        LinkById(5, 34, 52, "calculator", "e", "?f=1#g", True),
        LinkById(6, 5, 10, "zzz", "h", "", False),
    ]
    assert [link.anchor for link in links_by_id(text)] == ["c", "g", ""]
    others = "[a](https://b.c) [d](mailto:e@f) [g](h.md) [i](#j) [^1]: a note\n[k]: https://l.m\n"
    assert list(links_by_id(others)) == []
