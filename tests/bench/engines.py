"""The three engines on many scenarios: speed of each, and whether they agree."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from calculators import registry
from calculators.core.errors import InputError
from calculators.core.run import describe, run
from tests.bench.table import Figure
from tests.calculators.helpers import bundle
from tests.engines.compare import differences
from tests.engines.runners import answer_all
from tests.scenarios import choices_taken, scenarios

OTHERS = ("pyodide", "micropython")
_AT_ONCE = 250
"""Scenarios of one process: their answers, all tables included, are some megabytes in each engine."""


@dataclass
class Comparison:
    """What came out for one calculator."""

    slug: str
    asked: int
    valid: int = 0
    choices: dict[str, Counter[str]] = field(default_factory=dict)
    different: dict[str, list[str]] = field(default_factory=dict)
    """For each engine the scenarios that it answers differently, with the first differences."""
    seconds: dict[str, float] = field(default_factory=dict)

    def figures(self) -> list[Figure]:
        """As lines of the table."""
        rarest = min((min(taken.values()), name) for name, taken in self.choices.items()) if self.choices else (0, "-")
        options = max((len(taken) for taken in self.choices.values()), default=1)
        enough = min(50, self.asked // (2 * options))  # the longest list, each in its turn
        return [
            Figure(f"{self.slug}: scenarios", self.asked, "", 2000, at_least=True),
            Figure(f"{self.slug}: of these valid", 100 * self.valid / self.asked, "%", 90, at_least=True),
            Figure(f"{self.slug}: rarest choice taken", rarest[0], "times", enough, at_least=True, note=rarest[1]),
            *(
                Figure(f"{self.slug}: {engine} answers differently", len(found), "scenarios", 0)
                for engine, found in self.different.items()
            ),
            *(
                Figure(f"{self.slug}: {engine}, a scenario with all tables", 1000 * seconds / self.asked, "ms")
                for engine, seconds in self.seconds.items()
            ),
        ]


def compare(slug: str, count: int, say: Callable[[str], None]) -> Comparison:
    """Asks all three engines the same, in portions."""
    described = describe(registry.load(slug), bundle(slug))
    made = scenarios(described, count)
    facts = {slug: json.dumps(bundle(slug), ensure_ascii=False)}
    asked = [(slug, json.dumps({"inputs": scenario, "tables": None})) for scenario in made]
    result = Comparison(slug, len(asked), choices=choices_taken(described, made))
    for field_ in described["inputs"]:
        if field_["kind"] == "choice":  # one that is never taken has a count of 0, not no count
            for option in field_["options"]:
                result.choices[field_["name"]].setdefault(option["value"], 0)
    result.different = {engine: [] for engine in OTHERS}

    def timed(engine: str, portion: list[tuple[str, str]]) -> list[str]:
        started = time.perf_counter()
        answers = answer_all(engine, portion, facts)
        result.seconds[engine] = result.seconds.get(engine, 0.0) + time.perf_counter() - started
        return answers

    for start in range(0, len(asked), _AT_ONCE):
        portion = asked[start : start + _AT_ONCE]
        with ThreadPoolExecutor(len(OTHERS)) as pool:
            running = {engine: pool.submit(timed, engine, portion) for engine in OTHERS}
            found = {engine: future.result() for engine, future in running.items()}
        for index, text in enumerate(timed("cpython", portion)):
            mine = json.loads(text)
            result.valid += mine["ok"]
            for engine in OTHERS:
                unlike = differences(mine, json.loads(found[engine][index]))
                if unlike:
                    result.different[engine].append(f"{portion[index][1]}: {'; '.join(unlike[:3])}")
        say(f"  {slug}: {min(start + _AT_ONCE, len(asked))} of {len(asked)} scenarios")
    return result


def run_seconds(slug: str, tables: list[str] | None, times: int = 50) -> float:
    """The median time of a run in CPython with other inputs each time."""
    calculator = registry.load(slug)
    facts = bundle(slug)
    described = describe(calculator, facts)
    taken = []
    for scenario in scenarios(described, 3 * times, seed=1):
        started = time.perf_counter()
        try:
            run(calculator, scenario, facts, tables)
        except InputError:
            continue
        taken.append(time.perf_counter() - started)
    taken.sort()
    return taken[len(taken) // 2]


def open_tables(slug: str) -> list[str]:
    """The tables that a page shows at once."""
    return [table["id"] for table in run(registry.load(slug), {}, bundle(slug), [])["tables"] if table["opened"]]


def micropython_run_seconds(slug: str, times: int = 200) -> float:
    """A run of the small engine as the page asks for it, with the tables that stand open; without its start."""
    calculator, facts = registry.load(slug), bundle(slug)
    opened = open_tables(slug)
    made = scenarios(describe(calculator, facts), times + 1, seed=1)
    asked = [(slug, json.dumps({"inputs": scenario, "tables": opened})) for scenario in made]
    text = {slug: json.dumps(facts, ensure_ascii=False)}
    seconds = []
    for portion in (asked[:1], asked):
        started = time.perf_counter()
        answer_all("micropython", portion, text)
        seconds.append(time.perf_counter() - started)
    return (seconds[1] - seconds[0]) / times
