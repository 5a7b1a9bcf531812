"""How far a sweep has come: a bar on a terminal, now and then a line elsewhere, nothing when quiet. On stderr."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from time import monotonic
from typing import Final

from contract_tests.report.terminal import console
from contract_tests.sweep.merged import Merged

_SECONDS: Final = 60.0
"""Between two lines, where there is no bar; there is one at every tenth, too."""


@contextmanager
def shown(merged: Merged, *, quiet: bool) -> Iterator[Callable[[], None]]:
    """Show how far it has come; yields what is to be called again and again."""
    out = console(stderr=True)
    rate = _Rate(merged)
    if quiet:
        yield lambda: None
    elif out.is_terminal:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        told = TextColumn("{task.description}")
        with Progress(BarColumn(20), MofNCompleteColumn(), told, console=out, transient=True) as bar:
            task = bar.add_task("", total=len(merged.seeds), completed=merged.tried)
            yield lambda: bar.update(task, completed=merged.tried, description=rate.told())
    else:
        last = [_tenth(merged), monotonic()]

        def line() -> None:
            if _tenth(merged) > last[0] or monotonic() - last[1] > _SECONDS:
                last[:] = _tenth(merged), monotonic()
                with suppress(OSError):  # whether anybody sees how far it has come decides nothing
                    out.print(f"{merged.tried:,} of {len(merged.seeds):,} seeds, {rate.told()}", soft_wrap=True)

        yield line


def _tenth(merged: Merged) -> int:
    return merged.tried * 10 // len(merged.seeds)


class _Rate:
    """How fast it goes, since it began now."""

    def __init__(self, merged: Merged) -> None:
        self._merged = merged
        self._begun = monotonic()
        self._before = merged.tried

    def told(self) -> str:
        """Seeds a second, the time that is left, and what was found so far."""
        merged = self._merged
        done, took = merged.tried - self._before, monotonic() - self._begun
        words = []
        if done and took:
            left = took * (len(merged.seeds) - merged.tried) / done
            words = [f"{_brief(done / took)} seeds/s", f"about {_duration(left)} left"]
        words.append(f"failures so far: {merged.failed:,}")
        if merged.given_up:
            words.append(f"given up: {len(merged.given_up):,}")
        return ", ".join(words)


def _brief(number: float) -> str:
    return f"{number:,.0f}" if number >= 10 else f"{number:.2g}"


def _duration(seconds: float) -> str:
    hours, minutes = divmod(round(seconds / 60), 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min" if seconds >= 90 else f"{seconds:.0f} s"
