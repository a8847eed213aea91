"""The Chromium that the tests drive: the machine's own, else one that is installed for it.

python tests/browser/find_browser.py             prints its path
python tests/browser/find_browser.py --install   installs one first where none is found
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

VARIABLE = "RECKONER_BROWSER"
PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_APPLICATIONS = ("Chromium", "Google Chrome", "Google Chrome for Testing")


class NoBrowserError(RuntimeError):
    """No Chromium was found, or none could be installed."""


def _starts(path: str) -> bool:
    """Whether it is a real browser: some systems have a program of that name that only says where to get one."""
    try:
        done = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and "Chrom" in done.stdout


def _system_candidates() -> Iterator[str]:
    for program in PROGRAMS:
        found = shutil.which(program)
        if found:
            yield found
    for folder in (Path("/Applications"), Path.home() / "Applications"):
        for name in MAC_APPLICATIONS:
            path = folder / f"{name}.app" / "Contents" / "MacOS" / name
            if path.is_file():
                yield str(path)


def _playwright_candidate() -> str | None:
    """Playwright's own browser. It is asked last: to ask takes half a second."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).is_file() else None


def find_browser() -> str:
    """The path of a Chromium or Chrome that starts.

    Raises:
        NoBrowserError: there is none; the message says what to do.
    """
    chosen = os.environ.get(VARIABLE)
    if chosen:
        path = shutil.which(chosen)
        if path is None or not _starts(path):
            raise NoBrowserError(f"{VARIABLE}={chosen} is not a Chromium or Chrome that starts")
        return path
    for candidate in _system_candidates():
        if _starts(candidate):
            return candidate
    own = _playwright_candidate()
    if own is not None and _starts(own):
        return own
    raise NoBrowserError(
        "no Chromium or Chrome was found; install one, name one in "
        f"{VARIABLE}, or run: .venv/bin/python tests/browser/find_browser.py --install"
    )


def _is_debian() -> bool:
    """Debian itself: on its descendants the package `chromium` may be an empty shell around a snap."""
    try:
        lines = Path("/etc/os-release").read_text(encoding="utf-8").splitlines()
    except OSError:
        return False
    return "ID=debian" in lines and shutil.which("apt-get") is not None


def _install_commands() -> Iterator[list[list[str]]]:
    """Ways to install a browser, each a list of commands, the best first."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if root and _is_debian():
        yield [
            ["apt-get", "-qq", "update"],
            ["apt-get", "-qq", "install", "--yes", "--no-install-recommends", "chromium", "fonts-dejavu-core"],
        ]
    with_libraries = ["--with-deps"] if root and sys.platform == "linux" else []
    yield [[sys.executable, "-m", "playwright", "install", *with_libraries, "chromium"]]


def install_browser() -> str:
    """Find a browser, or install one.

    Raises:
        NoBrowserError: nothing that was tried led to a browser that starts.
    """
    try:
        return find_browser()
    except NoBrowserError:
        if os.environ.get(VARIABLE):
            raise
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    failed = []
    for commands in _install_commands():
        print("Installing a browser for the tests:", " ".join(commands[-1]), file=sys.stderr, flush=True)
        for command in commands:
            # The tools' own chatter goes to standard error, so that standard output is the path alone.
            done = subprocess.run(command, env=environment, stdout=sys.stderr, check=False)
            if done.returncode != 0:
                failed.append(" ".join(command))
                break
        else:
            try:
                return find_browser()
            except NoBrowserError:
                failed.append(" ".join(commands[-1]) + " (it ended well, but no browser starts)")
    raise NoBrowserError(
        f"no Chromium could be installed (failed: {'; '.join(failed)}); "
        f"install Chromium or Chrome by hand, or name one in {VARIABLE}"
    )


def main(arguments: list[str]) -> int:
    """The command line."""
    if arguments not in ([], ["--install"]):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        print(install_browser() if arguments else find_browser())
    except NoBrowserError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
