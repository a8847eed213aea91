"""A calculator placed in a page by a fence.

    ```calculator
    mortgage-vs-invest
    rate_pct: 5.5
    ```

The first line names the calculator, every further line an input that differs from its default; lines that
start with # are comments. The answer to that scenario is worked out now and stands in the page; the
browser's code goes on from there.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
from mkdocs.utils import get_relative_url

from catalog.prose import fences
from hooks.answers import Answers, CalculatorError
from hooks.build import BuildState, state_of
from hooks.charts import ChartError, Pictures

if TYPE_CHECKING:
    from markupsafe import Markup
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

    from hooks.method import Method

_VERSION_DIGITS = 8
_OPEN_GROUPS = 3
"""So many groups of inputs are open at first: those that most readers change."""


class FenceError(Exception):
    """A fence that cannot be used: `line` counts from the fence's own first line, 0."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True)
class Fence:
    """What an author wrote: a calculator, and inputs with the line of each."""

    slug: str
    inputs: dict[str, str]
    lines: dict[str, int]


@dataclass(frozen=True)
class Source:
    """Where the default of an input comes from."""

    href: str
    label: str
    as_of: str


@dataclass(frozen=True)
class FieldContext:
    """One input of the form."""

    name: str
    kind: str
    label: str
    unit: str
    help: str
    raw: str
    blank: bool
    inputmode: str
    options: list[dict[str, str]]
    source: Source | None
    fills: list[str]
    """Inputs that a choice fills in."""
    filled: str
    """What it filled in now."""


@dataclass(frozen=True)
class GroupContext:
    """Inputs under one heading."""

    label: str
    open: bool
    fields: list[FieldContext]


@dataclass(frozen=True)
class WidgetContext:
    """Everything that templates/calculator.html.jinja uses."""

    id: str
    """Unique in its page; ids of the form's parts begin with it."""
    slug: str
    base: str
    """Relative address of the site's root."""
    files: dict[str, str]
    """Addresses of the engines' files below the root."""
    version: str
    """Of the facts, for links that shall keep their numbers."""
    presets: dict[str, str]
    """Inputs that the fence gives, as text."""
    describe: dict[str, Any]
    report: dict[str, Any]
    verdict_label: str
    verdict_labels: dict[str, str]
    key_metrics: list[dict[str, Any]]
    metrics: list[dict[str, Any]]
    groups: list[GroupContext]
    sources_page: str
    pictures: dict[str, dict[str, Markup]]
    """The SVGs of each chart, by width."""
    method: Method
    """How the calculator works."""
    address: str
    """The page's own, absolute."""


def parse_fence(source: str) -> Fence:
    """Reads the text of a fence.

    Raises:
        FenceError: with the line and what is expected there.
    """
    slug = ""
    inputs: dict[str, str] = {}
    lines: dict[str, int] = {}
    for number, line in enumerate(source.splitlines(), start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        if not slug:
            slug = text
            lines[""] = number
            continue
        name, colon, value = text.partition(":")
        name = name.strip()
        if not colon:
            raise FenceError(number, f'"{text}" is not an input; write "name: value", such as "rate_pct: 7"')
        if name in inputs:
            raise FenceError(number, f'the input "{name}" is given twice; keep one of the lines')
        inputs[name] = value.strip().strip("\"'")
        lines[name] = number
    if not slug:
        raise FenceError(0, 'the fence is empty; its first line names a calculator, such as "mortgage-vs-invest"')
    return Fence(slug, inputs, lines)


def fence_line(markdown: str, source: str, after: int = 0) -> int:
    """Number of the line (from 1) in a page at which the fence with this text opens, 0 when not found."""
    first = next((line.strip() for line in source.splitlines() if line.strip()), "")
    lines = markdown.splitlines()
    for index in range(after, len(lines)):
        if re.match(r"\s*(`{3,}|~{3,})\s*\{?\.?calculator\b", lines[index]):
            rest = (line.strip() for line in lines[index + 1 :])
            if next((line for line in rest if line), "").startswith(first or "```"):
                return index + 1
    return 0


def context(
    fence: Fence,
    answers: Answers,
    *,
    id: str,
    base: str,
    files: dict[str, str],
    presets: dict[str, str],
    pictures: Pictures,
    methods: dict[str, Method],
    address: str,
) -> WidgetContext:
    """What the template needs for this scenario.

    Raises:
        CalculatorError: the calculator or an input is unknown or invalid.
        ChartError: a chart cannot be drawn.
    """
    describe = answers.describe(fence.slug)
    report = answers.report(fence.slug, fence.inputs)
    labels = {verdict["id"]: verdict["label"] for verdict in describe["verdicts"]}
    metrics = [{"id": id, **metric} for id, metric in report["metrics"].items()]
    keys = {metric["id"] for metric in describe["metrics"] if metric["key"]}
    sources_page = f"{base}sources/"
    return WidgetContext(
        pictures={chart["id"]: pictures.of(chart) for chart in report["charts"]},
        method=methods[fence.slug],
        address=address,
        id=id,
        slug=fence.slug,
        base=base,
        files=files,
        version=files["facts"].strip("/").rpartition("/")[2][:_VERSION_DIGITS],
        presets=presets,
        describe=describe,
        report=report,
        verdict_label=labels[report["verdict"]],
        verdict_labels=labels,
        key_metrics=[metric for metric in metrics if metric["id"] in keys],
        metrics=metrics,
        groups=_groups(describe["inputs"], report, sources_page),
        sources_page=sources_page,
    )


def _groups(inputs: list[dict[str, Any]], report: dict[str, Any], sources_page: str) -> list[GroupContext]:
    grouped: dict[str, list[FieldContext]] = {}
    touched = set()
    for described in inputs:
        shown = report["inputs"][described["name"]]
        if shown["origin"] == "user":
            touched.add(described["group"])
        cited = next((s for s in report["sources"] if s["fact"] == shown["fact"]), None)
        grouped.setdefault(described["group"], []).append(
            FieldContext(
                name=described["name"],
                kind=described["kind"],
                label=described["label"],
                unit=described["unit"],
                help=described["help"],
                raw=shown["raw"],
                blank=described["blank"],
                inputmode=_inputmode(described),
                options=described.get("options", []),
                source=cited and Source(f"{sources_page}#{cited['id']}", cited["producer"], cited["as_of"]),
                fills=described["fills"],
                filled=_filled(described["fills"], report["inputs"]),
            )
        )
    return [
        GroupContext(label, index < _OPEN_GROUPS or label in touched, fields)
        for index, (label, fields) in enumerate(grouped.items())
    ]


def _filled(fills: list[str], inputs: dict[str, Any]) -> str:
    """What a choice filled in, as one line; `filled` in report-view.js writes the same."""
    return " · ".join(f"{inputs[name]['label']} {inputs[name]['text']}" for name in fills if inputs[name]["fact"])


def _inputmode(described: dict[str, Any]) -> str:
    """The keyboard that a phone shows: some have no minus sign on the number pads."""
    if described["kind"] == "choice" or described["min"] < 0:
        return "text"
    return "numeric" if described["whole"] else "decimal"


@functools.cache  # Each is compiled once; Jinja compiles it again when its file has changed.
def templates(root: Path) -> jinja2.Environment:
    """The templates of the hooks: escaped, and an unknown name is an error."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(root / "hooks" / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=False,
    )


def render(env: jinja2.Environment, widget: WidgetContext) -> str:
    """The widget's HTML."""
    shallow = {name: getattr(widget, name) for name in asdict(widget)}
    return env.get_template("calculator.html.jinja").render(shallow)


class FenceRenderer:
    """Renders the fences of the page that is being read, and notes where an author went wrong."""

    def __init__(self, state: BuildState) -> None:
        self._state = state
        self._env = templates(state.root)
        self._pictures = Pictures(state.root)
        self._page: Page | None = None
        self._markdown = ""
        self._count = 0
        self._last_line = 0

    def enter(self, page: Page) -> None:
        """A new page begins."""
        self._page = page
        path = page.file.abs_src_path
        # The file itself, since MkDocs has cut the front matter off and with it the line numbers.
        self._markdown = Path(path).read_text(encoding="utf-8-sig") if path else (page.markdown or "")
        self._count = 0
        self._last_line = 0

    def __call__(self, source: str, *_args: object, **_kwargs: object) -> str:
        """The HTML of one fence (the signature is that of a superfences formatter)."""
        assert self._page is not None
        self._count += 1
        opened = fence_line(self._markdown, source, self._last_line)
        self._last_line = opened
        place = f"docs/{self._page.file.src_uri}"
        try:
            fence = parse_fence(source)
        except FenceError as error:
            self._state.problems.append(f"{place}:{opened + error.line}: {error}")
            return ""
        base = get_relative_url("", self._page.url) or "./"
        base = base if base.endswith("/") else f"{base}/"
        try:
            if self._state.is_check:
                self._state.answers.report(fence.slug, fence.inputs)
                return ""
            widget = context(
                fence,
                self._state.answers,
                id=f"rk-{self._count}",
                base=base,
                files=self._state.engine_files,
                presets=fence.inputs,
                pictures=self._pictures,
                methods=self._state.methods,
                address=self._page.canonical_url or self._page.url,
            )
        except CalculatorError as error:
            for problem in str(error).splitlines():
                name = problem.partition(":")[0]
                line = opened + fence.lines.get(name, fence.lines[""])
                self._state.problems.append(f"{place}:{line}: {problem}")
            return ""
        except ChartError as error:
            self._state.problems.append(f"{place}:{opened}: a chart of {fence.slug}: {error}")
            return ""
        return render(self._env, widget)


def scenarios(pages: Iterable[str]) -> dict[str, list[dict[str, str]]]:
    """What the fences of these pages ask, by calculator; wrong ones are left out."""
    found: dict[str, list[dict[str, str]]] = {}
    for text in pages:
        for _, block in fences(text, "calculator") if "calculator" in text else ():
            with suppress(FenceError):
                fence = parse_fence(block)
                found.setdefault(fence.slug, []).append(fence.inputs)
    return found


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    renderer = FenceRenderer(state_of(config))
    config.extra["reckoner_fences"] = renderer
    custom = config.mdx_configs.setdefault("pymdownx.superfences", {}).setdefault("custom_fences", [])
    custom.append({"name": "calculator", "class": "calculator", "format": renderer})
    return config


def on_files(files: Files, *, config: MkDocsConfig) -> None:
    answers = state_of(config).answers
    asked = scenarios(file.content_string for file in files.documentation_pages() if file.abs_src_path)
    for slug in answers.slugs():
        answers.prepare(slug, [{}, *asked.get(slug, [])])


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> None:
    config.extra["reckoner_fences"].enter(page)
