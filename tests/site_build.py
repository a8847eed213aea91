"""Builds the site for the browser tests and the benchmark, and says how the browser is started for it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

_ARGUMENTS = (
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def chromium_arguments() -> list[str]:
    """Arguments for a quiet browser; Chromium has no sandbox for root."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return [*_ARGUMENTS, *(["--no-sandbox"] if is_root else [])]


def build_site(folder: Path, site_url: str, root: Path = ROOT) -> Path:
    """The site as `make build` makes it, for this address."""
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)],
        cwd=root,
        env={**os.environ, "SITE_URL": site_url, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"the site could not be built:\n{done.stdout}{done.stderr}"
    return folder


def source_tree(folder: Path, pages: dict[str, str], with_cache: bool = True) -> Path:
    """The sources with additional pages, for a build that leaves the real ones alone.

    Arguments:
        with_cache: whether the build may use what earlier ones have kept.
    """
    left_out = {"docs", "site", ".git", "tests"} | (set() if with_cache else {".cache"})
    folder.mkdir()
    for path in ROOT.iterdir():
        if path.name not in left_out:
            (folder / path.name).symlink_to(path, target_is_directory=path.is_dir())
    shutil.copytree(ROOT / "docs", folder / "docs")
    for name, text in pages.items():
        path = folder / "docs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder
