"""The interface as data: what `SessionSpec` of NVFLARE 2.3 lets a caller write, and the classes it speaks in.

The checks judge any implementation, so they import none: classes are recognised by where they come from. A class counts
as the interface's own when it is defined in a module of `SPEC_MODULES` or in the module a system names as its ``spec``.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator
from types import ModuleType
from typing import Final, NamedTuple

VERSION: Final = "2.3"
"""The release of the interface the catalogue is about."""

SPEC_MODULES: Final = ("nvflare.fuel.flare_api.api_spec", "flare_sim.spec")


class Parameter(NamedTuple):
    """A parameter a method takes, by position or by name; ``default`` is ``REQUIRED`` when it has none."""

    name: str
    default: object


class _Required:
    def __repr__(self) -> str:
        return "required"


REQUIRED: Final = _Required()


class Method(NamedTuple):
    """A method of the interface; ``passes_on`` marks the one that hands further arguments to its callback."""

    name: str
    parameters: tuple[Parameter, ...]
    passes_on: bool = False


_JOB_ID: Final = Parameter("job_id", REQUIRED)

METHODS: Final = (
    Method("submit_job", (Parameter("job_definition_path", REQUIRED),)),
    Method("clone_job", (_JOB_ID,)),
    Method("get_job_meta", (_JOB_ID,)),
    Method("list_jobs", (Parameter("detailed", False), Parameter("all", False))),
    Method("download_job_result", (_JOB_ID,)),
    Method("abort_job", (_JOB_ID,)),
    Method("delete_job", (_JOB_ID,)),
    Method("get_system_info", ()),
    Method(
        "monitor_job",
        (_JOB_ID, Parameter("timeout", 0), Parameter("poll_interval", 2.0), Parameter("cb", None)),
        passes_on=True,
    ),
    Method("close", ()),
)

JOB_METHODS: Final = ("clone_job", "get_job_meta", "download_job_result", "abort_job", "delete_job", "monitor_job")
"""The methods whose first argument is a job id."""

SERVER_METHODS: Final = tuple(method.name for method in METHODS if method.name != "close")
"""The methods that need the server."""

RETURN_CODES: Final = {"JOB_FINISHED": 0, "TIMEOUT": 1, "ENDED_BY_CB": 2}

EXCEPTIONS: Final = (
    "NoConnection",
    "SessionClosed",
    "InvalidArgumentError",
    "InvalidJobDefinition",
    "JobNotFound",
    "JobNotDone",
    "InternalError",
    "AuthenticationError",
    "AuthorizationError",
)


def spec_modules(declared: ModuleType | None = None) -> Iterator[ModuleType]:
    """The loaded modules whose classes are the interface's: the one a system declares, else every known one."""
    if declared is not None:
        yield declared
        return
    for name in SPEC_MODULES:
        module = sys.modules.get(name)
        if module is not None:
            yield module


def contract_names(error: BaseException, declared: ModuleType | None = None) -> tuple[str, ...]:
    """The names of the interface's exceptions that ``error`` is one of (a subclass counts); a class may be several."""
    found = {
        name
        for module in spec_modules(declared)
        for name in EXCEPTIONS
        if isinstance(cls := getattr(module, name, None), type) and isinstance(error, cls)
    }
    return tuple(name for name in EXCEPTIONS if name in found)


def namesake(error: BaseException, known: Collection[str]) -> type | None:
    """The class of ``error`` that has the name of one of the interface's exceptions, and is none of it.

    Args:
        error: what was raised.
        known: the interface's exceptions that it is one of, as `contract_names` tells them.
    """
    classes = type(error).__mro__
    return next((cls for cls in classes if cls.__name__ in EXCEPTIONS and cls.__name__ not in known), None)


def spec_line(cls: type, system: type) -> str:
    """The line that names a namesake's module as the interface of a system; empty where it looks like no interface.

    A module with a single class of such a name is rather somebody else's: ``sqlite3`` has an ``InternalError``, too.
    """
    module = sys.modules.get(cls.__module__)
    if sum(isinstance(getattr(module, name, None), type) for name in EXCEPTIONS) < 2:
        return ""
    return "spec = sys.modules[__name__]" if cls.__module__ == system.__module__ else f"spec = {cls.__module__}"
