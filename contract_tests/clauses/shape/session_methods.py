"""The methods of a session, their parameters and defaults."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator

from contract_tests.contract.interface import METHODS, REQUIRED, Method, spec_modules
from contract_tests.scenario.actor import Actor
from contract_tests.scenario.check import CheckTable
from contract_tests.scenario.operations import Callback, Outcome
from contract_tests.scenario.scenario import Scenario
from contract_tests.system.job_plan import JobPlan

CHECKS = CheckTable()


def _sessions(s: Scenario) -> Iterator[Actor]:
    """Two sessions of the first user, and one of the second if there is one."""
    yield s.open()
    yield s.open()
    if len(s.system.users) > 1:
        yield s.open(1)


@CHECKS.check("shape.methods")
def _methods(s: Scenario) -> None:
    for actor in _sessions(s):
        for method in METHODS:
            found = getattr(actor.session, method.name, None)
            s.require(callable(found), f"a method {method.name}", f"{method.name} is {s.tell(found)}")


def _calls(
    method: Method, values: dict[str, object] | None = None
) -> Iterator[tuple[tuple[object, ...], dict[str, object]]]:
    """Every way the interface lets one hand over arguments: the first n by position, others by name or left out."""
    if values is None:
        values = {parameter.name: f"<{parameter.name}>" for parameter in method.parameters}
    names = list(values)
    required = sum(parameter.default is REQUIRED for parameter in method.parameters)
    for positional in range(len(names) + 1):
        head = tuple(values[name] for name in names[:positional])
        rest = names[positional:]
        for chosen in range(2 ** len(rest)):
            named = {name: values[name] for index, name in enumerate(rest) if chosen >> index & 1}
            if all(name in named or names.index(name) < positional for name in names[:required]):
                yield head, named
                if method.passes_on:
                    yield head, {**named, "further": "<further>"}
    if method.passes_on:
        yield (*values.values(), "<further 1>", "<further 2>"), {"further": "<further>"}


def _signature_check(method: Method) -> Callable[[Scenario], None]:
    def body(s: Scenario) -> None:
        for actor in _sessions(s):
            function = getattr(actor.session, method.name, None)
            s.require(callable(function), f"a method {method.name}", s.tell(function))
            assert function is not None
            try:
                signature = inspect.signature(function)
            except (TypeError, ValueError):  # a callable without a signature takes what it takes; the calls will tell
                return
            _takes_every_call(s, method, signature)
            _has_the_defaults(s, method, signature)

    return body


def _takes_every_call(s: Scenario, method: Method, signature: inspect.Signature) -> None:
    declared = f"{method.name}{signature}"
    for head, named in _calls(method):
        told = ", ".join([*map(str, head), *(f"{name}=…" for name in named)])
        try:
            bound = signature.bind(*head, **named)
        except TypeError as error:
            s.require(False, f"{method.name}({told}) to be accepted", f"{declared}: {error}")
        _arrives(s, method, bound, told, declared)


def _arrives(s: Scenario, method: Method, bound: inspect.BoundArguments, told: str, declared: str) -> None:
    """The promise that an argument by position goes to the parameter that the interface has in that place."""
    for parameter in method.parameters:
        if parameter.name in bound.signature.parameters:
            elsewhere = [name for name, value in bound.arguments.items() if _holds(value, f"<{parameter.name}>")]
            s.require(
                elsewhere in ([], [parameter.name]),
                f"{method.name}({told}) to take <{parameter.name}> for its {parameter.name}",
                f"{declared} takes it for its {', '.join(elsewhere)}",
            )


def _holds(argument: object, value: str) -> bool:
    return argument == value or (isinstance(argument, tuple) and value in argument)


def _has_the_defaults(s: Scenario, method: Method, signature: inspect.Signature) -> None:
    for parameter in method.parameters:
        declared = signature.parameters.get(parameter.name)
        if parameter.default is not REQUIRED and declared is not None and declared.default is not declared.empty:
            s.require(
                declared.default == parameter.default,
                f"{parameter.name} to default to {parameter.default!r}",
                f"it defaults to {s.tell(declared.default)}",
            )


def _arguments(s: Scenario, actor: Actor, method: Method) -> dict[str, object]:
    """Arguments that a method can really be called with."""
    if method.name == "submit_job":
        return {"job_definition_path": JobPlan()}
    job = actor.submit()
    if method.name in ("monitor_job", "download_job_result", "list_jobs"):
        actor.need("monitor_job", job)  # so that nothing changes any more
    if method.name == "list_jobs":
        return {"detailed": True, "all": True}
    if method.name != "monitor_job":
        return {"job_id": job}
    return {"job_id": job, "timeout": s.real(300.0), "poll_interval": s.real(2.0), "cb": Callback()}


def _calls_check(method: Method) -> Callable[[Scenario], None]:
    """The check that calls are really carried out: a signature may have been made up by a decorator."""

    def body(s: Scenario) -> None:
        actor = s.open()
        values = _arguments(s, actor, method)
        first: dict[frozenset[str], object] = {}
        for head, named in _calls(method, values):
            outcome = actor.attempt(method.name, *head, **named)
            told = ", ".join([*("…" for _ in head), *(f"{name}=…" for name in named)])
            s.require(outcome.returned, f"{method.name}({told}) to be carried out", outcome)
            effect = _effect(outcome, values)
            given = frozenset((*list(values)[: len(head)], *(name for name in named if name in values)))
            like = first.setdefault(given, effect)
            s.require(
                effect == like, f"{like} from {method.name}({told}), as when it is told the same otherwise", effect
            )
            if method.name == "delete_job":
                values["job_id"] = actor.submit()

    return body


def _effect(outcome: Outcome, values: dict[str, object]) -> str:
    """What shows which parameters a call took its arguments for; forgets the calls of the callback."""
    callback = values.get("cb")
    if isinstance(callback, Callback):
        called = bool(callback.calls)
        callback.calls.clear()
        return f"{'a' if called else 'no'} call of the callback"
    if isinstance(outcome.value, list):
        keys = {str(key) for entry in outcome.value if isinstance(entry, dict) for key in entry}
        return f"entries of {', '.join(sorted(keys)) or 'nothing'}"
    return "the same"


for _method in METHODS:
    _clause = f"shape.signature.{_method.name.replace('_', '-')}"
    CHECKS.check(_clause)(_signature_check(_method))
    if _method.parameters:
        CHECKS.check(_clause, variant="calls")(_calls_check(_method))


@CHECKS.check("shape.inherits")
def _inherits(s: Scenario) -> str:
    session = s.open().session
    specs = [getattr(module, "SessionSpec", None) for module in spec_modules(s.system.spec)]
    if any(isinstance(spec, type) and isinstance(session, spec) for spec in specs):
        return "it is a SessionSpec"
    return "it does not inherit from SessionSpec"
