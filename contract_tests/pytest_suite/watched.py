"""A run of pytest that holds the suite, watched by another process: what is judged can end a run of pytest, too."""

from __future__ import annotations

import sys
from typing import Final

import pytest

from contract_tests.pytest_suite.options import options_of
from contract_tests.pytest_suite.summary import Ended, Findings
from contract_tests.report.output import NOT_WRITTEN, CantWrite, troubles
from contract_tests.report.terminal import console, no_verdict
from contract_tests.system import supervision

_SESSION: Final = pytest.StashKey[pytest.Session]()


def begin(session: pytest.Session) -> None:
    """Write reports that know nothing yet, and go on in a child, unless xdist has its workers to watch."""
    config = session.config
    try:
        Findings(options_of(config), [], []).write(interim=True)
    except CantWrite as error:
        pytest.exit(f"flare-contract: {error}", returncode=NOT_WRITTEN)
    if config.pluginmanager.hasplugin("dsession"):
        return
    reporter = config.pluginmanager.getplugin("terminalreporter")
    if reporter is not None:
        reporter.flush()
    config.stash[_SESSION] = session
    supervision.watch(lambda ending: _ended(config, ending))


def end(config: pytest.Config) -> None:
    """Say what the run has come to."""
    if _SESSION in config.stash:
        supervision.conclude(int(config.stash[_SESSION].exitstatus))


def _ended(config: pytest.Config, ending: supervision.Ending) -> None:
    """Tell of a run that was ended before its verdict, in the process that watched it."""
    capture = config.pluginmanager.getplugin("capturemanager")
    if capture is not None:
        capture.suspend_global_capture(in_=True)
    options = options_of(config)
    judged = options.judged
    for judged, settings in ending.all("system"):
        options.remember(judged, settings)
    ended = [Ended(judged, ending.trying, ending.how)] if ending.trying else []
    findings = Findings(options, ending.all("result"), ended)
    sys.stdout.write("\n")
    amiss = troubles(findings.write)
    findings.show(console(sys.stdout), quiet=True)
    for line in [no_verdict(ending.trying, ending.how), *amiss]:
        sys.stderr.write(f"flare-contract: {line}\n")
