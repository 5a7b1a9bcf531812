"""What is chosen of the suite by paths, and by the ids that pytest prints, as people paste them."""

from __future__ import annotations

import pytest

from tests.contract_tests.pytest_suite.inner_runs import CONFTEST, Project, ran, summed_up

pytest_plugins = ["pytester"]

OWN = "def test_own():\n    pass\n"
ONE = "test_flare_contract.py::test_contract[close.returns-none]"
ALWAYS = "test_flare_contract.py::test_contract[close.returns-none/always]"
LATER = "test_flare_contract.py::test_contract[close.again/much later]"


def pasted(project: Project, ids: list[str], *options: str) -> None:
    """Paste ids, one after the other, and make sure that each runs exactly that."""
    assert ids
    for each in ids:
        assert ran(project.run(each, "-v", *options)) == [each]


@pytest.mark.parametrize("folder", [".", "below"])
def test_an_id_as_printed_can_be_pasted(folder: str, project: Project) -> None:
    """From the lines of -v and from the short summary, in the root folder and in another."""
    project.write("conftest.py", CONFTEST)
    project.write("test_own.py", OWN)
    project.change_to(folder)

    result = project.run("--flare-contract", "-k", "close.returns-none", "-v", "-rA")

    to = "" if folder == "." else "../"
    assert ran(result) == summed_up(result) == [f"{to}{ONE}", f"{to}{ALWAYS}"]
    pasted(project, ran(result))


@pytest.mark.slow
def test_an_id_as_collected_can_be_pasted(project: Project) -> None:
    """``--collect-only -q`` prints ids as seen from the root folder; such an id does in a folder below, too."""
    project.write("conftest.py", CONFTEST)

    collected = ran(project.run("--flare-contract", "--collect-only", "-q"))
    project.change_to("below")

    assert {ONE, ALWAYS, LATER} < set(collected)
    assert ran(project.run(LATER, "-v")) == [f"../{LATER}"]


def test_an_id_below_the_root_is_found_with_its_conftest_alone(project: Project) -> None:
    """Its conftest may add an option; what else is in the folder is neither run nor imported."""
    option = '\ndef pytest_addoption(parser):\n    parser.addoption("--theirs")\n'
    project.write("one/two/conftest.py", CONFTEST + option)
    project.write("one/two/test_own.py", "raise RuntimeError")

    pasted(project, [f"one/two/{ONE}"], "--theirs", "x")


@pytest.mark.slow
def test_ids_go_with_paths(project: Project) -> None:
    """A file of one's own beside the conftest is run as well, once each; so it is on another process."""
    project.write("conftest.py", CONFTEST)
    project.write("test_own.py", OWN)

    assert ran(project.run(ONE, "test_own.py", ALWAYS, ONE, "-v")) == ["test_own.py::test_own", ONE, ALWAYS]
    assert set(ran(project.run(ONE, "test_own.py", "-v", "-n", "1"))) == {ONE, "test_own.py::test_own"}


def test_the_file_of_an_id_is_the_whole_suite(project: Project) -> None:
    """So is the name of the test without its parameters, without any option."""
    project.write("conftest.py", CONFTEST)
    name = ONE.partition("[")[0]

    whole, named = (ran(project.run(each, "--collect-only", "-q")) for each in (name.partition("::")[0], name))

    assert whole == named
    assert {ONE, ALWAYS, LATER} < set(whole)


@pytest.mark.parametrize(
    "wrong", ["test_flare_contract.py::test_contract[no.clause]", f"below/{ONE}", f"nowhere/{ONE}"]
)
def test_an_id_of_nothing_is_wrong_usage(wrong: str, project: Project) -> None:
    """It is told as pytest tells it."""
    project.write("conftest.py", CONFTEST)
    project.write("below/test_own.py", OWN)

    result = project.run(wrong)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: *not found: {wrong.replace('[', '[[]')}"])
    assert "verdict" not in result.stdout.str()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "there"),
    [
        ((), True),
        ((".",), True),
        (("tests",), True),
        (("tests/test_own.py",), False),
        (("tests/test_own.py::test_own",), False),
        (("tests/below",), False),
        (("tests/below", "."), True),
        (("--ignore", "test_flare_contract.py"), False),
        (("tests/test_own.py", "-n", "1"), False),
    ],
)
def test_a_path_selects_the_suite_as_it_does_any_test(
    arguments: tuple[str, ...], there: bool, project: Project
) -> None:
    """It is there when nothing but the root folder or all of testpaths is given."""
    project.write("conftest.py", CONFTEST)
    project.write("tests/test_own.py", OWN)
    project.write("tests/below/test_below.py", OWN)
    project.write("pytest.ini", "[pytest]\ntestpaths = tests\nflare_require_level = 6\naddopts = -p no:randomly\n")

    result = project.run("--flare-contract", "-m", "not flare_contract", *arguments, "-v")
    found = ran(project.run("--flare-contract", *arguments, "--collect-only", "-q")) if "-n" not in arguments else []

    assert (ONE in found) is there
    assert result.ret == 0  # what is not there fails nothing, whatever the ini file requires
    result.stdout.fnmatch_lines(["flare-contract: no test of the suite was run, so there is no verdict*"])


@pytest.mark.slow
def test_a_suite_in_a_folder_is_selected_by_the_folder(project: Project) -> None:
    """Each of two is below its conftest, and leaves the other alone."""
    for folder in ("one", "two"):
        project.write(f"{folder}/conftest.py", CONFTEST)

    one, both = (project.run("--flare-contract", *given, "--collect-only", "-q") for given in (("one",), ()))

    assert f"one/{ONE}" in ran(one)
    assert f"two/{ONE}" not in ran(one)
    assert {f"one/{ONE}", f"two/{ONE}"} < set(ran(both))


def test_a_file_of_that_name_is_the_suite_if_it_has_it(project: Project) -> None:
    """Else there would be two tests with one id; a file without it has to go by another name."""
    project.write("conftest.py", CONFTEST)
    project.write(
        "test_flare_contract.py", "from contract_tests import contract_suite\ntest_contract = contract_suite()\n"
    )

    collected = ran(project.run("--flare-contract", "--collect-only", "-q"))
    project.write("test_flare_contract.py", OWN)
    refused = project.run("--flare-contract")

    assert collected.count(ONE) == 1
    assert refused.ret == pytest.ExitCode.USAGE_ERROR
    refused.stderr.fnmatch_lines(["ERROR: flare-contract: *test_flare_contract.py has the name*"])


MODULE = """
import pytest
from contract_tests import contract_suite
from contract_tests.reference import SimulatedSystem

test_contract = contract_suite()

@pytest.fixture
def flare_system_factory():
    return SimulatedSystem
"""


@pytest.mark.slow
def test_a_test_file_of_ones_own_has_ids_like_any_other(project: Project) -> None:
    """With the fixture in the file, and in an installed package that is named by ``--pyargs``."""
    project.write("pkg/__init__.py", "")
    project.write("pkg/test_theirs.py", MODULE)

    by_path = project.run("pkg/test_theirs.py", "-v", "-k", "close.again")
    by_name = project.run("--pyargs", "pkg.test_theirs", "-v", "-k", "close.again", "-o", "pythonpath=.")

    assert ran(by_path) == ran(by_name)
    pasted(project, ran(by_path))
    one = project.run("--pyargs", "pkg.test_theirs::test_contract[close.again]", "-v", "-o", "pythonpath=.")
    assert ran(one) == ran(by_path)[:1]


@pytest.mark.slow
@pytest.mark.parametrize(
    "options",
    [("-W", "error"), ("--import-mode=importlib",), ("--confcutdir", "."), ("-p", "no:cacheprovider"), ("--pyargs",)],
)
def test_other_options_change_no_ids(options: tuple[str, ...], project: Project) -> None:
    """Warnings as errors, another way to import, another place to stop looking for conftests."""
    project.write("conftest.py", CONFTEST)

    assert ran(project.run("--flare-contract", "-k", "close.returns-none", "-v", *options)) == [ONE, ALWAYS]
    pasted(project, [ONE], *options)


def test_the_root_folder_may_be_elsewhere(project: Project) -> None:
    """The fixture is seen all the same, and an id as printed runs that test, with the same option."""
    project.write("elsewhere/pytest.ini", "[pytest]\naddopts = -p no:randomly --flare-examples 1\n")
    project.write("mine/conftest.py", CONFTEST)
    project.change_to("mine")

    result = project.run("--flare-contract", "-k", "close.returns-none", "-v", "--rootdir", "../elsewhere")

    assert result.parseoutcomes()["failed"] == 2
    assert project.run(ran(result)[0], "--rootdir", "../elsewhere").parseoutcomes() == {"failed": 1}


@pytest.mark.slow
def test_last_failed_runs_what_failed(project: Project) -> None:
    """Tests of the suite beside tests of one's own, whose files pytest looks for; first or alone, new ones first."""
    project.write("conftest.py", CONFTEST)
    project.write("test_own.py", "def test_fails():\n    assert False\n\ndef test_passes():\n    pass\n")
    project.run("--flare-contract", "-k", "close.returns-none or close.jobs or test_own")
    failed = ["test_own.py::test_fails", ONE, ALWAYS]

    last = project.run("--flare-contract", "--lf", "-v")
    first = project.run("--flare-contract", "--ff", "-k", "close.returns-none or close.jobs or test_own", "-v")
    new = project.run("--flare-contract", "--nf", "-k", "close.again or test_own", "--collect-only", "-q")

    assert ran(last) == failed
    assert ran(first)[:3] == failed
    assert LATER in ran(new)


@pytest.mark.slow
def test_stepwise_goes_on_where_it_stopped(project: Project) -> None:
    """At the test of the suite that failed; with -x, too, only one fails."""
    project.write("conftest.py", CONFTEST)
    chosen = ("--flare-contract", "-k", "shape.exceptions or close.returns-none", "-v")

    stopped, again = project.run(*chosen, "--sw"), project.run(*chosen, "--sw")

    assert ran(stopped)[-1] == ONE
    assert ran(again) == [ONE]
    assert project.run(*chosen, "-x").parseoutcomes()["failed"] == 1


def test_what_is_deselected_by_its_id_is_not_run(project: Project) -> None:
    """By the very id that is printed."""
    project.write("conftest.py", CONFTEST)

    result = project.run("--flare-contract", "-k", "close.returns-none", "--deselect", ONE, "-v")

    assert ran(result) == [ALWAYS]
