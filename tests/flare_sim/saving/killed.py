"""Kills processes at points drawn, in the middle of a write too, and looks at what the next one finds.

Run as a program it takes how many are to be killed and a seed, and says what it saw.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from flare_sim import Command, ServerConfig, SimulatedServer, spec
from flare_sim.commands.protocol import Login
from flare_sim.saving import journal, state_file
from tests.flare_sim.job_samples import behaving, definition
from tests.flare_sim.saving.played import behave, bytes_of

if TYPE_CHECKING:
    from collections.abc import Callable

    Step = Callable[[SimulatedServer], object]

__all__ = ["kill"]

JOBS = [definition(min_clients=1), definition(custom_props=behaving(run_seconds=9, result_files={"m": "x" * 99}))]
USERS = ["admin@nvidia.com", "lead@nvidia.com"]


class KillingSystem:
    """The operating system as a state file sees it, up to the point at which the process is killed.

    Args:
        left: how often it is asked for something before.
        random: draws how much of a write is done, and whether something else is.
    """

    def __init__(self, left: int, random: Random) -> None:
        self._left = left
        self._random = random

    def __getattr__(self, name: str) -> Any:
        real = getattr(os, name)
        return partial(self._ask, real) if name in ("write", "fsync", "replace", "ftruncate", "close") else real

    def _ask(self, real: Callable[..., Any], *args: Any) -> Any:
        self._left -= 1
        if self._left >= 0:
            return real(*args)
        if real is os.write:
            os.write(args[0], args[1][: self._random.randint(0, len(args[1]))])
        elif self._random.random() < 0.5:
            real(*args)
        os.kill(os.getpid(), signal.SIGKILL)
        return None


def drawn_step(random: Random) -> Step:
    """One call of a server: one that is acknowledged as a whole."""
    number = random.randrange(9)

    def ask(name: str, server: SimulatedServer) -> object:
        users = {user.name: user for user in server.users}
        jobs = server.jobs
        job_id = jobs[number % len(jobs)].job_id if jobs else "none"
        args = {"submit_job": (), "restart": ("client",), "disable_client": ("site-1",), "enable_client": ("site-1",)}
        command = Command(name, args.get(name, (job_id,)), JOBS[number % 2] if name == "submit_job" else None)
        return server.request(Login(users[USERS[number % 2]], 1 + number % 3), command)

    commands: list[str] = ["submit_job"] * 4 + ["clone_job", "abort_job", "delete_job", "restart", "disable_client"]
    steps: list[Step] = [
        partial(ask, random.choice([*commands, "enable_client"])),
        partial(ask, random.choice(commands)),
        lambda server: server.advance(number),
        lambda server: server.login(USERS[number % 2]),
        lambda server: server.examine("no/such/job"),
        lambda server: server.faults.drop("site-1", after=number),
        lambda server: server.faults.fail_deploy("site-2", number),
        lambda server: server.faults.lose_sessions(),
    ]
    return random.choice(steps)


def do(server: SimulatedServer, step: Step) -> None:
    """Do a step; what is refused is answered as well."""
    with suppress(spec.NoConnection, spec.AuthenticationError):
        step(server)


def in_child(path: Path, options: dict[str, Any], steps: list[Step], told: int, random: Random) -> None:
    """Be the process that is killed; says after each answer that there was one."""
    journal._SHORT_LOG = 3000
    setattr(state_file, "os", KillingSystem(random.randrange(40 + 2 * len(steps)), random))  # noqa: B010
    server = SimulatedServer(state_file=path, **options)
    os.write(told, b"0")
    for step in steps:
        do(server, step)
        os.write(told, b".")
    os.kill(os.getpid(), signal.SIGKILL)


def kill(number: int, seed: int, folder: Path) -> str:
    """Kill a process; returns what is wrong with what it left, ``""`` when nothing is."""
    random = Random(f"{seed}/{number}")
    options: dict[str, Any] = {
        "seed": number,
        "config": ServerConfig(max_jobs=1 + number % 3),
        "personality": random.choice([None, "nvflare-2.3", "nvflare-2.9"]),
        "behavior": behave if number % 4 == 0 else None,
    }
    steps = [drawn_step(random) for _ in range(25)]
    path = folder / f"state-{number}"
    answers, told = os.pipe()
    child = os.fork()
    if not child:
        try:
            in_child(path, options, steps, told, random)
        finally:
            os._exit(1)
    os.close(told)
    with os.fdopen(answers, "rb") as file:
        answered = len(file.read()) - 1
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != -signal.SIGKILL:
        return "the process was not killed"
    if answered < 0 and not path.exists():
        return ""
    uncut = SimulatedServer(**options)
    for step in steps[: max(answered, 0)]:
        do(uncut, step)
    with SimulatedServer(state_file=path, behavior=options["behavior"]) as found:
        rest = max(answered, 0)
        if bytes_of(found, folder) != bytes_of(uncut, folder):
            if rest == len(steps):
                return "what was answered is not there, or more is"
            do(uncut, steps[rest])
            rest += 1
            if bytes_of(found, folder) != bytes_of(uncut, folder):
                return f"what {answered} answers told is not there"
        for step in steps[rest:]:
            do(uncut, step)
            do(found, step)
        return "" if bytes_of(found, folder) == bytes_of(uncut, folder) else "it goes on otherwise"


if __name__ == "__main__":
    count, first = map(int, sys.argv[1:])
    with TemporaryDirectory() as folder:
        wrong = {number: problem for number in range(count) if (problem := kill(number, first, Path(folder)))}
    sys.stdout.write(f"{count} killed, {len(wrong)} wrong{''.join(f'; {n}: {why}' for n, why in wrong.items())}\n")
    sys.exit(bool(wrong))
