"""The search for inputs that break a clause: listed ones, drawn ones, walks, and sequences of calls; and shrinking.

Hypothesis is imported when the first check runs, and configured here in full, so that neither the profile nor the
database of a user's own tests can change what a run does.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache, partial
from typing import Any, Final

from contract_tests.clauses.catalogue import CATALOGUE
from contract_tests.contract.verdict import Verdict
from contract_tests.engine.attempt import Attempt, Stopped, SuiteError, close
from contract_tests.engine.settings import PROFILES, RunSettings
from contract_tests.scenario.check import STATEFUL, WALK, Check
from contract_tests.scenario.exceptions import Violation
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.snapshot import kept
from contract_tests.scenario.strategies import LED, THREADED, TURN, LazyStrategy
from contract_tests.sequences import walks
from contract_tests.sequences.repeated_runs import TURNS
from contract_tests.system.system import System

_SEQUENCES: Final = 4
"""Sequences of calls per example: one is cheap, and what is deep shows in few of them."""

A_WALK: Final = 12
"""Examples that a walk counts for: all that walks alone have found the first of them found."""


class NotAgain(Exception):
    """What failed did not fail when it was tried once more."""


@contextmanager
def by_seed_alone() -> Iterator[None]:
    """Let Hypothesis draw by the seed alone.

    It also draws constants that stand in modules which happen to be loaded, so that the same seed drew other inputs in
    another process, or after another system. Nothing public turns that off; releases that don't do it need nothing.
    """
    providers, ours = _without_constants()
    theirs = {name: providers[name] for name in ours}
    providers.update(ours)
    try:
        yield
    finally:
        providers.update(theirs)


@lru_cache(maxsize=1)
def _without_constants() -> tuple[dict[str, Any], dict[str, Any]]:
    """Where Hypothesis has what finds the constants of modules, and keeps them; and these when there are none."""
    try:
        from hypothesis.internal.conjecture import providers
    except ImportError:  # of a release that does not look at modules
        return {}, {}
    theirs = vars(providers)
    if "_get_local_constants" not in theirs:
        return {}, {}
    none, kept = theirs["Constants"](), type(providers.CONSTANTS_CACHE)(1024)
    return theirs, {"_get_local_constants": lambda: none, "CONSTANTS_CACHE": kept}


def search(attempt: Attempt, settings: RunSettings) -> None:
    """Try the check on every combination of its listed inputs and on drawn ones; stops at the first failure."""
    if attempt.check.kind == STATEFUL:
        _search_sequences(attempt, settings)
        return
    if attempt.check.kind == WALK:
        _search_walks(attempt, settings)
        return
    listed = combinations(attempt.check, settings.combinations)
    for fixed in listed:
        _search_combination(attempt, fixed, settings, len(listed))
    if attempt.left_out == attempt.examples:  # few were to be tried, and all of them happened to be another clause's
        for fixed in combinations(attempt.check):
            if fixed not in listed and attempt.left_out == attempt.examples:
                _search_combination(attempt, fixed, settings, len(listed))
    if _cheap(attempt, settings) and settings.examples < PROFILES["default"]:
        for fixed in listed:
            _search_listed(attempt, fixed)
    thorough = settings.examples >= PROFILES["quick"] or _cheap(attempt, settings)
    first = attempt.check.id == attempt.check.clause  # that of several checks which says most about its clause
    if thorough and first and attempt.tried is not None and CATALOGUE[attempt.check.clause].judged:
        _search_repeated(attempt, attempt.tried)


def _search_combination(attempt: Attempt, fixed: dict[str, Any], settings: RunSettings, among: int) -> None:
    """Try a combination of listed inputs, one of so many, with what is drawn beside them."""
    if attempt.check.inputs:
        _search_inputs(attempt, fixed, max(min(2, settings.examples), settings.examples // among), settings.seed)
    else:
        attempt.once(fixed)


def _cheap(attempt: Attempt, settings: RunSettings) -> bool:
    """Whether an example takes no time worth saving: it waits for nothing, and the system does not say it is slow."""
    return settings.combinations is None and attempt.tried is not None and not attempt.waits


def _search_listed(attempt: Attempt, fixed: dict[str, Any]) -> None:
    """Try every value that is written down for a drawn input, whatever few were drawn; the others are as at first."""
    for name, domain in attempt.check.inputs.items():
        for value in domain.listed:
            attempt.once({**(attempt.tried or {}), **fixed, name: value})


def _search_repeated(attempt: Attempt, inputs: dict[str, Any]) -> None:
    """Try inputs that have passed once more: by another user, in threads, and turn after turn on one system."""
    examples, left_out = attempt.examples, attempt.left_out
    if attempt.alone:
        _once_more(attempt, {**inputs, LED: 1})
    if attempt.threads:
        _once_more(attempt, {**inputs, THREADED: True})
    _once_more(attempt, {**inputs, TURN: TURNS - 1})
    attempt.examples, attempt.left_out = examples, left_out


def _once_more(attempt: Attempt, inputs: dict[str, Any]) -> None:
    """Try inputs; what the check needs first, and can't have there, is no more than the end of it."""
    try:
        attempt.once(inputs)
    except Stopped:
        if attempt.failure is not None and attempt.failure.verdict in (Verdict.VIOLATED, Verdict.NOT_RUN):
            raise
        attempt.failure = None


def _search_walks(attempt: Attempt, settings: RunSettings) -> None:
    for number in range(max(1, settings.examples // A_WALK)):
        brief = settings.examples < PROFILES["quick"]
        calls = walks.drawn(f"{settings.seed}/{attempt.check.id}/{number}", brief=brief)
        try:
            attempt.once({"calls": calls})
        except Violation:
            if attempt.shrink:
                walks.shortened(calls, partial(_fails, attempt))
            raise


def _fails(attempt: Attempt, calls: list[list[Any]]) -> bool:
    """Whether a check fails on a walk; the last failure is the one that is told."""
    last = attempt.failure
    try:
        attempt.once({"calls": calls})
    except Violation:
        return True
    except (Stopped, SuiteError):
        attempt.failure = last
    return False


def _search_inputs(attempt: Attempt, fixed: dict[str, Any], examples: int, seed: int) -> None:
    """Try what is drawn, and what failed once more; for smaller inputs than those Hypothesis tries them itself."""

    def once(inputs: dict[str, Any]) -> None:
        attempt.once({**fixed, **inputs})

    inputs: dict[str, Any] = {}
    try:
        for inputs in drawn(attempt.check, examples, seed):
            once(inputs)
    except Violation as error:
        if attempt.shrink:
            _given(attempt.check.inputs.items(), once, hypothesis_settings(examples), seed)
        else:
            once(inputs)
        raise NotAgain from error


def drawn(check: Check, examples: int, seed: int) -> list[dict[str, Any]]:
    """What is drawn for a check, the plainest first: the same for all combinations of its listed inputs."""
    return kept(_drawn(tuple(check.inputs.items()), examples, seed))  # type: ignore[no-any-return]


@lru_cache(maxsize=1024)
def _drawn(domains: tuple[tuple[str, LazyStrategy], ...], examples: int, seed: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if domains:
        _given(domains, found.append, hypothesis_settings(examples, shrink=False), seed)
    return found


@by_seed_alone()
def _given(
    domains: Iterable[tuple[str, LazyStrategy]], act: Callable[[dict[str, Any]], None], config: Any, seed: int
) -> None:
    from hypothesis import given
    from hypothesis import seed as seeded

    @given(**{name: domain.strategy() for name, domain in domains})
    def example(**inputs: Any) -> None:
        act(inputs)

    seeded(seed)(config(example))()


@by_seed_alone()
def _search_sequences(attempt: Attempt, settings: RunSettings) -> None:
    from contract_tests.sequences import state_machine

    current: list[Any] = []

    def open_system() -> System:
        return attempt.fresh()

    def begun(scenario: Scenario, calls: list[list[Any]]) -> None:
        attempt.examples += 1
        current[:] = [scenario, calls]

    def guard(act: Callable[[], None]) -> None:
        scenario, calls = current
        attempt.guarded(scenario, {"calls": calls}, act)

    def end(system: System, *, failed: bool) -> None:
        if failed:
            close(system)
        else:
            attempt.end(system)

    sequences = settings.examples * min(settings.examples, _SEQUENCES)  # few stay few, for systems on real time
    config = hypothesis_settings(sequences, shrink=attempt.shrink)
    state_machine.run(open_system, begun, guard, end, config, settings.seed)


def hypothesis_settings(examples: int, *, shrink: bool = True) -> Any:
    """Settings that leave nothing to the profile a user has loaded."""
    from hypothesis import HealthCheck, Phase, Verbosity, settings

    return settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=False,
        print_blob=False,
        report_multiple_bugs=False,
        stateful_step_count=30,
        verbosity=Verbosity.quiet,
        phases=(Phase.generate, Phase.shrink) if shrink else (Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )


def combinations(check: Check, most: int | None = None) -> list[dict[str, Any]]:
    """The combinations of a check's listed inputs; of more than are wanted the first, and others at even distances."""
    names = list(check.each)
    values = itertools.product(*(check.each[name].values for name in names))
    found = [dict(zip(names, chosen, strict=True)) for chosen in values]
    if most is None or most >= len(found):
        return found
    return [found[index * len(found) // most] for index in range(most)]
