"""python -m tests.prose: the spelling and the style of everything that the project says in plain words.

Spelling is British, by cspell with its dictionary; the words of the field stand in words.txt. Style is rules.py.

Exit status: 0; 1 when something needs mending, a line each: file:line: the word, and what to write instead.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from hooks.node import node_binary
from tests.prose.rules import Finding, findings
from tests.prose.texts import Text, names, texts

ROOT = Path(__file__).parents[2]
OWN = Path(__file__).parent
FEWEST_TEXTS = 300
_SAID = re.compile(
    r"^(?P<file>.+?):(?P<line>\d+):\d+ - (?P<what>.*?)(?: fix: .*?)?(?: Suggestions: \[(?P<instead>.*)\])?$"
)
_NAME = re.compile(
    r"""(?<![\w'’-])(?:
        [A-Za-z0-9'’_./+-]*(?:[a-z0-9][A-Z]|[A-Z]{2}|\d)[\w'’./+-]*    # NVLink, GB200, llama3
      | (?<=[\w,;:)]\ )[A-Z][\w'’-]*                                   # a capital inside of a sentence
    )""",
    re.VERBOSE,
)


def spelling(found: Sequence[Text]) -> Iterator[Finding]:
    """Words that are in no dictionary. Names are not looked at: capitals inside of a sentence, letters with digits."""
    cspell = OWN / "node_modules" / "cspell" / "bin.mjs"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "names.dic").write_text("\n".join(names(ROOT)), encoding="utf-8")
        settings = json.loads((OWN / "cspell.json").read_text("utf-8"))
        settings["import"] = [str(OWN / "node_modules" / settings["import"][0])]
        for dictionary in settings["dictionaryDefinitions"]:
            dictionary["path"] = str({"field": OWN / "words.txt", "names": folder / "names.dic"}[dictionary["name"]])
        (folder / "cspell.json").write_text(json.dumps(settings), encoding="utf-8")
        for text in found:
            path = folder / f"{text.name}.txt"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("\n".join(without_names(line) for line in text.lines), encoding="utf-8")
        options = ["--no-progress", "--no-summary", "--no-color", "--show-suggestions", "--no-must-find-files", "--dot"]
        done = subprocess.run(
            [str(node_binary()), str(cspell), "lint", *options, "--config", "cspell.json", "**/*.txt"],
            cwd=folder,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        if done.returncode not in (0, 1) or done.stderr.strip():
            raise RuntimeError(f"cspell failed:\n{done.stderr}")
        for line in done.stdout.splitlines():
            said = _SAID.match(line)
            if not said:
                raise RuntimeError(f"cspell said what nobody expected: {line}")
            instead = f"; perhaps {said['instead']}" if said["instead"] else ""
            what = said["what"].replace("Unknown word", "unknown word").replace("Misspelled word", "misspelt word")
            yield Finding(said["file"].removeprefix("./").removesuffix(".txt"), int(said["line"]), what + instead)


def without_names(line: str) -> str:
    """The line with names blanked."""
    return _NAME.sub(lambda found: " " * len(found.group()), line)


def main() -> int:
    found = list(texts(ROOT))
    if len(found) < FEWEST_TEXTS:
        raise RuntimeError(f"{len(found)} files with texts, fewer than {FEWEST_TEXTS}: this check looks at too little")
    wrong = sorted({*spelling(found), *(one for text in found for one in findings(text))})
    for one in wrong:
        print(one)
    if wrong:
        print(f"{len(wrong)} to mend. A word of the field that is right goes into tests/prose/words.txt.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
