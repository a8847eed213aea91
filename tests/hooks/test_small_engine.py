"""The small engine's files: small, stripped of what does not run and of nothing else."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
from pathlib import Path

import brotli
import pytest

from calculators import registry
from hooks import small_engine
from hooks.calculator_sources import needed_by, sources, stripped

ROOT = Path(__file__).parents[2]
CACHE = ROOT / ".cache" / "small-engine"

FIRST_ANSWER_LIMIT_B = 300_000


def test_it_holds_what_a_start_needs_and_is_small() -> None:
    engine = small_engine.build(ROOT, CACHE)
    parts = {name.removeprefix(engine.sources) for name in engine.files if name.startswith(engine.sources)}
    assert parts == {"core.json", *(f"{slug}.json" for slug in registry.SLUGS)}
    runtime = {engine.runtime + name for name in ("micropython.mjs", "micropython.wasm")}
    assert set(engine.files) == runtime | {engine.sources + part for part in parts}
    locked = json.loads((ROOT / "package.json").read_text())["dependencies"]
    assert engine.version == locked["@micropython/micropython-webassembly-pyscript"]
    size = {name: len(brotli.compress(content, quality=9)) for name, content in engine.files.items()}
    framework = sum(size[name] for name in [*runtime, engine.sources + "core.json"])
    largest = max(size[f"{engine.sources}{slug}.json"] for slug in registry.SLUGS)
    assert framework + largest < FIRST_ANSWER_LIMIT_B - 50_000, "facts and scripts come on top"


def test_every_module_is_in_one_part_and_compiled() -> None:
    engine = small_engine.build(ROOT, CACHE)
    modules: list[tuple[str, str]] = []
    for name, content in engine.files.items():
        if name.endswith(".json"):
            modules += json.loads(content).items()
    paths = sorted(path.replace(".mpy", ".py") for path, _ in modules)
    assert paths == sorted(sources(ROOT)) and len(paths) >= 15
    assert "calculators/__main__.py" not in paths
    # An M and the version of the format.
    assert {text.encode("latin-1")[:2] for _, text in modules} == {b"M\x06"}
    assert sources(ROOT)["calculators/_frozen.py"] == f"SLUGS = {registry.SLUGS!r}\n"


def test_modules_are_compiled_once_and_old_ones_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = small_engine.build(ROOT, tmp_path)
    kept = sorted(tmp_path.iterdir())
    assert len(kept) == len(sources(ROOT))
    (tmp_path / "old.mpy").write_bytes(b"M")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("nothing has changed"))
    assert small_engine.build(ROOT, tmp_path).files == first.files
    assert sorted(tmp_path.iterdir()) == kept


def test_a_module_that_micropython_does_not_compile_is_named(tmp_path: Path) -> None:
    root = tmp_path / "root"
    shutil.copytree(ROOT / "calculators", root / "calculators")
    shutil.copy(ROOT / "package-lock.json", root)
    (root / "node_modules").symlink_to(ROOT / "node_modules")
    (root / "calculators" / "broken.py").write_text("def f(a, b):\n    return {**a, **b}\n")
    with pytest.raises(small_engine.EngineError, match=r"^MicroPython does not compile calculators/broken\.py: .+"):
        small_engine.build(root, tmp_path / "cache")


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
        small_engine.build(tmp_path, tmp_path / "cache")
    package = "@micropython/micropython-webassembly-pyscript"
    (tmp_path / "node_modules/@micropython").mkdir(parents=True)
    shutil.copytree(ROOT / "node_modules" / package, tmp_path / "node_modules" / package)
    lock = json.loads((tmp_path / "package-lock.json").read_text())
    lock["packages"][f"node_modules/{package}"]["version"] = "1.2.3"
    (tmp_path / "package-lock.json").write_text(json.dumps(lock))
    with pytest.raises(small_engine.EngineError, match=r"has MicroPython 1\.27\.0, .* asks for 1\.2\.3"):
        small_engine.build(tmp_path, tmp_path / "cache")
