"""The interface as the suite's data is the interface as the simulator's classes have it."""

from __future__ import annotations

import inspect
import sys
import types
from typing import Any

import pytest

import flare_sim.spec as simulated
from contract_tests.contract.interface import (
    EXCEPTIONS,
    JOB_METHODS,
    METHODS,
    REQUIRED,
    RETURN_CODES,
    SERVER_METHODS,
    SPEC_MODULES,
    Method,
    contract_names,
    namesake,
    spec_line,
    spec_modules,
)


def _default(parameter: inspect.Parameter) -> object:
    return REQUIRED if parameter.default is inspect.Parameter.empty else parameter.default


def test_the_methods_are_those_of_the_interface() -> None:
    """Every abstract method of SessionSpec is in the table, and nothing else."""
    assert sorted(method.name for method in METHODS) == sorted(simulated.SessionSpec.__abstractmethods__)


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_a_method_has_the_parameters_of_the_interface(method: Method) -> None:
    """Names, order, defaults and whether further arguments are passed on are those of SessionSpec."""
    parameters = list(inspect.signature(getattr(simulated.SessionSpec, method.name)).parameters.values())[1:]
    named = [one for one in parameters if one.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD]
    kinds = {one.kind for one in parameters} - {inspect.Parameter.POSITIONAL_OR_KEYWORD}

    assert [(one.name, one.default) for one in method.parameters] == [(one.name, _default(one)) for one in named]
    assert [type(one.default) for one in method.parameters] == [type(_default(one)) for one in named]
    passes_on = {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD}
    assert kinds == (passes_on if method.passes_on else set())


def test_required_says_so() -> None:
    """The mark of a parameter without a default prints as a word."""
    assert repr(REQUIRED) == "required"


def test_the_job_methods_are_those_that_take_a_job_id_first() -> None:
    """No method that works on a job is left out."""
    assert list(JOB_METHODS) == [m.name for m in METHODS if m.parameters and m.parameters[0].name == "job_id"]


def test_all_methods_but_close_need_the_server() -> None:
    """Closing is a session's own business."""
    assert set(SERVER_METHODS) == {method.name for method in METHODS} - {"close"}


def test_the_return_codes_are_those_of_the_enumeration() -> None:
    """Names and values agree."""
    assert {code.name: code.value for code in simulated.MonitorReturnCode} == RETURN_CODES


def test_the_exceptions_are_those_of_the_interface() -> None:
    """The table names every exception class of the module, and nothing else."""
    defined = [name for name, thing in vars(simulated).items() if isinstance(thing, type) and _is_error(thing)]

    assert sorted(EXCEPTIONS) == sorted(defined)


def _is_error(cls: type[Any]) -> bool:
    return issubclass(cls, BaseException)


def test_the_simulators_interface_is_known() -> None:
    """Its module is among those whose classes count as the interface's."""
    assert simulated.__name__ in SPEC_MODULES
    assert simulated in list(spec_modules())


@pytest.mark.parametrize("name", EXCEPTIONS)
def test_an_exception_is_recognized(name: str) -> None:
    """An instance of the interface's class, or of a subclass of it, is known by the interface's name."""
    cls = getattr(simulated, name)
    sub = type("MyOwn", (cls,), {})

    assert contract_names(cls("x")) == (name,)
    assert contract_names(sub("x")) == (name,)


def test_a_look_alike_is_no_exception_of_the_interface() -> None:
    """A class of the same name from another module does not count."""
    look_alike = type("JobNotFound", (Exception,), {})

    assert contract_names(look_alike("x")) == ()
    assert contract_names(ValueError("x")) == ()


def test_a_declared_module_is_the_only_one_that_counts() -> None:
    """A system that names its own module of the interface is judged by that module's classes."""
    own = types.ModuleType("own_spec")
    own.JobNotFound = type("JobNotFound", (Exception,), {})  # type: ignore[attr-defined]

    assert contract_names(own.JobNotFound("x"), own) == ("JobNotFound",)
    assert contract_names(simulated.JobNotFound("x"), own) == ()
    assert list(spec_modules(own)) == [own]


def test_an_error_may_be_several_of_the_interfaces() -> None:
    """A class that inherits from two of them is both."""
    both = type("Both", (simulated.JobNotFound, simulated.InvalidArgumentError), {})

    assert contract_names(both("x")) == ("InvalidArgumentError", "JobNotFound")


@pytest.mark.parametrize(
    ("names", "line"),
    [
        (["JobNotFound"], ""),
        (["JobNotFound", "JobNotDone"], "spec = made_up_interface"),
        (["JobNotFound", "JobNotDone", "InternalError"], "spec = made_up_interface"),
    ],
)
def test_a_module_with_two_of_the_names_may_be_an_interface(
    names: list[str], line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of them is rather somebody else's; a value that is no class does not count."""
    module = types.ModuleType("made_up_interface")
    module.NoConnection = "no class"  # type: ignore[attr-defined]
    classes = {name: type(name, (Exception,), {"__module__": module.__name__}) for name in names}
    vars(module).update(classes)
    monkeypatch.setitem(sys.modules, module.__name__, module)

    assert spec_line(classes["JobNotFound"], type("Mine", (), {})) == line


def test_a_system_beside_its_interface_names_its_own_module(monkeypatch: pytest.MonkeyPatch) -> None:
    """It can be loaded by a path, and then there is no name to import it by."""
    module = types.ModuleType("made_up_interface")
    classes = [type(name, (Exception,), {"__module__": module.__name__}) for name in ("JobNotFound", "JobNotDone")]
    vars(module).update({cls.__name__: cls for cls in classes})
    monkeypatch.setitem(sys.modules, module.__name__, module)

    line = spec_line(classes[0], type("Mine", (), {"__module__": module.__name__}))

    assert line == "spec = sys.modules[__name__]"


def test_a_namesake_is_found_among_the_classes_that_an_error_is_made_of() -> None:
    """The one with the name; a class that is known to be the interface's is none."""
    theirs = type("JobNotDone", (Exception,), {})
    error = type("Mine", (theirs,), {})("x")

    assert namesake(error, ()) is theirs
    assert namesake(error, ("JobNotDone",)) is None
    assert namesake(error, ("JobNotFound",)) is theirs
