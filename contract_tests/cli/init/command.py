"""``flare-contract init``: write the `System` that plugs a session in."""

from __future__ import annotations

import inspect
import os
import sys
import textwrap
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import click

from contract_tests.contract.interface import EXCEPTIONS, SERVER_METHODS, SPEC_MODULES
from contract_tests.system import lookup
from contract_tests.system.system import System

_USER: Final = ("user", "username", "user_name")
"""How a parameter is called that says whose session is opened."""

_TAKEN: Final = (
    *("Callable", "JobPlan", "NotClaimed", "RealClock", "System"),
    *("PlainSession", "asyncio", "functools", "inspect", "pytest"),
)
"""Names that what is written uses itself."""


@click.command()
@click.argument("session")
@click.argument("file", default="conftest.py", type=click.Path(dir_okay=False, allow_dash=True), metavar="[FILE]")
@click.option("--force", is_flag=True, help="Overwrite FILE when it is there already.")
def init(session: str, file: str, force: bool) -> None:
    """Write the System that plugs SESSION in to FILE: conftest.py unless given, or - to print it.

    SESSION is package.module:MySession or path/to/file.py:MySession, your class of sessions or a function that opens
    one. It is imported and its signature looked at; nothing of it is called. What is written runs as it is when
    SESSION can be called without arguments; else one place is left to fill in, and the first run says which.

    Everything else that a System can offer is there as a commented stub, with how many clauses it opens: the clock,
    jobs that behave as planned, users, faults. Uncomment what your system can do, from the top, and run again.

    \b
      flare-contract init my_package.client:MySession
      flare-contract run conftest:MySystem
    """  # noqa: D301 - click's mark of lines that stay as they are
    from contract_tests.report.output import write_text

    try:
        with lookup.telling(f"{session} can't be looked at"):
            plug = looked_at(session)
    except lookup.BadSystem as error:
        raise click.UsageError(str(error)) from error
    target, printed = Path(file), file == "-"
    if not printed and os.path.exists(target) and not force:
        raise click.UsageError(f"{target} is there already: --force overwrites it; or name another file")
    text = "\n".join(_file(plug, fixture=printed or target.name == "conftest.py")) + "\n"
    if printed:
        click.echo(text, nl=False)
        return
    write_text(target.absolute(), text)
    click.echo(f"{target}: {plug.system}, whose sessions come from {plug.called}")
    if plug.todo:
        click.echo(f"fill in: open_session, as {plug.called} takes {', '.join(map(_parameter, plug.todo))}")
    click.echo(f"next:    flare-contract run {'conftest' if file == 'conftest.py' else file}:{plug.system}")


_CLASSES: Final = ("MonitorReturnCode", "SystemInfo", "ServerInfo", "ClientInfo", "JobInfo")
"""The classes of the interface that are no exceptions."""

_NVFLARE: Final = "nvflare.fuel.flare_api.flare_api.Session"


class Plug(NamedTuple):
    """What is known of the sessions that are to be plugged in.

    Attributes:
        module, name: what is imported, and from where.
        called: what opens a session: the name, or something in it.
        system: the name of the System to write.
        todo: the parameters that only the implementer knows how to serve.
        user: the parameter that says whose session it is, if there is one.
        nvflare: whether they are NVFLARE's own, or a subclass of these.
        opened_async: whether a coroutine opens one.
        asynchronous: whether their methods are coroutines.
        spec: the module of their exceptions, if that is not the interface's own; else empty.
    """

    module: str
    name: str
    called: str
    system: str
    todo: list[inspect.Parameter]
    user: inspect.Parameter | None
    nvflare: bool
    opened_async: bool
    asynchronous: bool
    spec: str


def looked_at(named: str) -> Plug:
    """What can be seen of the sessions that ``named`` means.

    Raises:
        BadSystem: there is no such thing, or it opens no sessions.
    """
    module, _, called = named.rpartition(":")
    if module.endswith(".py"):
        module = _as_module(module)
    found = lookup.named(f"{module}:{called}" if module else named, "session", "MySession")
    if inspect.isclass(found):
        _check_class(found, named)
    elif isinstance(found, System) or not callable(found):
        raise lookup.BadSystem(f"{named} can't be called; name your class of sessions, or a function that opens one")
    name, last = called.partition(".")[0], called.rpartition(".")[2]
    parameters = _parameters(found)
    user = next((one for one in parameters if one.name in _USER), None)
    methods = [method for name in SERVER_METHODS if (method := getattr(found, name, None))]
    nvflare = any(f"{cls.__module__}.{cls.__name__}" == _NVFLARE for cls in getattr(found, "__mro__", ()))
    system = f"{(last.removesuffix('Session') if inspect.isclass(found) else '') or 'My'}System"
    return Plug(
        module=module,
        name=name,
        called=f"Judged{called}" if name in _TAKEN else called,
        system="MySystem" if system in (name, "System") else system,
        todo=[one for one in parameters if one.default is one.empty and one is not user and not nvflare],
        user=user,
        nvflare=nvflare,
        opened_async=inspect.iscoroutinefunction(found),
        asynchronous=bool(methods) and all(map(inspect.iscoroutinefunction, methods)),
        spec=_spec(found),
    )


def _as_module(path: str) -> str:
    """How a file is imported, from the current folder.

    Raises:
        BadSystem: it can't be.
    """
    try:
        parts = Path(path).resolve().with_suffix("").relative_to(Path.cwd()).parts
    except ValueError:
        parts = ()
    if not parts or not all(part.isidentifier() for part in parts):
        raise lookup.BadSystem(f"{path} can't be imported from here; name it as package.module:MySession")
    return ".".join(parts)


def _check_class(found: type, named: str) -> None:
    """See whether a class is one of sessions.

    Raises:
        BadSystem: it is not.
    """
    if issubclass(found, System):
        raise lookup.BadSystem(f"{named} is a System already: flare-contract run {named}")
    if not any(hasattr(found, name) for name in SERVER_METHODS) and "__getattr__" not in dir(found):
        raise lookup.BadSystem(f"{named} has no method of a session: {', '.join(SERVER_METHODS)}")
    if inspect.isabstract(found):
        lacks = [name for name in dir(found) if getattr(getattr(found, name, None), "__isabstractmethod__", False)]
        raise lookup.BadSystem(f"{named} is abstract: it lacks {', '.join(lacks)}")


def _parameters(found: Any) -> list[inspect.Parameter]:
    """What can be handed in; nothing where that can't be told."""
    try:
        every = inspect.signature(found).parameters.values()
    except (TypeError, ValueError):
        return []
    return [one for one in every if one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)]


def _spec(found: Any) -> str:
    """The module, seen from that of the sessions, that has classes of its own with the names of the interface's."""
    module = inspect.getmodule(found)
    classes = [cls for name in EXCEPTIONS if inspect.isclass(cls := getattr(module, name, None))]
    own = [cls for cls in classes if not any(base.__module__ in SPEC_MODULES for base in cls.__mro__)]
    homes = Counter(cls.__module__ for cls in own).most_common(1)
    return homes[0][0] if homes and homes[0][1] > 1 else ""


# --- what is written --------------------------------------------------------------------------------------------------


def _file(plug: Plug, *, fixture: bool) -> Iterator[str]:
    yield f'"""Holds {plug.name} of {plug.module} to the contract of the FLARE API."""'
    yield ""
    yield "from __future__ import annotations"
    yield ""
    if plug.asynchronous or plug.opened_async:
        yield "import asyncio"
    if plug.asynchronous:
        yield from ("import functools", "import inspect")
    if not plug.nvflare:
        yield from ("from collections.abc import Callable  # noqa: F401 - for the stubs", "")
    if fixture:
        yield "import pytest"
    if plug.nvflare:
        yield "from contract_tests.nvflare_systems import NvflareSystem"
    else:
        yield "from contract_tests import JobPlan, NotClaimed, RealClock, System  # noqa: F401 - for the stubs"
    yield ""
    if plug.spec:
        yield f"import {plug.spec}"
    yield f"from {plug.module} import {plug.name}{f' as Judged{plug.name}' if plug.name in _TAKEN else ''}"
    yield from ("", "")
    if plug.asynchronous:
        yield from _PLAIN.format(called=plug.called).splitlines()
        yield from ("", "")
    yield from _of_nvflare(plug) if plug.nvflare else _of_own(plug)
    if fixture:
        yield from ("", "", '@pytest.fixture(scope="session")', "def flare_system_factory():")
        yield f"    return {plug.system}"


def _of_nvflare(plug: Plug) -> Iterator[str]:
    yield f"class {plug.system}(NvflareSystem):"
    yield '    """NVFLARE\'s session in front of a simulated server; all that a System can offer is offered."""'
    yield ""
    yield f"    session_class = {plug.called}"


def _of_own(plug: Plug) -> Iterator[str]:
    from contract_tests.cli.init.stubs import stubs

    user = plug.user.default if plug.user and isinstance(plug.user.default, str) and plug.user.default else "alice"
    given = [f"{one.name}=..." for one in plug.todo]
    if plug.user:
        given.append("user" if plug.user.kind is plug.user.POSITIONAL_ONLY else f"{plug.user.name}=user")
    opened = f"{plug.called}({', '.join(given)})"
    if plug.opened_async:
        opened = f"asyncio.run({opened})"
    if plug.asynchronous:
        opened = f"PlainSession({opened})"
    yield f"class {plug.system}(System):"
    yield '    """The world around a session, with no jobs yet: a fresh one is made for every example."""'
    yield ""
    if plug.spec:
        yield f"    spec = {plug.spec}  # the module of the exceptions that the sessions raise"
        if lacks := [name for name in (*EXCEPTIONS, *_CLASSES) if not hasattr(sys.modules[plug.spec], name)]:
            told = f"Of the interface it lacks {', '.join(lacks)}; flare_sim.spec has them."
            yield from textwrap.wrap(told, 110, initial_indent="    # ", subsequent_indent="    # ")
        yield ""
    yield f"    def open_session(self, user: str = {_quoted(user)}):"
    yield "        # All sessions of one system see the same jobs: what they share is made in __init__."
    if plug.todo:
        yield f"        # Fill in what {plug.called} takes, and delete the line that raises:"
        yield from (f"        #   {_parameter(one)}" for one in plug.todo)
        yield f'        raise NotImplementedError("fill in what {plug.called} takes: {_names(plug.todo)}")'
        yield f"        # return {opened}"
    else:
        yield f"        return {opened}"
    yield ""
    yield "    # What else it can offer, what opens the most clauses first. Uncomment what yours can do, and run again;"
    yield "    # what stays a comment, or raises NotClaimed, is not held against it. docs/system.md has whole examples."
    yield ""
    lines = [f"    # {line}".rstrip() if line else "" for line in stubs()]
    yield from lines[:-1]


def _quoted(text: str) -> str:
    """Text as Python has it, in double quotes where nothing in it needs others."""
    return f'"{text}"' if repr(text) == f"'{text}'" else repr(text)


def _names(parameters: list[inspect.Parameter]) -> str:
    return ", ".join(one.name for one in parameters)


def _parameter(one: inspect.Parameter) -> str:
    told = str(one.replace(kind=one.KEYWORD_ONLY)).partition(":")
    return f"{told[0]}: {told[2].strip().strip(chr(39))}" if told[1] else told[0]


_PLAIN: Final = '''\
class PlainSession:
    """One of {called} whose methods are called as the interface's are: each is run to its end."""

    loop = asyncio.new_event_loop()

    def __init__(self, session):
        self.session = session

    def __getattr__(self, name):
        method = getattr(self.session, name)
        if not inspect.iscoroutinefunction(method):
            return method

        @functools.wraps(method)
        def plain(*args, **kwargs):
            return self.loop.run_until_complete(method(*args, **kwargs))

        return plain'''
