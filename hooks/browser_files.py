"""Our scripts and styles, as the browser fetches them.

They stand under addresses that contain the hash of the content, so that a host can let browsers keep them for ever
and a page never mixes versions.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.config.config_options import ExtraScriptValue
from mkdocs.plugins import event_priority

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

_HASHED_FOLDERS = ("assets/javascripts", "assets/stylesheets")


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
    for file in files:
        if file.src_dir == config.docs_dir and not file.is_documentation_page():  # not the theme's own
            file.dest_uri = moved(file.src_uri, config.extra["reckoner_folders"])
    return files
