"""The calculators for other people's pages: `/embed.js`, and a page without the site around it at `/embed/SLUG/`.

What such a page may be told, by its address and by messages, stands in docs/assets/javascripts/embed-protocol.js.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File

from hooks.api_files import site_of
from hooks.browser_files import moved
from hooks.build import state_of
from hooks.charts import ChartError, Pictures
from hooks.oembed import discovery
from hooks.social import heads_of
from hooks.widget import Fence, WidgetContext, context, render, templates

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

SCRIPTS = "assets/javascripts"
STYLES = tuple(f"assets/stylesheets/{name}.css" for name in ("embed", "reckoner", "charts", "results", "print"))
ENTRY = "embed-frame.js"
BASE = "../../"
"""From an embed's page to the root of the site."""

# The headers that a meta element cannot carry (frame-ancestors, sandbox) are for the host to send.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "style-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "img-src 'self' data: blob:",
        "base-uri 'none'",
        "form-action 'none'",
    )
)

KEY_FIGURES_END = "</dl>\n"
"""Of a rendered calculator: behind its key figures, the embed's button and notes have their place."""

_IMPORT = re.compile(r"""^(?:import|export)\b[^;]*?\bfrom\s+"\./([\w-]+\.js)";""", re.MULTILINE)
_NAMES = re.compile(r"SETTING_NAMES = Object\.freeze\(\[([^\]]*)\]\)")


def imported(entry: str, folder: Path) -> list[str]:
    """The modules that a module imports, and those that they do: a browser that knows them asks for all at once."""
    found: dict[str, None] = {}
    waiting = [entry]
    while waiting:
        for name in _IMPORT.findall((folder / waiting.pop()).read_text("utf-8")):
            if name not in found:
                found[name] = None
                waiting.append(name)
    return list(found)


def setting_names(protocol: str) -> set[str]:
    """Parameters of an embed's address that are no inputs, from the text of embed-protocol.js."""
    found = _NAMES.search(protocol)
    assert found, "embed-protocol.js has no SETTING_NAMES"
    return {*re.findall(r'"(\w+)"', found[1]), "v"}


def clashes(inputs: Mapping[str, Iterable[str]], settings: set[str]) -> list[str]:
    """Inputs that nobody could give to an embed, as `file: problem`; `inputs` are the names of each calculator's."""
    return [
        f'calculators/{slug.replace("-", "_")}.py: "{name}" is a parameter of every embed; give the input another name'
        for slug, names in inputs.items()
        for name in names
        if name in settings
    ]


def page(widget: WidgetContext, config: MkDocsConfig, modules: list[str]) -> str:
    """The HTML of an embed."""
    folders = config.extra["reckoner_folders"]
    env = templates(state_of(config).root)
    start, end, rest = render(env, widget).partition(KEY_FIGURES_END)
    assert end and 'class="rk-key"' in start and 'class="rk-disclaimer"' in rest
    values: dict[str, Any] = {
        "title": widget.describe["title"],
        "site_name": config.site_name,
        "icon": BASE + config.theme["favicon"],
        "policy": POLICY,
        "address": widget.address,
        "shared": shared(widget, config),
        "page": f"{BASE}calculators/{widget.slug}/",
        "sources": widget.sources_page,
        "scripts": f"{BASE}{folders[SCRIPTS]}/",
        "modules": modules,
        "styles": [BASE + moved(style, folders) for style in STYLES],
        "widget_start": start + end,
        "widget_end": rest,
    }
    return env.get_template("embed.html.jinja").render(values)


def shared(widget: WidgetContext, config: MkDocsConfig) -> Markup:
    """What the head says to those who are given the frame's address: they show the calculator's page."""
    slug, title = widget.slug, widget.describe["title"]
    heads = heads_of(config)
    assert heads, "hooks/social.py comes before this one"
    properties = heads.html(f"embed/{slug}", f"calculators/{slug}/", title, widget.describe["question"])
    return properties + discovery(site_of(config), slug, title)


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    state = state_of(config)
    folder = Path(config.docs_dir) / SCRIPTS
    slugs = state.answers.slugs()
    inputs = {slug: [field["name"] for field in state.answers.describe(slug)["inputs"]] for slug in slugs}
    state.problems += clashes(inputs, setting_names((folder / "embed-protocol.js").read_text("utf-8")))
    if state.is_check:
        return files
    files.append(File.generated(config, "embed.js", content=(folder / "embed.js").read_text("utf-8")))
    modules = imported(ENTRY, folder)
    pictures = Pictures(state.root)
    for slug in slugs:
        try:
            widget = context(
                Fence(slug, {}, {}),
                state.answers,
                id="rk-1",
                base=BASE,
                files=state.engine_files,
                presets={},
                pictures=pictures,
                methods=state.methods,
                address=f"{config.site_url or '/'}calculators/{slug}/",
            )
        except ChartError as error:
            raise PluginError(f"a chart of the embed of {slug}: {error}") from None
        files.append(File.generated(config, f"embed/{slug}/index.html", content=page(widget, config, modules)))
    return files
