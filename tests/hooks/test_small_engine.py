"""The small engine's files: small, stripped of what does not run and of nothing else."""

from __future__ import annotations

import ast
import json
import shutil
from pathlib import Path

import brotli
import pytest

from calculators import registry
from hooks import small_engine
from hooks.calculator_sources import needed_by, sources, stripped

ROOT = Path(__file__).parents[2]

FIRST_ANSWER_LIMIT_B = 300_000


def test_it_holds_what_a_start_needs_and_is_small() -> None:
    engine = small_engine.build(ROOT)
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


def test_every_module_is_in_one_part() -> None:
    engine = small_engine.build(ROOT)
    modules = [path for name, content in engine.files.items() if name.endswith(".json") for path in json.loads(content)]
    assert sorted(modules) == sorted(sources(ROOT)) and len(modules) >= 15
    assert "calculators/__main__.py" not in modules
    frozen = json.loads(engine.files[engine.sources + "core.json"])["calculators/_frozen.py"]
    assert frozen == f"SLUGS = {registry.SLUGS!r}\n"


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
        small_engine.build(tmp_path)
    package = "@micropython/micropython-webassembly-pyscript"
    (tmp_path / "node_modules/@micropython").mkdir(parents=True)
    shutil.copytree(ROOT / "node_modules" / package, tmp_path / "node_modules" / package)
    lock = json.loads((tmp_path / "package-lock.json").read_text())
    lock["packages"][f"node_modules/{package}"]["version"] = "1.2.3"
    (tmp_path / "package-lock.json").write_text(json.dumps(lock))
    with pytest.raises(small_engine.EngineError, match=r"has MicroPython 1\.27\.0, .* asks for 1\.2\.3"):
        small_engine.build(tmp_path)
