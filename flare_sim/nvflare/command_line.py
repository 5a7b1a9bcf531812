"""NVFLARE's own ``nvflare job`` commands, carried out in this process, on a simulated server."""

from __future__ import annotations

import sys
from contextlib import ExitStack, contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from flare_sim.nvflare.offline_scope import current_server, offline
from flare_sim.nvflare.releases import installed_release
from flare_sim.on_clock.client_time import ClientTime

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from flare_sim.server import SimulatedServer

__all__ = ["nvflare_command"]

_FIRST_RELEASE = (2, 4)


class _KitQuestion(NamedTuple):
    """The function that a release asks for the user and the startup kit of a command."""

    since: tuple[int, int]
    module: str
    function: str


_KIT_QUESTIONS = (
    _KitQuestion((2, 8), "nvflare.tool.cli_session", "resolve_admin_user_and_dir_for_args"),
    _KitQuestion(_FIRST_RELEASE, "nvflare.tool.job.job_cli", "find_admin_user_and_dir"),
)
"""Newest first; seen in 2.4.2 to 2.9.0."""


def nvflare_command(*arguments: str, server: SimulatedServer | None = None, user: str = "admin@nvidia.com") -> int:
    """Do what the command ``nvflare`` does with these arguments, and return its exit code.

    Its parser, its handlers and its output are NVFLARE's.  No startup kit is asked for; one that is named is not
    looked at.  2.4 to 2.7 have ``nvflare job submit`` alone, 2.8 and later the others.

    Args:
        arguments: what comes after ``nvflare`` on the command line, such as ``"job", "list"``.
        server: the simulated server; that of the ``offline`` block this is called in unless given.
        user: who is at the keyboard.

    Raises:
        ImportError: NVFLARE is not installed.
        NotImplementedError: NVFLARE is older than 2.4, which brought ``nvflare job``.
        RuntimeError: no server is given, and no ``offline`` is entered.
        ValueError: another command than ``job``: what it is about is not simulated.

    Examples:
        >>> with offline():  # doctest: +SKIP
        ...     nvflare_command("job", "submit", "-j", "jobs/hello")
    """
    release = installed_release()
    if release.version < _FIRST_RELEASE:
        raise NotImplementedError(f"NVFLARE {release.name} has no command 'nvflare job'; 2.4 is the first that has")
    where = current_server() if server is None else server
    from nvflare.cli import handlers, main

    command = next((word for word in arguments if word in handlers), "")
    if command != "job":
        raise ValueError(f"of NVFLARE's commands 'nvflare job' can be simulated, not 'nvflare {command}'")
    with offline(where), _at_keyboard(where, user, release.version), _command_line(["nvflare", *arguments]):
        try:
            main()
        except SystemExit as end:
            if end.code is None or isinstance(end.code, int):
                return end.code or 0
            sys.stderr.write(f"{end.code}\n")
            return 1
    return 0


@contextmanager
def _at_keyboard(server: SimulatedServer, user: str, version: tuple[int, int]) -> Iterator[None]:
    """Let a user be at the keyboard, and the command line tools live on the server's clock."""
    question = next(row for row in _KIT_QUESTIONS if row.since <= version)

    def answer(args: object = None) -> tuple[str, str]:
        return user, "startup-kit"

    with ExitStack() as stack:
        _set(stack, import_module(question.module), question.function, answer)
        _set(stack, import_module("nvflare.tool.job.job_cli"), "time", ClientTime(server.clock))
        yield


def _set(stack: ExitStack, module: ModuleType, name: str, value: Any) -> None:
    """Give a name of a module another value until the stack is closed."""
    names = vars(module)
    if name in names:
        stack.callback(names.__setitem__, name, names[name])
        names[name] = value


@contextmanager
def _command_line(argv: list[str]) -> Iterator[None]:
    """Let ``sys.argv`` be another for a while; NVFLARE adds to ``sys.path``, which is put back as well."""
    kept = sys.argv, list(sys.path)
    sys.argv = argv
    try:
        yield
    finally:
        sys.argv, sys.path[:] = kept
