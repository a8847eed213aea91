"""The engines that answer in the browser, and the calculators' facts, as files of the site.

They stand under addresses that contain the hash of the content, as scripts and styles do (hooks/browser_files.py).
"""

from __future__ import annotations

import json
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File

from catalog import Catalog, facts_bundle
from hooks import full_engine, small_engine
from hooks.answers import Answers
from hooks.browser_files import content_hash
from hooks.build import state_of

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

_PARTS = ("micropython", "kits", "runtime", "python", "facts")
"""The names under which pages find the engines' files."""
_KEY = "reckoner_full_engine"


def facts_of_calculators(catalog: Catalog, answers: Answers) -> dict[str, str]:
    """The JSON text for each calculator of the facts that it names and their sources."""
    texts = {}
    for slug in answers.slugs():
        bundle = facts_bundle(catalog, answers.describe(slug)["facts"])
        texts[slug] = json.dumps(bundle, ensure_ascii=False, separators=(",", ":"))
    return texts


@event_priority(50)  # Early: the sooner it is ready.
def on_config(config: MkDocsConfig) -> None:
    """Starts to make the full engine: Node needs seconds for it, while the other hooks read pages."""
    state = state_of(config)
    if not state.is_check:
        with_one = ThreadPoolExecutor(max_workers=1)
        folder = state.root / ".cache" / "full-engine"
        config.extra[_KEY] = with_one.submit(full_engine.build, state.root, folder)
        with_one.shutdown(wait=False)


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    state = state_of(config)
    if state.is_check:
        state.engine_files.update(dict.fromkeys(_PARTS, "unmade/"))
        return files
    facts = facts_of_calculators(state.catalog, state.answers)
    making: Future[full_engine.EngineFiles] = config.extra[_KEY]
    try:
        small = small_engine.build(state.root, state.root / ".cache" / "small-engine", facts)
        full = making.result()
    except (full_engine.EngineError, small_engine.EngineError) as error:
        raise PluginError(f"the browser's engines could not be made: {error}") from None
    for address, content in {**full.files, **small.files}.items():
        files.append(File.generated(config, address, content=content))
    folder = f"assets/facts/{content_hash([(slug, text.encode()) for slug, text in facts.items()])}/"
    for slug, text in facts.items():
        files.append(File.generated(config, f"{folder}{slug}.json", content=text))
    made = (small.runtime, small.kits, full.runtime, full.python, folder)
    state.engine_files.update(zip(_PARTS, made, strict=True))
    return files
