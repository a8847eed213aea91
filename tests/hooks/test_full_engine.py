"""The full engine's bundle boots, is small, is the same every time, and says in a sentence what is wrong."""

from __future__ import annotations

import io
import json
import os
import shutil
import zipfile
from pathlib import Path

import pytest

from calculators import registry
from hooks import full_engine
from tests.calculators.helpers import bundle
from tests.engines.runners import CACHE, ROOT, answer_all

pytestmark = pytest.mark.node

LIBRARY_LIMIT_B = 1_500_000


@pytest.fixture(scope="module")
def engine() -> full_engine.EngineFiles:
    return full_engine.build(ROOT, CACHE / "full-engine")


def _copy_of_root(folder: Path) -> Path:
    """A repository with the real calculators, in which a test may change what it likes."""
    shutil.copytree(ROOT / "calculators", folder / "calculators", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "package-lock.json", folder)
    for name in ("catalog", "node_modules"):
        (folder / name).symlink_to(ROOT / name, target_is_directory=True)
    return folder


def test_it_holds_what_a_start_needs(engine: full_engine.EngineFiles) -> None:
    names = {name.removeprefix(engine.runtime) for name in engine.files if name.startswith(engine.runtime)}
    assert names == {"pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "pyodide-lock.json"}
    assert set(engine.files) == {engine.runtime + name for name in names} | {engine.python}
    lock = json.loads(engine.files[engine.runtime + "pyodide-lock.json"])
    assert lock["packages"] == {}
    assert len(engine.files[engine.python]) < LIBRARY_LIMIT_B
    assert engine.versions["pyodide"] == json.loads((ROOT / "package.json").read_text())["dependencies"]["pyodide"]


def test_the_library_is_trimmed_and_compiled(engine: full_engine.EngineFiles) -> None:
    with zipfile.ZipFile(io.BytesIO(engine.files[engine.python])) as library:
        names = set(library.namelist())
    assert {name.rpartition(".")[2] for name in names} == {"pyc"}
    calculators = {f"calculators/{slug.replace('-', '_')}.pyc" for slug in registry.SLUGS}
    assert calculators <= names
    assert {"calculators/_frozen.pyc", "calculators/core/run.pyc", "json/decoder.pyc", "typing.pyc"} <= names
    assert not {"calculators/__main__.pyc", "ssl.pyc", "os.pyc", "unittest/__init__.pyc"} & names


def test_it_boots_and_answers_as_cpython(engine: full_engine.EngineFiles) -> None:
    facts = {slug: json.dumps(bundle(slug), ensure_ascii=False) for slug in registry.SLUGS}
    asked = [(slug, '{"inputs": {}}') for slug in registry.SLUGS]
    asked += [(registry.SLUGS[0], '{"inputs": {"no_such_input": 1}}'), (registry.SLUGS[0], "not JSON")]
    expected = [json.loads(text) for text in answer_all("cpython", asked, facts)]
    found = [json.loads(text) for text in answer_all("pyodide", asked, facts)]
    assert [answer["ok"] for answer in found] == [True] * len(registry.SLUGS) + [False, False]
    for mine, theirs in zip(expected, found, strict=True):
        if mine["ok"]:
            assert mine["report"]["headline"] == theirs["report"]["headline"]
        else:
            assert mine == theirs


def test_a_new_build_gives_the_same_addresses_and_an_old_one_costs_nothing(
    engine: full_engine.EngineFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    anew = full_engine.build(ROOT, tmp_path)
    assert anew == engine

    def no_node(job: Path) -> str:
        raise AssertionError(f"Node was started for {job}")

    monkeypatch.setattr(full_engine, "_run_node", no_node)
    assert full_engine.build(ROOT, tmp_path) == anew


def test_only_the_newest_bundles_are_kept(tmp_path: Path) -> None:
    for number in range(full_engine.KEPT_BUNDLES + 3):
        (tmp_path / f"{number}").mkdir()
        os.utime(tmp_path / f"{number}", (number, number))
    full_engine._forget_old(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["3", "4", "5", "6", "7"]


def test_a_calculator_that_fails_in_the_engine_is_named(tmp_path: Path) -> None:
    root = _copy_of_root(tmp_path)
    path = root / "calculators" / "mortgage_vs_invest.py"
    path.write_text(path.read_text() + "\nimport sys\nif sys.platform == 'emscripten':\n    import no_such_thing\n")
    with pytest.raises(full_engine.EngineError, match=r"mortgage-vs-invest does not answer.*no_such_thing"):
        full_engine.build(root, tmp_path / "cache")


def test_a_calculator_with_a_mistake_is_named(tmp_path: Path) -> None:
    root = _copy_of_root(tmp_path)
    (root / "calculators" / "mortgage_vs_invest.py").write_text("CALCULATOR = nothing_here\n")
    with pytest.raises(full_engine.EngineError, match="nothing_here"):
        full_engine.build(root, tmp_path / "cache")


def test_another_pyodide_than_the_locked_one_is_refused(tmp_path: Path) -> None:
    root = _copy_of_root(tmp_path)
    lock = json.loads((root / "package-lock.json").read_text())
    lock["packages"]["node_modules/pyodide"]["version"] = "1.2.3"
    (root / "package-lock.json").write_text(json.dumps(lock))
    with pytest.raises(full_engine.EngineError, match=r"package-lock\.json asks for 1\.2\.3; run: make setup"):
        full_engine.build(root, tmp_path / "cache")


def test_without_npm_packages_it_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(full_engine.EngineError, match="run: make setup"):
        full_engine.build(tmp_path, tmp_path / "cache")
