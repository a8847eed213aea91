"""The small engine's files: small, stripped of what does not run and of nothing else."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
from pathlib import Path

import brotli
import pytest

from calculators import registry
from hooks import small_engine
from hooks.calculator_sources import needed_by, sources, stripped
from tests.calculators.helpers import bundle

ROOT = Path(__file__).parents[2]
CACHE = ROOT / ".cache" / "small-engine"
FACTS = {slug: json.dumps(bundle(slug), ensure_ascii=False) for slug in registry.SLUGS}

FIRST_ANSWER_LIMIT_B = 300_000


def test_it_holds_what_a_start_needs_and_is_small() -> None:
    engine = small_engine.build(ROOT, CACHE, FACTS)
    kits = {f"{engine.kits}{slug}.json" for slug in registry.SLUGS}
    runtime = {engine.runtime + name for name in ("micropython.mjs", "micropython.wasm")}
    assert set(engine.files) == runtime | kits
    locked = json.loads((ROOT / "package.json").read_text())["dependencies"]
    assert engine.version == locked["@micropython/micropython-webassembly-pyscript"]
    size = {name: len(brotli.compress(content, quality=9)) for name, content in engine.files.items()}
    scripts = sum(
        len(brotli.compress((ROOT / "docs/assets/javascripts" / name).read_bytes(), quality=9))
        for name in ("small-engine-worker.js", "engine-base-worker.js")
    )
    largest = sum(size[name] for name in runtime) + max(size[name] for name in kits) + scripts
    assert FIRST_ANSWER_LIMIT_B / 2 < largest < FIRST_ANSWER_LIMIT_B


def test_a_kit_has_the_framework_one_calculator_and_its_facts() -> None:
    engine = small_engine.build(ROOT, CACHE, FACTS)
    seen = 0
    for slug in registry.SLUGS:
        kit = json.loads(engine.files[f"{engine.kits}{slug}.json"])
        assert kit["facts"] == FACTS[slug]
        paths = {path.replace(".mpy", ".py") for path in kit["modules"]}
        own = set(needed_by(slug, sources(ROOT)))
        others = {path for other in registry.SLUGS for path in needed_by(other, sources(ROOT))} - own
        assert paths == set(sources(ROOT)) - others and "calculators/__main__.py" not in paths
        # An M and the version of the format.
        assert {text.encode("latin-1")[:2] for text in kit["modules"].values()} == {b"M\x06"}
        seen += 1
    assert seen >= 3
    assert sources(ROOT)["calculators/_frozen.py"] == f"SLUGS = {registry.SLUGS!r}\n"


def test_modules_are_compiled_once_and_old_ones_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = small_engine.build(ROOT, tmp_path, FACTS)
    kept = sorted(tmp_path.iterdir())
    assert len(kept) == len(sources(ROOT))
    (tmp_path / "old.mpy").write_bytes(b"M")
    os.utime(tmp_path / "old.mpy", (0, 0))
    monkeypatch.setattr(small_engine, "_KEPT_MODULES", len(kept))
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("nothing has changed"))
    assert small_engine.build(ROOT, tmp_path, FACTS).files == first.files
    assert sorted(tmp_path.iterdir()) == kept


def test_a_module_that_micropython_does_not_compile_is_named(tmp_path: Path) -> None:
    root = tmp_path / "root"
    shutil.copytree(ROOT / "calculators", root / "calculators")
    shutil.copy(ROOT / "package-lock.json", root)
    (root / "node_modules").symlink_to(ROOT / "node_modules")
    (root / "calculators" / "broken.py").write_text("def f(a, b):\n    return {**a, **b}\n")
    with pytest.raises(small_engine.EngineError, match=r"^MicroPython does not compile calculators/broken\.py: .+"):
        small_engine.build(root, tmp_path / "cache", {"broken": ""})


def test_a_calculator_brings_the_modules_that_it_uses() -> None:
    texts = {
        "calculators/one.py": "from calculators.core import Report\nfrom calculators.two import pay\n",
        "calculators/two.py": "import calculators.three\n",
        "calculators/three.py": "from calculators import one, registry\n",
        "calculators/four.py": "",
        "calculators/core/__init__.py": "",
    }
    assert needed_by("one", texts) == ["calculators/one.py", "calculators/three.py", "calculators/two.py"]
    assert needed_by("four", texts) == ["calculators/four.py"]


SOURCE = '''"""About the module."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

LIMIT: int = 3
"""What LIMIT means."""
bare: int


class Empty:
    """Nothing but words."""


class Held:
    name: str

    def get(self, *rest: Any, default: str = "a", **more: int) -> str | None:
        """Words."""
        text: str = "not a docstring"
        if default:
            """also words"""
        return text
'''


def test_what_does_not_run_is_left_out() -> None:
    lines = stripped(SOURCE).splitlines()
    assert [line for line in lines if line] == [
        "TYPE_CHECKING = False",
        "LIMIT = 3",
        "class Empty:",
        "    pass",
        "class Held:",
        "    def get(self, *rest, default='a', **more):",
        "        text = 'not a docstring'",
        "        if default:",
        "            pass",
        "        return text",
    ]


def test_every_module_is_stripped_to_a_program() -> None:
    seen = 0
    for path, text in sources(ROOT).items():
        left = stripped(text)
        ast.parse(left)
        assert "TYPE_CHECKING:" not in left and "__future__" not in left, path
        seen += len(left)
    assert 50_000 < seen < 0.75 * sum(len(text) for text in sources(ROOT).values())


def test_a_missing_or_another_package_is_said(tmp_path: Path) -> None:
    shutil.copy(ROOT / "package-lock.json", tmp_path)
    with pytest.raises(
        small_engine.EngineError, match=r"micropython-webassembly-pyscript is not installed in .*make setup"
    ):
        small_engine.build(tmp_path, tmp_path / "cache", FACTS)
    package = "@micropython/micropython-webassembly-pyscript"
    (tmp_path / "node_modules/@micropython").mkdir(parents=True)
    shutil.copytree(ROOT / "node_modules" / package, tmp_path / "node_modules" / package)
    lock = json.loads((tmp_path / "package-lock.json").read_text())
    lock["packages"][f"node_modules/{package}"]["version"] = "1.2.3"
    (tmp_path / "package-lock.json").write_text(json.dumps(lock))
    with pytest.raises(small_engine.EngineError, match=r"has MicroPython 1\.27\.0, .* asks for 1\.2\.3"):
        small_engine.build(tmp_path, tmp_path / "cache", FACTS)
