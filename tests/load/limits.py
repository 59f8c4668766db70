"""A smaller machine than this one: a process held to so many cores and so much memory, by the kernel."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CONTROL = Path("/sys/fs/cgroup")


@contextmanager
def held(process: int, cores: int | None, megabytes: int | None) -> Iterator[str]:
    """Within this context the process, and what it starts, has no more than that; yields how that is done."""
    how = []
    if cores:
        for thread in Path(f"/proc/{process}/task").iterdir():
            os.sched_setaffinity(int(thread.name), sorted(os.sched_getaffinity(0))[:cores])
        how.append(f"{cores} core (sched_setaffinity)")
    if not megabytes:
        yield " and ".join(how) or "as it is"
        return
    group, limit = _group()
    group.mkdir()
    try:
        (group / limit).write_text(str(megabytes * 1_000_000))
        (group / "cgroup.procs").write_text(str(process))
        yield " and ".join([*how, f"{megabytes} MB (cgroup {limit})"])
    finally:
        for held_process in (group / "cgroup.procs").read_text().split():  # with those that it began
            (group.parent / "cgroup.procs").write_text(held_process)
        group.rmdir()


def _group() -> tuple[Path, str]:
    """A control group of this command's own, and its file that bounds memory: of version 2, or of version 1."""
    name = f"load-{os.getpid()}"
    if (CONTROL / "cgroup.controllers").exists():
        return CONTROL / name, "memory.max"
    return CONTROL / "memory" / name, "memory.limit_in_bytes"
