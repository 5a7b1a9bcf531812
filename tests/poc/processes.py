"""The processes of a live system: found by the workspace in their environment, wherever they were forked to.

NVFLARE starts jobs in sessions of their own, and its start scripts bring back what dies, so neither a process group
nor a list of ids holds all of them. What every one of them inherits is the environment.
"""

from __future__ import annotations

import contextlib
import ipaddress
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import psutil

VARIABLE: Final = "NVFLARE_POC_WORKSPACE"
"""The environment variable by which NVFLARE itself is told where its workspace is."""

_ROUNDS: Final = 100


def of(workspace: Path) -> Iterator[Any]:
    """Every process that was started for ``workspace``."""
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):  # it is gone, or somebody else's
            if process.environ().get(VARIABLE) == str(workspace):
                yield process


def kill(workspace: Path) -> int:
    """Kill them all, those too that are started meanwhile; returns how many there were."""
    killed: set[int] = set()
    for _ in range(_ROUNDS):
        found = [process for process in of(workspace) if process.status() != psutil.STATUS_ZOMBIE]
        if not found:
            break
        for process in found:
            killed.add(process.pid)
            try:
                process.kill()
            except psutil.NoSuchProcess:
                continue
        time.sleep(0.1)
    return len(killed)


def of_jobs(workspace: Path) -> int:
    """How many of them run a job, on the server or on a client."""
    count = 0
    for process in of(workspace):
        try:
            words = " ".join(process.cmdline())
        except psutil.Error:
            continue
        count += "runner_process" in words or "worker_process" in words
    return count


def exposed(workspace: Path) -> list[str]:
    """The addresses other than those of this machine alone on which one of them listens."""
    found = []
    for process in of(workspace):
        try:
            connections = process.net_connections(kind="inet")
        except psutil.Error:
            continue
        found += [
            f"{connection.laddr.ip}:{connection.laddr.port}"
            for connection in connections
            if connection.status == psutil.CONN_LISTEN and not is_here(connection.laddr.ip)
        ]
    return found


def is_here(address: str) -> bool:
    """Whether an address can be reached from this machine alone; so can one of IPv4 written as one of IPv6."""
    found = ipaddress.ip_address(address)
    inner = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return (inner or found).is_loopback
