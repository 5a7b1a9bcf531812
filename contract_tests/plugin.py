"""The pytest plugin: options, and hooks that do nothing until the suite is used.

It is loaded into every project that has this distribution installed, so it imports only pytest, and the fixtures that
import nothing else either.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, Final

import pytest

from contract_tests.pytest_suite.fixtures import flare_offline, flare_offline_options
from contract_tests.pytest_suite.served_fixtures import flare_served, flare_served_options, flare_served_session
from contract_tests.pytest_suite.server_fixtures import (
    MARKER,
    SCOPE_OPTION,
    checked_scope,
    flare_server,
    flare_server_options,
    flare_session,
    make_flare_job,
    refuse_ignored_marks,
    what_happened,
)

if TYPE_CHECKING:
    from contract_tests.pytest_suite.options import SuiteOptions

__all__ = [
    "flare_offline",
    "flare_offline_options",
    "flare_served",
    "flare_served_options",
    "flare_served_session",
    "flare_server",
    "flare_server_options",
    "flare_session",
    "make_flare_job",
]

_FILE: Final = "test_flare_contract.py"
"""The file that the suite's tests seem to stand in: what makes sense of it is loaded when it is asked for."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the suite."""
    group = parser.getgroup("flare-contract", "contract of the FLARE API")
    group.addoption(
        "--flare-contract",
        action="store_true",
        help=f"add the FLARE API's contract suite: as if it stood in {_FILE} beside the conftest that names the "
        "system, else in the root folder; a path selects it as it does any other test",
    )
    group.addoption(
        "--flare-system",
        metavar="PKG.MOD:FACTORY",
        help="the system to judge, where no fixture flare_system_factory names it (default: the reference)",
    )
    group.addoption("--flare-seed", type=int, default=0, metavar="N", help="where all drawing starts from (default: 0)")
    group.addoption(
        "--flare-examples",
        default="default",
        metavar="N",
        help="examples per property: a number, quick, default or deep",
    )
    group.addoption("--flare-json", metavar="FILE", help="write the report as JSON")
    group.addoption("--flare-html", metavar="FILE", help="write the report as one HTML page")
    group.addoption("--flare-repro", metavar="DIR", help="write a reproducer script for every failure into DIR")
    group.addoption("--flare-deviations", metavar="FILE", help="a TOML file of known deviations")
    group.addoption(
        "--flare-require-level",
        metavar="N",
        help="fail the run when fewer than N conformance levels are complete (ini: flare_require_level)",
    )
    group.addoption(
        "--flare-mutants",
        action="append",
        metavar="NAME",
        help="run every test that uses flare_server on broken servers, too, and tell which ones none has noticed: "
        "those whose names begin so (flare-contract mutants lists them), or one of each clause (each); can be repeated",
    )
    parser.addini("flare_system", "the system that the FLARE API's contract suite judges, as pkg.mod:Factory")
    parser.addini(SCOPE_OPTION, "how long the fixture flare_server lives: a scope of pytest's", default="function")
    parser.addini("flare_require_level", "how many conformance levels of the FLARE API's contract have to be complete")


def _options(config: pytest.Config) -> SuiteOptions:
    from contract_tests.pytest_suite.options import options_of

    return options_of(config)


def _tells(config: pytest.Config) -> bool:
    """Whether the run is to tell of the suite, even if none of its tests are in it."""
    asked = ("flare_json", "flare_html", "flare_repro", "flare_deviations", "flare_require_level")
    return any(config.getoption(option) for option in asked)


def _unseen(config: pytest.Config) -> bool:
    """Whether xdist's workers are to make sense of what is said to the suite: nobody sees what they make of it."""
    if not config.getoption("numprocesses", None):
        return False
    said = [config.getoption("flare_system"), config.getoption("flare_seed"), os.environ.get("FLARE_SYSTEM")]
    said += [config.getini("flare_system"), config.getini("flare_require_level")]
    return any(said) or config.getoption("flare_examples") != "default"


def _asks_for_own(arguments: list[str]) -> bool:
    """Whether a test of the suite is asked for by its id."""
    return any(_FILE in argument for argument in arguments)


class Results:
    """What the tests of the suite found out, as their reports come in.

    Attributes:
        told: the results, as JSON texts.
        crashed: the ids of tests in which one of xdist's workers ended.
        used: whether there is something to tell of the suite.
        added: whether tests of the suite are to be added to those of the project.
        stopped: what is wrong with a system of which nothing can be judged; empty until there is one.
    """

    def __init__(self, *, used: bool, added: bool) -> None:
        self.told: list[str] = []
        self.crashed: list[str] = []
        self.used = used
        self.added = added
        self.stopped = ""

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take in what a test of the suite has left on its report; end the run when nothing can be judged."""
        told = getattr(report, "flare_contract", None)
        if told is not None:
            self.told.append(told)
            self.used = True
        elif report.when not in ("setup", "call", "teardown"):  # as xdist reports on a worker that is gone
            self.crashed.append(report.nodeid)
        in_worker = getattr(report, "flare_contract_stopped", None)
        if in_worker is False or (in_worker and hasattr(report, "node")):  # xdist's controller knows of which node
            self.stopped = report.longreprtext
            pytest.exit("flare-contract: nothing can be judged of this system", returncode=2)


_RESULTS: Final = pytest.StashKey[Results]()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Any:
    """Load the conftests beside the suite, too, where one of its tests is asked for by its id."""
    given = early_config.known_args_namespace.file_or_dir
    if _asks_for_own(given):
        from contract_tests.pytest_suite.own_ids import with_conftests

        given[:] = with_conftests(given, early_config)
    return (yield)


def pytest_configure(config: pytest.Config) -> None:
    """Make sense of the options at once, so that a wrong one ends the run before it begins."""
    config.addinivalue_line("markers", "flare_contract: a test of the FLARE API's contract suite")
    config.addinivalue_line("markers", f"{MARKER}(clients=5, ...): what the fixture flare_server is made with")
    checked_scope(config)
    own = _asks_for_own(config.args)
    results = Results(used=_tells(config), added=own or config.getoption("flare_contract"))
    config.stash[_RESULTS] = results
    config.pluginmanager.register(results, "flare-contract-results")
    if begins := config.getoption("flare_mutants"):
        from contract_tests.pytest_suite import broken_servers

        names = [mutant.name for mutant in broken_servers.chosen(begins)]
        config.pluginmanager.register(broken_servers.BrokenServers(names), broken_servers.NAME)
    if results.added:
        from contract_tests.pytest_suite.own_ids import of_run

        of_run(config)
    if results.added or results.used or _unseen(config):
        _options(config)


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Say which system is judged, and how."""
    results = config.stash[_RESULTS]
    return _options(config).header() if results.added or results.used else []


def pytest_collectstart(collector: pytest.Collector) -> None:
    """Remember the folders that are collected: a conftest's fixtures are seen below its own node alone."""
    if isinstance(collector, pytest.Directory) and collector.config.stash[_RESULTS].added:
        _options(collector.config).folders[collector.path] = collector


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(session: pytest.Session, config: pytest.Config, items: list[pytest.Item]) -> None:
    """Add the suite where it is asked for, before anything is deselected or reordered."""
    try:
        refuse_ignored_marks(config, items)
        if config.stash[_RESULTS].added:
            from contract_tests.pytest_suite.collection import suite_items

            items.extend(suite_items(session, items))
        if _holds_suite(items):
            _options(config)  # what an ini file or the environment says may make no sense
    except pytest.UsageError:
        items.clear()  # else a worker of xdist's would be given some of them
        raise


def _holds_suite(items: list[pytest.Item]) -> bool:
    return any(item.get_closest_marker("flare_contract") for item in items)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Put a check's result on its report, which also travels from xdist's workers."""
    report = yield
    suite = sys.modules.get("contract_tests.pytest_suite.suite")  # not loaded: nothing of it was run
    if suite is not None and call.when == "call" and suite.STASH in item.stash:
        suite.tell(item.stash[suite.STASH], report)
    if report.failed and (told := what_happened(item)):
        report.sections.append(("simulated server", told))
    if suite is not None and suite.STOPPED in item.stash:
        report.flare_contract_stopped = hasattr(item.config, "workerinput")
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> None:
    """Before the first test: write reports that know nothing yet, and let the run be watched."""
    if not _leads(session.config):
        return  # a worker of xdist's is watched by it
    results = session.config.stash[_RESULTS]
    results.used = results.used or _holds_suite(session.items)
    if results.used:
        from contract_tests.pytest_suite.watched import begin

        begin(session)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the reports that were asked for, before anything is printed, and whatever is printed."""
    results = session.config.stash[_RESULTS]
    if not _leads(session.config) or not (results.used or results.crashed or results.stopped):
        return
    from contract_tests.pytest_suite.summary import conclude, withdraw

    if results.stopped:
        withdraw(session.config, results.stopped)
    else:
        conclude(session, results.told, results.crashed, used=results.used)


def _leads(config: pytest.Config) -> bool:
    """Whether this process is to tell of the tests: it runs them, and does so for nobody else."""
    return not (hasattr(config, "workerinput") or config.option.collectonly)


def pytest_terminal_summary(terminalreporter: Any, exitstatus: int, config: pytest.Config) -> None:
    """Print the table of clauses and the verdict."""
    results = config.stash[_RESULTS]
    ran = exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.NO_TESTS_COLLECTED)
    if results.added and ran and _leads(config) and not (results.used or results.stopped):
        told = f"no test of the suite was run, so there is no verdict; a path that leads to its {_FILE} selects it"
        terminalreporter.write_line(f"flare-contract: {told}", yellow=True)
    if summary := sys.modules.get("contract_tests.pytest_suite.summary"):
        summary.summarize(terminalreporter, config)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Tell the process that watches this one, if there is one, what the run has come to."""
    if watched := sys.modules.get("contract_tests.pytest_suite.watched"):
        watched.end(config)
