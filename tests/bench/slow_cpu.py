"""Holds a browser, with all of its processes, to a share of one core, as a slow device would.

A control group of the kernel does it exactly, where this process may make one (Linux, as root). Elsewhere on Linux
the processes are stopped and continued in short turns, on one core; that is coarser, and said in the output.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

_GROUPS = Path("/sys/fs/cgroup")
_PERIOD_S = 0.02
"""Short, so that a browser that is held is slow, not slow by turns."""
_LOOK_AGAIN_S = 0.04
_QUIET_S = 0.5
_QUIET_SHARE = 0.02
"""Of a core; the kernel counts in steps of 10 ms."""
_QUIET_WITHIN_S = 60


class CannotHold(RuntimeError):
    """This machine offers neither way."""


@contextmanager
def held(profile: Path, share: float) -> Iterator[str]:
    """Holds the browser that runs with this profile, once it has started; yields in words how.

    Arguments:
        profile: its folder for the user's data, which its command line names.
        share: of one core.

    Raises:
        CannotHold: if there is no way to do so here.
    """
    if not Path("/proc/self/task").is_dir():
        raise CannotHold("there is no /proc")
    # A browser goes on with its start for a second behind its first page: it prepares its own menus (0.7 s of a core).
    # Held, it would do so for seconds, at the cost of the page that is measured. A reader's has started long ago.
    wait_until_quiet(profile)
    group = _make_group(share)
    with ExitStack() as stack:
        if group:
            stack.callback(_remove, group)
            _move(profile, group)
            yield "control group"
            assert _times_held_back(group) > 0, "the browser was never held back"
            return
        stopped = threading.Event()
        thread = threading.Thread(target=_take_turns, args=(profile, share, stopped), daemon=True)
        thread.start()
        stack.callback(thread.join)
        stack.callback(stopped.set)
        yield "stopping and continuing, on one core"


def wait_until_quiet(profile: Path) -> None:
    """Waits until the browser, with all of its processes, has nothing to do.

    Raises:
        AssertionError: if it is never quiet.
    """
    give_up_at = time.monotonic() + _QUIET_WITHIN_S
    before = _cpu_seconds(profile)
    while time.monotonic() < give_up_at:
        time.sleep(_QUIET_S)
        used = _cpu_seconds(profile)
        if used - before <= _QUIET_SHARE * _QUIET_S:
            return
        before = used
    raise AssertionError(f"the browser does not come to rest within {_QUIET_WITHIN_S} s")


def _cpu_seconds(profile: Path) -> float:
    """What all processes of the browser have used of the processors so far."""
    ticks = 0
    for pid in _processes(profile):
        with suppress(OSError):
            user, system = _stat(pid)[11:13]
            ticks += int(user) + int(system)
    return ticks / os.sysconf("SC_CLK_TCK")


# ---- control groups


def _make_group(share: float) -> Path | None:
    """A group of its own, in the second or the first version of the kernel's interface; None if neither works."""
    period_us = round(_PERIOD_S * 1e6)
    quota_us = round(share * period_us)
    if (_GROUPS / "cgroup.controllers").exists():
        parent, settings = _GROUPS, {"cpu.max": f"{quota_us} {period_us}"}
    else:
        parent, settings = _GROUPS / "cpu", {"cpu.cfs_period_us": str(period_us), "cpu.cfs_quota_us": str(quota_us)}
    group = parent / f"bench-{os.getpid()}"
    try:
        group.mkdir()
        for name, value in settings.items():
            if not (group / name).exists():
                raise OSError(f"no {name}")
            (group / name).write_text(value)
    except OSError:
        with suppress(OSError):
            group.rmdir()
        return None
    return group


def _move(profile: Path, group: Path) -> None:
    """Processes that a moved one starts later are born in the group; look until no other is left."""
    moved: set[int] = set()
    while new := [pid for pid in _processes(profile) if pid not in moved]:
        for pid in new:
            moved.add(pid)
            with suppress(OSError):  # it has ended
                (group / "cgroup.procs").write_text(str(pid))
    assert moved, f"no browser runs with {profile}"


def _times_held_back(group: Path) -> int:
    lines = (group / "cpu.stat").read_text().split("\n")
    return next(int(line.split()[1]) for line in lines if line.startswith("nr_throttled "))


def _remove(group: Path) -> None:
    """The browser has been told to end; what is left of it then runs on in the group above."""
    for pid in (group / "cgroup.procs").read_text().split():
        with suppress(OSError):
            (group.parent / "cgroup.procs").write_text(pid)
    with suppress(OSError):
        group.rmdir()


# ---- turns


def _take_turns(profile: Path, share: float, stopped: threading.Event) -> None:
    core = {min(os.sched_getaffinity(0))}
    found: list[int] = []
    looked_at = 0.0
    while not stopped.is_set():
        if time.monotonic() - looked_at > _LOOK_AGAIN_S:
            found = _processes(profile)
            looked_at = time.monotonic()
            for pid in found:
                _pin(pid, core)
        _signal(found, signal.SIGCONT)
        time.sleep(share * _PERIOD_S)
        _signal(found, signal.SIGSTOP)
        time.sleep((1 - share) * _PERIOD_S)
    _signal(_processes(profile), signal.SIGCONT)


def _pin(pid: int, core: set[int]) -> None:
    with suppress(OSError):
        for task in os.listdir(f"/proc/{pid}/task"):
            if os.sched_getaffinity(int(task)) != core:
                os.sched_setaffinity(int(task), core)


def _signal(processes: list[int], number: int) -> None:
    for pid in processes:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


def _stat(pid: int) -> list[str]:
    """What the kernel says of a process after its name, which stands in brackets and may hold blanks."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _processes(profile: Path) -> list[int]:
    """The browser's first process, which names the profile, and all below it."""
    parents: dict[int, int] = {}
    found: set[int] = set()
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        with suppress(OSError):
            pid = int(folder.name)
            parents[pid] = int(_stat(pid)[1])
            command = (folder / "cmdline").read_bytes().split(b"\0")
            if f"--user-data-dir={profile}".encode() in command:
                found.add(pid)
    grown = True
    while grown:
        below = {pid for pid, parent in parents.items() if parent in found and pid not in found}
        found |= below
        grown = bool(below)
    return sorted(found)
