"""From answers to files. Nothing is written unless all of it can be, and no file is ever overwritten."""

import datetime
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

from catalog import vocabulary
from catalog.errors import CatalogError, did_you_mean
from catalog.loader import BLANK, is_date, load_bytes, load_file
from catalog.new.additions import Addition, Question

_TEMPLATES = Path(__file__).parent
Ask = Callable[[str], str]


class NewError(Exception):
    """Something cannot be added; the text says why and what to do."""


@dataclass(frozen=True)
class Place:
    """Where the files go."""

    root: Path
    """The folder of the catalog; pages, calculators and tests stand beside it."""

    def path(self, name: str) -> Path:
        """The file of a name such as `catalog/hardware/rtx-6090.yml`."""
        folder, _, rest = name.partition("/")
        return self.root / rest if folder == "catalog" else self.root.resolve().parent / name

    def names(self, known: str) -> list[str]:
        """What a question may be answered with; see `Question.known`."""
        if known == "units":
            return list(vocabulary.units())
        kinds = vocabulary.kinds() if known == "subjects" else ()
        if known == "subjects":
            return [f"{kind}/{path.stem}" for kind in kinds for path in sorted((self.root / kind).glob("*.yml"))]
        return [path.stem for path in sorted((self.root / known).glob("*.yml"))]


@dataclass(frozen=True)
class Written:
    """A file that was written or added to, and the lines in it that wait for their author."""

    name: str
    blank_lines: tuple[int, ...]


def answered(addition: Addition, given: dict[str, str], place: Place, ask: Ask | None = None) -> dict[str, str]:
    """The answers to all questions: those given, and for the others what is asked, or a suggestion.

    Arguments:
        ask: Shows a question and returns what was typed; None where nobody can be asked.
    """
    answers: dict[str, str] = {}
    missing: list[Question] = []
    for question in addition.questions:
        suggestion = question.suggest({**given, **answers})
        if question.name == "today":
            suggestion = datetime.date.today().isoformat()  # a suggestion to a person; nothing is built from it
        if question.name in given:
            answer = given[question.name].strip()
            if problem := _wrong(question, answer, place):
                raise NewError(f"--{question.name} {problem}")
        elif ask is not None:
            answer = _asked(question, suggestion, place, ask)
        else:
            answer = suggestion
        if not answer and not question.optional:
            missing.append(question)
        answers[question.name] = answer or BLANK
    if missing:
        options = "\n".join(f"  --{q.name}: {q.asks}, as in {json.dumps(q.example)}" for q in missing)
        raise NewError(f"to add a {addition.name}, say also\n{options}")
    return answers


def _asked(question: Question, suggestion: str, place: Place, ask: Ask) -> str:
    """What somebody types, asked again until it is right."""
    tail = f" [{suggestion}]" if suggestion else " [leave it open]" if question.optional else ""
    prompt = f"{question.asks}, as in {question.example}{tail}: "
    problem = ""
    while True:
        answer = ask(f"{problem}\n{prompt}" if problem else prompt).strip() or suggestion
        if not answer and question.optional:
            return ""
        problem = _wrong(question, answer, place)
        if not problem:
            return answer


def _wrong(question: Question, answer: str, place: Place) -> str:
    """What is wrong with an answer; empty when nothing is."""
    if not answer or answer == BLANK:
        return "" if question.optional and answer == BLANK else f"is empty; write it like {question.example}"
    if not answer.isprintable() or not re.fullmatch(question.pattern, answer):
        return f'"{answer}" does not fit; write it like {question.example}'
    if question.name == "today" and not is_date(answer):
        return f'"{answer}" is not a day of the calendar; write it like {question.example}'
    if question.known and answer not in (names := place.names(question.known)):
        alike = [name for name in names if name.lower() == answer.lower()]
        if alike:
            hint = f'; did you mean "{alike[0]}"?'
        elif question.known == "sources":
            hint = did_you_mean(answer, names) or "; add it first: python -m catalog new source"
        else:
            hint = did_you_mean(answer, names)
        what = question.known if question.known in ("units", "subjects") else f"catalog/{question.known}"
        return f'"{answer}" is not among {what}{hint}'
    return ""


def write(addition: Addition, answers: dict[str, str], place: Place) -> list[Written]:
    """Write the files of an addition. Raises NewError, and has then written nothing."""
    words = _words(answers)
    texts: dict[str, str] = {}
    for template, pattern in addition.files:
        name = Template(pattern).substitute(words)
        if place.path(name).exists():
            raise NewError(f"{name} exists and is left as it is; choose another --id, or edit the file")
        texts[name] = _filled(template, words)
    if addition.inserts:
        template, pattern, where = addition.inserts
        name = Template(pattern).substitute(words)
        insert = _into_values if where == "values" else _into_list
        texts[name] = insert(place.path(name), name, _filled(template, words), answers)
    for name, text in texts.items():
        place.path(name).parent.mkdir(parents=True, exist_ok=True)
        place.path(name).write_text(text, encoding="utf-8")
    return [
        Written(name, tuple(n for n, line in enumerate(text.splitlines(), 1) if BLANK in line and line[0] != "#"))
        for name, text in texts.items()
    ]


def _filled(template: str, words: dict[str, str]) -> str:
    return Template((_TEMPLATES / f"{template}.template").read_text(encoding="utf-8")).substitute(words)


def _words(answers: dict[str, str]) -> dict[str, str]:
    """The answers as they stand in templates."""
    words = dict(answers)
    for name, answer in answers.items():
        words[f"{name}_yaml"] = _yaml(answer)
        words[f"{name}_py"] = _python(answer)
    if "id" in answers:
        words["module"] = answers["id"].replace("-", "_")
        words["class_name"] = "".join(word.capitalize() for word in answers["id"].split("-"))
    return words


def _python(text: str) -> str:
    """Text as a literal of Python, in the quotes that a formatter would choose."""
    quoted = json.dumps(text, ensure_ascii=False)
    return f"'{text}'" if '"' in text and not set("'\\") & set(text) else quoted


def _yaml(text: str) -> str:
    """Text as a value in YAML: bare where it is read as it stands, in a list, too; else in quotes."""
    try:
        bare = load_bytes(f"a: {text}\nb: [{text}]".encode(), "").data == {"a": text, "b": [text]}
    except CatalogError:
        bare = False
    return text if bare else json.dumps(text, ensure_ascii=False)


def _into_values(path: Path, name: str, block: str, answers: dict[str, str]) -> str:
    """The text of a subject's file with one more value at the end of its values; the rest stays as it is."""
    try:
        document = load_file(path, name)
    except CatalogError as error:
        raise NewError(f"{name} has to be mended first:\n{error}") from None
    values: Any = document.data.get("values")
    if not isinstance(values, dict) or not values:
        raise NewError(f"{name} has no values; expected a file of facts")
    if answers["name"] in values:
        line = document.line(("values", answers["name"]))
        raise NewError(f"{name}:{line} has {answers['name']}; edit it there (an old value moves to `earlier`)")
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    first = document.line(("values",))
    end = min((document.line((key,)) - 1 for key in document.data if document.line((key,)) > first), default=len(lines))
    while end and (not lines[end - 1].strip() or lines[end - 1].startswith("#")):
        end -= 1  # blank lines and comments before the next field belong to that
    grown = "\n".join([*lines[:end], *block.splitlines(), *lines[end:]]) + "\n"
    try:
        after = load_bytes(grown.encode(), name).data
    except CatalogError:
        after = {}
    kept = {key: value for key, value in after.get("values", {}).items() if key != answers["name"]}
    if len(after.get("values", {})) != len(values) + 1 or {**after, "values": kept} != document.data:
        raise NewError(f"{name} is not written a value a block; add {answers['name']} to it by hand:\n{block}")
    return grown


def _into_list(path: Path, name: str, block: str, answers: dict[str, str]) -> str:
    """The text of a page with one more item at the end of its list of definitions."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    items = [number for number, line in enumerate(lines, 1) if line.startswith(":   ")]
    if not items:
        raise NewError(f"{name} has no list of calculators to add to; expected lines that begin with `:   `")
    return "\n".join([*lines[: items[-1]], "", *block.splitlines(), *lines[items[-1] :]]) + "\n"
