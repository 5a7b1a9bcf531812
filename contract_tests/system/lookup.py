"""Finds the system somebody named: ``pkg.mod:Factory`` or ``path/to/file.py:Factory``."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
import sysconfig
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, TypeVar

from contract_tests.plain_text import printable, said
from contract_tests.system.system import System

ENVIRONMENT: Final = "FLARE_SYSTEM"
"""The environment variable that names a system."""

REFERENCE: Final = "contract_tests.reference:SimulatedSystem"
"""The system that is judged when none is named."""


Found = TypeVar("Found")

Factory = Callable[[], System]
"""Makes a fresh system every time it is called."""


class BadSystem(Exception):
    """What was named is no system; the text says why, and what would be."""

    def __init__(self, text: str) -> None:
        super().__init__(printable(text))


def chosen(sources: Mapping[str, str | None]) -> str:
    """The one system that the given sources name, the reference when none does.

    Raises:
        BadSystem: two sources name different systems.
    """
    named = {source: name for source, name in sources.items() if name}
    if len(set(named.values())) > 1:
        told = "; ".join(f"{source} says {name}" for source, name in named.items())
        raise BadSystem(f"two systems are named: {told}. Name one.")
    return next(iter(named.values()), REFERENCE)


def factory(name: str) -> Callable[[], System]:
    """The factory that ``name`` means; modules are looked for in the current folder, too.

    Raises:
        BadSystem: there is no such module or attribute, or it can't be called.
    """
    return usable(named(name, "system", "Factory"), name)


def named(name: str, what: str, example: str) -> Any:
    """The object that ``name`` means; modules are looked for in the current folder, too.

    Args:
        name: what somebody wrote.
        what: what that was to name, in a word.
        example: what it could be called.

    Raises:
        BadSystem: there is no such module or attribute.
    """
    module_name, separator, attribute = name.rpartition(":")
    if not separator or not module_name or not attribute:
        raise BadSystem(f"{name!r} names no {what}; write package.module:{example} or path/to/file.py:{example}")
    if "<" in attribute:
        raise BadSystem(
            f"{name} has no name to find it by, as it was made in a function; name a class or function of a module"
        )
    found: Any = _module(module_name)
    with telling(f"{module_name} has no {attribute}"):
        for part in [attribute] if hasattr(found, attribute) else attribute.split("."):
            found = getattr(found, part)
    return found


def usable(found: Any, name: str) -> Callable[[], System]:
    """``found``, if it can serve as a factory of systems.

    Raises:
        BadSystem: it is a system rather than a factory of them, or can't be called.
    """
    with telling(f"{name} can't be looked at"):
        if isinstance(found, System):
            raise BadSystem(f"{name} is one system; the suite needs a fresh one for every example: name its class")
        if not callable(found):
            raise BadSystem(
                f"{name} can't be called; name a subclass of contract_tests.System, or a function that makes one"
            )
        if isinstance(found, type) and not issubclass(found, System):
            raise BadSystem(f"{name} is not a subclass of contract_tests.System")
        return checked(found, name)


def asked(factory: Callable[[], System], look: Callable[[System], Found], otherwise: Found) -> Found:
    """What a look at a fresh system finds; ``otherwise`` where none can be made: of that others tell."""
    try:
        with factory() as system:
            return look(system)
    except KeyboardInterrupt:
        raise
    except BaseException:  # one that ends the process, say, does not end this one
        return otherwise


@contextmanager
def telling(doing: str) -> Iterator[None]:
    """Tell of whatever somebody else's code raises in a line that begins with ``doing``.

    Raises:
        BadSystem: it has raised something; what interrupts everything is passed on.
    """
    try:
        yield
    except (KeyboardInterrupt, BadSystem):
        raise
    except BaseException as error:  # a module that ends the process must not pass for a verdict
        raise BadSystem(f"{doing}: {said(error)}") from error


def checked(make: Callable[[], Any], name: str) -> Callable[[], System]:
    """A factory that makes sure of what it makes, and remembers whom it serves."""
    return make if isinstance(make, type) else _Checked(make, name)


class _Checked:
    """A function that makes systems, and is made sure of; two of the same function are the same."""

    def __init__(self, make: Callable[[], Any], name: str) -> None:
        self.__wrapped__ = make
        self._given = name
        self.__qualname__ = self.__name__ = getattr(make, "__qualname__", name)
        self.__module__ = getattr(make, "__module__", __name__)

    def __call__(self) -> System:
        system = self.__wrapped__()
        if not isinstance(system, System):
            raise BadSystem(f"{self._given}() made a {type(system).__name__}, not a contract_tests.System")
        return system

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Checked) and other.__wrapped__ is self.__wrapped__

    def __hash__(self) -> int:
        return id(self.__wrapped__)


def label(make: Callable[[], System], here: str | os.PathLike[str] = ".") -> str:
    """How reports call a factory: the name by which `factory` finds it in the folder ``here``, where it has one.

    That is module and name, or file and name for a module that is not found by its own: a script, or a conftest or
    test file elsewhere. A function in a function, or without a name, can't be found; its name has a ``<`` in it.
    """
    module, name = getattr(make, "__module__", "?"), getattr(make, "__qualname__", repr(make))
    file = getattr(sys.modules.get(module), "__file__", None)
    if isinstance(file, str) and file.endswith(".py") and not _found_by_name(module, file, os.path.abspath(here)):
        return f"{_seen_from(os.path.abspath(here), file)}:{name}"
    return f"{module}:{name}"


def _found_by_name(module: str, file: str, here: str) -> bool:
    """Whether a process that is begun in ``here`` imports a module by its name."""
    if module == "__main__":
        return False
    parts = module.split(".") + (["__init__"] if os.path.basename(file) == "__init__.py" else [])
    home = os.path.normpath(os.path.join(file, *[os.pardir] * len(parts)))
    if home in (here, *map(sysconfig.get_path, ("stdlib", "purelib", "platlib"))):
        return True
    return "." in module and parts[-1] != "conftest"  # of a package that is installed, wherever its files are


def _seen_from(here: str, file: str) -> str:
    try:
        return os.path.relpath(file, here)
    except ValueError:  # on another drive
        return file


def _module(name: str) -> Any:
    with telling(f"{name} can't be imported"):
        here = os.getcwd()
        if here not in sys.path:
            sys.path.insert(0, here)
        return _from_file(name) if name.endswith(".py") else importlib.import_module(name)


def _from_file(path: str) -> Any:
    if not os.path.isfile(path):
        raise BadSystem(f"there is no file {path}")
    full = os.path.realpath(path)
    name = os.path.splitext(os.path.basename(full))[0]
    if name in sys.modules and not _is_from(sys.modules[name], full):
        name = f"{name}_{zlib.crc32(os.fsencode(full)):08x}"  # another module has the name already
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, full)
    if spec is None or spec.loader is None:
        raise BadSystem(f"{path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    if os.path.dirname(full) not in sys.path:
        sys.path.append(os.path.dirname(full))  # what stands beside it is imported as by a script
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _is_from(module: Any, path: str) -> bool:
    file = getattr(module, "__file__", None)
    return isinstance(file, str) and os.path.realpath(file) == path
