"""A small site in a temporary folder, built the way the real one is."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from mkdocs import utils
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort
from mkdocs.structure.files import File

from hooks.kept import kept

ROOT = Path(__file__).parents[2]

ENTRY = """---
title: A subject
summary: One sentence that says what a reader learns here.
topic: hardware
tags: [unified-memory]
reviewed: 2026-11-21
review_after_days: 180
facts: [finance/us-federal-income-tax/standard_deduction_joint_usd]
calculators: [mortgage-vs-invest]
sources: [irs-rev-proc-2025-32, damodaran-histretsp, stag-historical-returns]
---

# A subject

## What it is

## Why it matters

## Recent developments

## Key people and organisations

## Sources
"""

PAGES = {
    "index.md": "# Home\n",
    "licence.md": "# Licence\n",
    "calculators/index.md": "# Calculators\n",
    "calculators/mortgage-vs-invest.md": "# One\n\n```calculator\nmortgage-vs-invest\n```\n",
    "research/hardware/subject.md": ENTRY,
}

Build = Callable[..., Path]


class BuildFailed(Exception):
    """The build was aborted; the text is what it printed as errors and warnings."""


@pytest.fixture
def build_site(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Build:
    """Builds a site of PAGES, changed or extended by the given ones, and returns its folder."""
    root = tmp_path / "root"
    root.mkdir()
    for folder in ("calculators", "catalog", "hooks", ".cache", "node_modules"):
        (root / folder).symlink_to(ROOT / folder, target_is_directory=True)
    for name in ("mkdocs.yml", "package-lock.json", "package.json"):
        (root / name).symlink_to(ROOT / name)
    shutil.copytree(ROOT / "docs" / "assets", root / "docs" / "assets")

    def run(pages: dict[str, str] | None = None, times: int = 1) -> Path:
        for name, text in {**PAGES, **(pages or {})}.items():
            path = root / "docs" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        for _ in range(times):
            config = load_config(str(root / "mkdocs.yml"), site_dir=str(tmp_path / "site"), strict=True)
            config.plugins.on_startup(command="build", dirty=False)
            try:
                build(config)
            except Abort:
                raise BuildFailed("\n".join(record.getMessage() for record in caplog.records)) from None
        return tmp_path / "site"

    return run


@pytest.fixture(autouse=True)
def _mkdocs_warnings(monkeypatch: pytest.MonkeyPatch) -> None:
    """MkDocs adds handlers to the root of its loggers; each test begins without them."""
    logger = logging.getLogger("mkdocs")
    monkeypatch.setattr(logger, "handlers", [])


@pytest.fixture(autouse=True)
def _nothing_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    """`mkdocs serve` exchanges functions of MkDocs until it shuts down (hooks/serve.py); tests need not."""
    monkeypatch.setattr(kept, "is_serving", False)
    for owner, name in ((utils, "write_file"), (utils, "clean_directory"), (File, "copy_file")):
        monkeypatch.setattr(owner, name, getattr(owner, name))
