"""What the browser fetches: the engines, the calculators' facts, and our scripts and styles.

All of it stands under addresses that contain the hash of the content, so that a host can let browsers keep
it for ever and a page never mixes versions.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.config.config_options import ExtraScriptValue
from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File

from catalog import Catalog, facts_bundle
from hooks import full_engine, small_engine
from hooks.answers import Answers
from hooks.build import BuildState, state_of
from hooks.kept import kept

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

_PARTS = ("micropython", "kits", "runtime", "python", "facts")
"""The names under which pages find the engines' files."""
_HASHED_FOLDERS = ("assets/javascripts", "assets/stylesheets")


def facts_of_calculators(catalog: Catalog, answers: Answers) -> dict[str, str]:
    """The JSON text for each calculator of the facts that it names and their sources."""
    texts = {}
    for slug in answers.slugs():
        bundle = facts_bundle(catalog, answers.describe(slug)["facts"])
        texts[slug] = json.dumps(bundle, ensure_ascii=False, separators=(",", ":"))
    return texts


def content_hash(files: list[tuple[str, bytes]]) -> str:
    """A short name for these files' names and content."""
    digest = hashlib.sha256()
    for name, content in files:
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:16]


def hashed_folders(docs: Path) -> dict[str, str]:
    """Where our scripts and styles are published: folder below docs/ -> folder with the hash of its files.

    The whole folder moves together, so that the imports between modules stay as they are written.
    """
    moved = {}
    for folder in _HASHED_FOLDERS:
        paths = sorted(path for path in (docs / folder).rglob("*") if path.is_file())
        named = [(path.relative_to(docs / folder).as_posix(), path.read_bytes()) for path in paths]
        moved[folder] = f"{folder}/{content_hash(named)}"
    return moved


def moved(uri: str, folders: dict[str, str]) -> str:
    """The published address of a file below docs/."""
    for folder, hashed in folders.items():
        if uri.startswith(f"{folder}/"):
            return hashed + uri.removeprefix(folder)
    return uri


def _engines(state: BuildState) -> tuple[full_engine.EngineFiles, dict[str, str], small_engine.EngineFiles]:
    """Both engines, and the facts of the calculators between them."""
    full = full_engine.build(state.root, state.root / ".cache" / "full-engine")
    facts = facts_of_calculators(state.catalog, state.answers)
    return full, facts, small_engine.build(state.root, state.root / ".cache" / "small-engine", facts)


@event_priority(50)  # Before pages are read: widgets name these files.
def on_config(config: MkDocsConfig) -> MkDocsConfig:
    folders = hashed_folders(Path(config.docs_dir))
    config.extra["reckoner_folders"] = folders
    config.extra_css = [moved(uri, folders) for uri in config.extra_css]
    for script in config.extra_javascript:
        assert isinstance(script, ExtraScriptValue)
        script.path = moved(script.path, folders)
    return config


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    state = state_of(config)
    for file in files:
        if file.src_dir == config.docs_dir and not file.is_documentation_page():  # not the theme's own
            file.dest_uri = moved(file.src_uri, config.extra["reckoner_folders"])
    if state.is_check:
        state.engine_files.update(dict.fromkeys(_PARTS, "unmade/"))
        return files
    try:
        full, facts, small = kept.of("engines", "", lambda: _engines(state))
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
