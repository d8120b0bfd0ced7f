"""Processor time of processes and of a PostgreSQL server with all its backends, from /proc."""

import os
import resource
from pathlib import Path


class CpuClock:
    """Reads both; the server is the embedded one of a data folder."""

    def __init__(self, folder: Path) -> None:
        self._server = postmaster_of(folder)

    def read(self) -> tuple[float, float]:
        """Return the seconds used so far, here and there."""
        own = resource.getrusage(resource.RUSAGE_SELF)
        return own.ru_utime + own.ru_stime, self._read_server()

    def _read_server(self) -> float:
        return seconds_of(self._server)


def postmaster_of(folder: Path) -> int:
    """The process of the embedded server on a data folder."""
    [file] = folder.rglob("postmaster.pid")
    return int(file.read_text().split()[0])


def seconds_of(parent: int) -> float:
    """What a process and its children have used so far, those that have ended included."""
    ticks = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            fields = (process / "stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue  # it has ended: its parent counts it from now on
        if int(process.name) == parent:
            ticks += sum(map(int, fields[11:15]))  # its own, and its children's that have ended
        elif int(fields[1]) == parent:
            ticks += sum(map(int, fields[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")
