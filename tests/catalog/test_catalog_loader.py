"""The strict YAML loader: what it refuses, in which line, in which words."""

import time
from pathlib import Path

import pytest
import yaml

from catalog import loader
from catalog.errors import CatalogError
from catalog.loader import MAX_BYTES, load_bytes, load_file

BOTH_PARSERS = pytest.mark.parametrize("syntax", [yaml.SafeLoader, yaml.CSafeLoader], ids=["python", "c"])


def said(content: bytes | str) -> list[str]:
    """The problems of a file called f.yml."""
    with pytest.raises(CatalogError) as caught:
        load_bytes(content.encode() if isinstance(content, str) else content, "f.yml")
    return [str(problem) for problem in caught.value.problems]


@BOTH_PARSERS
def test_reads_plain_values_and_keeps_their_lines(monkeypatch: pytest.MonkeyPatch, syntax: type) -> None:
    monkeypatch.setattr(loader, "_SYNTAX", syntax)
    text = """\
# a comment
id: kind/slug
whole: 32200
part: -0.25
round: 3.0
yes_or_no: true
nothing: null
day: 2026-01-01
quoted: "no"
version: '3.10'
long: >-
  two
  lines
items:
  - name: a
  - {name: b, flag: false}
"""
    document = load_bytes(text.encode(), "f.yml")
    assert document.data == {
        "id": "kind/slug",
        "whole": 32200,
        "part": -0.25,
        "round": 3.0,
        "yes_or_no": True,
        "nothing": None,
        "day": "2026-01-01",
        "quoted": "no",
        "version": "3.10",
        "long": "two lines",
        "items": [{"name": "a"}, {"name": "b", "flag": False}],
    }
    assert isinstance(document.data["whole"], int)
    assert isinstance(document.data["round"], float)
    assert document.line(("id",)) == 2
    assert document.line(("long",)) == 11
    assert document.line(("items", 1, "flag")) == 16
    assert document.line(("items", 0, "missing")) == 15, "a missing field is reported where it should stand"


def test_lines_count_from_where_the_text_begins() -> None:
    document = load_bytes(b"a: 1\nb: 2", "page.md", first_line=2)
    assert document.line(("b",)) == 3


SURPRISES = [
    (
        "a: 3.10",
        (
            "3.10 loses a digit when read as a number (3.1); expected a number that is read as it "
            "is written; "
            'write 3.1, or "3.10" in quotes if it is a version'
        ),
    ),
    (
        "a: 0.1234567890123456789",
        (
            "0.1234567890123456789 loses a digit when read as a number "
            "(0.12345678901234568); "
            "expected a number that is read as it is written; write 0.12345678901234568, or "
            '"0.1234567890123456789" in quotes if it is a version'
        ),
    ),
    (
        "a: 9007199254740993",
        ("9007199254740993 has more digits than a number keeps; expected at most 15; put it in quotes if it is text"),
    ),
    (
        "a: no",
        (
            "no is true or false to some readers of YAML and a word to others; expected a plain value; "
            "write true or false in lower case, or put the word in quotes"
        ),
    ),
    (
        "a: Yes",
        (
            "Yes is true or false to some readers of YAML and a word to others; expected a plain value; "
            "write true or false in lower case, or put the word in quotes"
        ),
    ),
    (
        "a: ON",
        (
            "ON is true or false to some readers of YAML and a word to others; expected a plain value; "
            "write true or false in lower case, or put the word in quotes"
        ),
    ),
    (
        "a: off",
        (
            "off is true or false to some readers of YAML and a word to others; expected a plain value; "
            "write true or false in lower case, or put the word in quotes"
        ),
    ),
    (
        "a: True",
        (
            "True is true or false to some readers of YAML and a word to others; expected a plain value; "
            "write true or false in lower case, or put the word in quotes"
        ),
    ),
    (
        "a: ~",
        (
            "~ is nothing to some readers of YAML and a word to others; expected a plain value; "
            "write null in lower case, or put the word in quotes"
        ),
    ),
    (
        "a: 1e3",
        (
            "1e3 is text to some readers of YAML and a number to others; expected a plain value; "
            "write the number out, or put it in quotes"
        ),
    ),
    (
        "a: 1.5e+3",
        (
            "1.5e+3 is text to some readers of YAML and a number to others; expected a plain value; "
            "write the number out, or put it in quotes"
        ),
    ),
    (
        "a: 1:30",
        ("1:30 is a number to base 60 in YAML 1.1; expected a plain value; put it in quotes if it is text"),
    ),
    (
        "a: 007",
        (
            "007 is not a plain number; expected a plain value; "
            "write it with digits and one point, as in -12.5, or put it in quotes"
        ),
    ),
    (
        "a: 1_000",
        (
            "1_000 is not a plain number; expected a plain value; "
            "write it with digits and one point, as in -12.5, or put it in quotes"
        ),
    ),
    (
        "a: 0x1F",
        (
            "0x1F is not a plain number; expected a plain value; "
            "write it with digits and one point, as in -12.5, or put it in quotes"
        ),
    ),
    (
        "a: .5",
        (
            ".5 is not a plain number; expected a plain value; "
            "write it with digits and one point, as in -12.5, or put it in quotes"
        ),
    ),
    (
        "a: +5",
        (
            "+5 is not a plain number; expected a plain value; "
            "write it with digits and one point, as in -12.5, or put it in quotes"
        ),
    ),
    (
        "a: .inf",
        (
            ".inf is not a plain number; expected a plain value; "
            "write it with digits and one point, as in -12.5, or put it in quotes"
        ),
    ),
    (
        "a: .NaN",
        (
            ".NaN is not a plain number; expected a plain value; "
            "write it with digits and one point, as in -12.5, or put it in quotes"
        ),
    ),
    ("a: 2025-02-30", "2025-02-30 is not a day of the calendar; expected YYYY-MM-DD; correct it"),
    (
        "a: 2025-2-3",
        (
            "2025-2-3 looks like a date or a time; expected a plain value; "
            "write the date as YYYY-MM-DD, or put it in quotes"
        ),
    ),
    (
        "a: 2025-02-03T10:00:00Z",
        (
            "2025-02-03T10:00:00Z looks like a date or a time; expected a plain value; "
            "write the date as YYYY-MM-DD, or put it in quotes"
        ),
    ),
    ("a:", "has no value; expected one; write it, write null, or remove the name"),
]


@BOTH_PARSERS
@pytest.mark.parametrize(("text", "message"), SURPRISES, ids=[text for text, _ in SURPRISES])
def test_refuses_what_a_person_would_misread(
    monkeypatch: pytest.MonkeyPatch, syntax: type, text: str, message: str
) -> None:
    monkeypatch.setattr(loader, "_SYNTAX", syntax)
    assert said("id: x\n" + text + "\n") == [f"f.yml:2 a: {message}"]


STRUCTURE = [
    ("a: 1\nb: 2\na: 3\n", "f.yml:3 a: stands twice (first in line 1); expected each name once; remove one"),
    ("a: {b: 1, b: 2}\n", "f.yml:1 a.b: stands twice (first in line 1); expected each name once; remove one"),
    ("2024: x\n", "f.yml:1 2024: the name 2024 is not text; expected a word; put it in quotes"),
    ("<<: {a: 1}\n", "f.yml:1 <<: << merges another mapping; expected a plain value; write the fields out"),
    ("a: &x 1\n", "f.yml:1 a: &x is a YAML reference; expected every value in its place; write it out"),
    ("a: *x\n", "f.yml:1 a: *x is a YAML reference; expected every value in its place; write it out"),
    ("a: !!str 1\n", "f.yml:1 a: tag:yaml.org,2002:str is a YAML tag; expected plain values; remove it"),
    (
        "a: !!python/object/apply:os.system [x]\n",
        ("f.yml:1 a: tag:yaml.org,2002:python/object/apply:os.system is a YAML tag; expected plain values; remove it"),
    ),
    (
        "? [a]\n: 1\n",
        ("f.yml:1: a list or mapping stands where a name should; expected `name: value`; name it"),
    ),
    ("a: 1\n---\nb: 2\n", "f.yml:2: a second document begins; expected one a file; remove the ---"),
    ("", "f.yml:1: is empty; expected lines of `name: value`; write at least the id"),
    ("# only a comment\n", "f.yml:1: is empty; expected lines of `name: value`; write at least the id"),
    ("---\n", "f.yml:2: has nothing in it; expected lines of `name: value`; write at least the id"),
    (
        "- a\n- b\n",
        ("f.yml:1: has no fields at its top; expected lines of `name: value`; write at least the id"),
    ),
    (
        "just text\n",
        ("f.yml:1: has no fields at its top; expected lines of `name: value`; write at least the id"),
    ),
    ("a: 1\n\tb: 2\n", "f.yml:2: has a tab; expected spaces only; replace the tab by spaces"),
    (
        "a: 1\nb: c\u200bd\n",
        ("f.yml:2: has the invisible character U+200B; expected text that shows; delete it"),
    ),
    ("a: \x00\n", "f.yml:1: has the invisible character U+0000; expected text that shows; delete it"),
    ("a: 1\rb: 2\n", "f.yml:1: has the invisible character U+000D; expected text that shows; delete it"),
    ("\ufeffa: 1\n", "f.yml:1: begins with a byte order mark; expected plain UTF-8; save it without a BOM"),
    (b"a: 1\nb: caf\xe9\n", "f.yml:2: byte 0xe9 is not UTF-8; expected UTF-8; save the file as UTF-8"),
    ("a: 1\n".encode("utf-16"), "f.yml:1: byte 0xff is not UTF-8; expected UTF-8; save the file as UTF-8"),
]


@BOTH_PARSERS
@pytest.mark.parametrize(("content", "message"), STRUCTURE)
def test_refuses_what_is_no_plain_file(
    monkeypatch: pytest.MonkeyPatch, syntax: type, content: bytes | str, message: str
) -> None:
    monkeypatch.setattr(loader, "_SYNTAX", syntax)
    assert said(content) == [message]


@BOTH_PARSERS
@pytest.mark.parametrize(
    ("content", "line"),
    [("a: 1\nb: [1, 2\nc: 3\n", 3), ("a: 1\nb: c: d\n", 2), ('a: "x\n', 2), ("a: 1\n  b: 2\n", 2)],
)
def test_names_the_line_of_broken_syntax(
    monkeypatch: pytest.MonkeyPatch, syntax: type, content: str, line: int
) -> None:
    monkeypatch.setattr(loader, "_SYNTAX", syntax)
    (problem,) = said(content)
    assert problem.startswith(f"f.yml:{line}: not YAML: ")
    assert problem.endswith("; expected lines of `name: value`; correct it")


def test_says_everything_that_is_wrong_at_once() -> None:
    assert [line.split(": ")[0] for line in said("a: no\nb: 3.10\nc:\n  - 1e3\n  - {d: on}\nb: 1\n")] == [
        "f.yml:1 a",
        "f.yml:2 b",
        "f.yml:4 c[0]",
        "f.yml:5 c[1].d",
        "f.yml:6 b",
    ]


def test_a_bomb_of_aliases_is_refused_at_its_first_anchor() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    start = time.perf_counter()
    assert said("\n".join(lines)) == [
        "f.yml:1 a0: &a0 is a YAML reference; expected every value in its place; write it out"
    ]
    assert time.perf_counter() - start < 1


@BOTH_PARSERS
@pytest.mark.parametrize("content", ["a: " + "[" * 200_000, "a: " + "{b: " * 200_000])
def test_deep_nesting_is_refused_and_not_followed(monkeypatch: pytest.MonkeyPatch, syntax: type, content: str) -> None:
    monkeypatch.setattr(loader, "_SYNTAX", syntax)
    (problem,) = said(content)
    assert problem.endswith("is nested more than 12 deep; expected a flat file; take a level away")


def test_a_file_over_the_limit_is_refused_unread(tmp_path: Path) -> None:
    file = tmp_path / "big.yml"
    file.write_bytes(b"a: " + b"x" * MAX_BYTES)
    with pytest.raises(CatalogError) as caught:
        load_file(file, "big.yml")
    assert str(caught.value) == (
        "big.yml: larger than 1,000,000 bytes; expected a file that a person can read; split it"
    )
    file.write_bytes(b"a: " + b"x" * (MAX_BYTES - 3))
    assert len(load_file(file, "big.yml").data["a"]) == MAX_BYTES - 3


def test_a_file_that_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(CatalogError) as caught:
        load_file(tmp_path, "folder.yml")
    assert str(caught.value) == "folder.yml: cannot be read: Is a directory"


def test_windows_line_ends_are_fine() -> None:
    assert load_bytes(b"a: 1\r\nb: x\r\n", "f.yml").data == {"a": 1, "b": "x"}


def test_pyyaml_itself_is_left_as_it_is() -> None:
    load_bytes(b"a: 2025-01-02\nb: 'no'\n", "f.yml")
    assert yaml.safe_load("a: no\nb: 1:30\nb: 2") == {"a": False, "b": 2}
