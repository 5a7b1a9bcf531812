"""Failures as they are found: each is told as soon as its check has ended, while the run goes on."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from typing import TYPE_CHECKING, Final

from contract_tests.contract.verdict import FAILING, Verdict, of_clause
from contract_tests.engine.check_result import CheckResult
from contract_tests.engine.settings import RunSettings
from contract_tests.report.failures.text import failure_line, failure_text, wrapped

if TYPE_CHECKING:
    from rich.console import Console

_TOLD: Final = FAILING | {Verdict.SUITE_ERROR}


class Found:
    """Tells of the failures of a run, of every clause once, unless another of its checks finds worse.

    Attributes:
        aside: what is entered to print, so that what is shown in the meantime does not get in the way.
    """

    def __init__(
        self, out: Console, system: str, settings: RunSettings, *, quiet: bool, script: Callable[[CheckResult], str]
    ) -> None:
        self._out = out
        self._system = system
        self._settings = settings
        self._quiet = quiet
        self._script = script
        self._told: dict[str, Verdict] = {}
        self.aside: Callable[[], AbstractContextManager[object]] = nullcontext

    def __call__(self, result: CheckResult) -> None:
        """Tell of a result, if it is a failure; quietly, in a line."""
        before = self._told.get(result.clause, Verdict.MET)
        if result.verdict not in _TOLD or of_clause([before, result.verdict]) is before:
            return
        self._told[result.clause] = result.verdict
        script = self._script(result)
        with self.aside(), suppress(OSError):  # where nothing more is read, the verdict can't be told either
            self._out.print(self._text(result, script), soft_wrap=True)

    def _text(self, result: CheckResult, script: str) -> str:
        if self._quiet:
            return failure_line(result)
        text = failure_text(result, self._system, self._settings)
        if script:
            text += f"\n  script:   python {script}"
        return wrapped(text, self._out.width) + "\n"
