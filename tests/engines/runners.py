"""The three engines behind one function: text in, text out, one process for all scenarios."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from calculators.core.run import answer_json
from hooks import full_engine, small_engine
from hooks.node import node_binary, node_environment

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache"

ENGINES = ("cpython", "pyodide", "micropython")
_DEADLINE_S = 1800


class RunnerError(RuntimeError):
    """An engine did not start, broke off, or answered too little."""


def answer_all(engine: str, asked: Sequence[tuple[str, str]], facts: Mapping[str, str]) -> list[str]:
    """The answer's text for every (slug, request text), in order.

    Arguments:
        engine: one of `ENGINES`.
        facts: the facts' JSON text for every slug in `asked`.
    """
    if engine == "cpython":
        return [answer_json(slug, request, facts[slug]) for slug, request in asked]
    if engine == "pyodide":
        full = full_engine.build(ROOT, CACHE / "full-engine")
        site = _on_disk(full.files)
        arguments = [str(site / full.runtime), str(site / full.python)]
    elif engine == "micropython":
        small = small_engine.build(ROOT, CACHE / "small-engine", facts)
        site = _on_disk(small.files)
        arguments = [str(site / small.runtime), str(site / small.kits)]
    else:
        raise RunnerError(f"there is no engine {engine}; there are {', '.join(ENGINES)}")
    return answers_of(f"{engine}_runner.mjs", arguments, asked, facts)


def _on_disk(files: Mapping[str, bytes]) -> Path:
    """What a hook makes for the site, written to a folder of its own, as a web server has it."""
    site = CACHE / "engine-under-test"
    for name, content in files.items():
        path = site / name
        if not path.exists():  # its address has the hash of the content
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    return site


def answers_of(
    runner: str, arguments: list[str], asked: Sequence[tuple[str, str]], facts: Mapping[str, str]
) -> list[str]:
    """What a runner answers: every line to it is one request, every line from it one answer, both as JSON."""
    lines = [json.dumps({"facts": dict(facts)})]
    lines += [json.dumps([slug, request]) for slug, request in asked]
    try:
        done = subprocess.run(
            [str(node_binary()), str(Path(__file__).with_name(runner)), *arguments],
            input="\n".join(lines) + "\n",
            capture_output=True,
            encoding="utf-8",
            timeout=_DEADLINE_S,
            env=node_environment(),
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise RunnerError(f"{runner} did not end within {_DEADLINE_S} s") from None
    if done.returncode != 0:
        raise RunnerError(f"{runner} failed: {done.stderr.strip()[-2000:]}")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    if len(answers) != len(asked):
        raise RunnerError(f"{runner} gave {len(answers)} answers to {len(asked)} requests: {done.stderr[-2000:]}")
    return answers
