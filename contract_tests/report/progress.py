"""Progress while the suite runs: a bar on a terminal, a line per part elsewhere, nothing when quiet. On stderr."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

from contract_tests.clauses.catalogue import CATALOGUE
from contract_tests.clauses.checks import all_checks
from contract_tests.contract.verdict import Verdict
from contract_tests.engine.check_result import CheckResult
from contract_tests.engine.suite_run import Progress
from contract_tests.report.terminal import console
from contract_tests.scenario.check import Check

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress as Bar

    from contract_tests.report.failures.found import Found


@contextmanager
def shown(found: Found, *, quiet: bool) -> Iterator[Progress]:
    """Show progress for the time of a run, and failures as they are found; yields what to tell of every check."""
    out = console(stderr=True)
    if quiet:
        yield _telling(found, lambda check, result: None)
    elif out.is_terminal:
        with _bar(out, found) as progress:
            yield _telling(found, progress)
    else:
        lines = _Lines(out)
        yield _telling(found, lines)
        lines.end()


def saying(found: Found, *, quiet: bool) -> Callable[[str], None]:
    """What a run is to tell, in a line, of how long it will take and how far it has come."""
    out = console(stderr=True)

    def say(line: str) -> None:
        if not quiet:
            with found.aside(), suppress(OSError):
                out.print(line, soft_wrap=True)

    return say


def _telling(found: Found, progress: Progress) -> Progress:
    def tell(check: Check, result: CheckResult | None) -> None:
        progress(check, result)
        if result is not None:
            found(result)

    return tell


@contextmanager
def _paused(bar: Bar) -> Iterator[None]:
    """Take a bar away for a while."""
    bar.stop()
    yield
    bar.start()


@contextmanager
def _bar(out: Console, found: Found) -> Iterator[Progress]:
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
    with Bar(*columns, console=out, transient=True) as bar:
        found.aside = partial(_paused, bar)
        task = bar.add_task("", total=len(all_checks()))

        def tell(check: Check, result: CheckResult | None) -> None:
            if result is None:
                bar.update(task, description=check.id)
            else:
                bar.advance(task)

        yield tell


class _Lines:
    """A line for every part of the interface, when its last check has run, in whatever order they run."""

    def __init__(self, out: Console) -> None:
        self._out = out
        self._left = Counter(CATALOGUE[check.clause].part for check in all_checks())
        self._good: Counter[str] = Counter()
        self._bad: Counter[str] = Counter()

    def __call__(self, check: Check, result: CheckResult | None) -> None:
        if result is None:
            return
        part = CATALOGUE[check.clause].part
        good = result.verdict in (Verdict.MET, Verdict.UNDEFINED)
        self._good[part] += good
        self._bad[part] += not good
        self._left[part] -= 1
        if not self._left[part]:
            self._print(part)

    def end(self) -> None:
        """Print the lines of the parts that did not come to their end."""
        for part in self._good:
            if self._left[part]:
                self._print(part)

    def _print(self, part: str) -> None:
        other = f", {self._bad[part]} other" if self._bad[part] else ""
        with suppress(OSError):  # whether anybody sees how far it has come decides nothing
            self._out.print(f"{part}: {self._good[part]} checks passed{other}")


@contextmanager
def counted(total: int, doing: str) -> Iterator[Callable[[], None]]:
    """Show how far a long piece of work has come, and how long the rest may take; yields what tells of each part done.

    A bar on a terminal; elsewhere a line at every tenth.
    """
    out = console(stderr=True)
    if out.is_terminal:
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        described = TextColumn("{task.description}")
        with Bar(
            described, BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn(), console=out
        ) as bar:
            task = bar.add_task(doing, total=total)
            yield lambda: bar.advance(task)
        return
    done, begun = 0, monotonic()

    def advance() -> None:
        nonlocal done
        done += 1
        if done * 10 // total > (done - 1) * 10 // total:
            took = monotonic() - begun
            rest = took * (total - done) / done
            with suppress(OSError):
                out.print(f"{doing}: {done} of {total}, {took:.0f} s, about {rest:.0f} s left")

    yield advance
