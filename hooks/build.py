"""State of one build: made when it starts, handed from hook to hook, and the problems that end it.

MkDocs keeps hook modules alive between the builds of `mkdocs serve`, so nothing may live in a module;
everything that a build knows hangs on its configuration.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority

import catalog
from hooks.answers import Answers
from hooks.kept import kept

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

    from hooks.claims import CheckedClaim
    from hooks.entries import Entry
    from hooks.links import Links, Targets
    from hooks.method import Method
    from hooks.posts import Post

_KEY = "reckoner_build"
CHECK = "reckoner_check"
"""Set in a configuration's `extra` where the pages are only looked at for mistakes."""
LOADED = "reckoner_loaded"
"""In `extra`: the catalog, where it is loaded and checked already."""


@dataclass
class BuildState:
    """What the hooks of one build share."""

    root: Path
    """The repository's folder."""
    catalog: catalog.Catalog
    answers: Answers
    is_check: bool = False
    """Nobody will look at the pages: what only browsers need is not made."""
    engine_files: dict[str, str] = field(default_factory=dict)
    """Addresses of the engines' files below the site's root: micropython, sources, runtime, python, facts."""
    entries: dict[str, Entry] = field(default_factory=dict)
    """Research entries by their path below docs/."""
    posts: dict[str, Post] = field(default_factory=dict)
    """Posts by their path below docs/."""
    links: Links | None = None
    """Which page refers to which; there once hooks/links.py has read the pages."""
    targets: Targets | None = None
    """What links by id can lead to."""
    methods: dict[str, Method] = field(default_factory=dict)
    """How each calculator works, by its slug."""
    claims: list[CheckedClaim] = field(default_factory=list)
    """Claims of others in the pages, checked."""
    warnings: list[str] = field(default_factory=list)
    """`file:line: what could be better`; `make check` prints them, and nothing fails for them."""
    problems: list[str] = field(default_factory=list)
    """`file:line: what is wrong` of every author's mistake found so far."""

    def fail_if_problems(self) -> None:
        """Ends the build with all problems at once."""
        if self.problems:
            raise PluginError("\n".join(["these need mending:", *sorted(set(self.problems))]))


def state_of(config: MkDocsConfig) -> BuildState:
    """The state of the build that `config` belongs to."""
    state: BuildState = config.extra[_KEY]
    return state


def start(config: MkDocsConfig) -> BuildState:
    """A fresh state: the catalog loaded and checked, the calculators ready to answer."""
    root = Path(config.config_file_path).parent
    kept.begin(root)
    try:
        loaded = config.extra.get(LOADED) or kept.of("catalog", "", lambda: catalog.load(root / "catalog"))
    except catalog.CatalogError as error:
        raise PluginError(f"the catalog needs mending:\n{error}") from None
    return BuildState(root, loaded, Answers(root, loaded), bool(config.extra.get(CHECK)))


@event_priority(100)  # First: every other hook asks for the state.
def on_config(config: MkDocsConfig) -> MkDocsConfig:
    config.extra[_KEY] = start(config)
    return config


@event_priority(-100)  # Last: every page has been rendered and every problem found.
def on_env(env: object, *, config: MkDocsConfig, files: Files) -> None:
    state = state_of(config)
    if not state.is_check:  # a check goes on, to find broken links as well, and tells everything at the end
        state.fail_if_problems()
