"""The documents say what is so: code runs, links lead somewhere, the changelog knows the version."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from contract_tests.contract.verdict import Verdict
from contract_tests.engine import deviations
from contract_tests.reference import SimulatedSystem
from flare_sim import Scenario
from tests.project.tree import DOCUMENTS, GUIDES, LESSONS, ROOT, blocks, files, pyproject, shown

MACHINE = re.compile(r"(?<![\w.$}*)\]])/(?:home|root|Users|work|mnt|opt)/|[A-Z]:\\Users")
NEEDS_NVFLARE = re.compile(
    r"^(?:from|import) \S*nvflare\b", re.MULTILINE
)  # tried in tests/nvflare, where it is installed
SCRIPTS = [block.text for block in shown("python") if not block.file and not NEEDS_NVFLARE.search(block.text)]
TESTS = ("test_my_dispatcher.py", "test_my_module.py")
LEFT_OVER = re.compile(r"\b(?:TODO|FIXME|XXX)\b")

MY_PACKAGE = """
from flare_sim import SimulatedServer


class MyServer(SimulatedServer):
    def __init__(self):
        super().__init__(users=["alice"])


def MySession(server, user):
    return server.connect(user)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with what the guides speak of: the files they show, the examples, and somebody's package."""
    for block in shown("python"):
        if block.file and not NEEDS_NVFLARE.search(block.text):
            (tmp_path / block.file).write_text(block.text, encoding="utf-8")
    (tmp_path / "my_package.py").write_text(MY_PACKAGE, encoding="utf-8")
    (tmp_path / "examples").symlink_to(ROOT / "examples", target_is_directory=True)
    return tmp_path


def python(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run this Python in a folder, where nothing but the folder's own files says which system to judge."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("FLARE_", "PYTEST_"))}
    return subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("script", SCRIPTS, ids=range(len(SCRIPTS)))
def test_the_scripts_of_the_guides_print_what_they_say(folder: Path, script: str) -> None:
    """Each runs as it stands, without a warning, and prints what stands beside its prints."""
    said = re.findall(r"^ *print\(.*\)  # (.*)$", script, re.MULTILINE)
    done = python(folder, "-W", "error", "-c", script)

    assert done.returncode == 0, done.stderr
    assert said != []
    assert re.search(r"^ *print\($", script, re.MULTILINE) is None  # what it says could not be told
    assert [line for line in done.stdout.splitlines() if line in said] == said


@pytest.mark.slow
@pytest.mark.parametrize("script", SCRIPTS, ids=range(len(SCRIPTS)))
def test_the_scripts_of_the_guides_tell_the_same_every_time(folder: Path, script: str) -> None:
    """Two runs of a script print the same, down to the digest."""
    first, second = (python(folder, "-c", script).stdout for _ in range(2))

    assert first != ""
    assert first == second


def test_the_scenarios_of_the_guides_make_sense() -> None:
    """Each file that is shown is one."""
    found = [Scenario.from_toml(block.text) for block in shown("toml") if block.file]

    assert [scenario.title for scenario in found] == ["A night shift"]


@pytest.mark.slow
def test_the_conftest_of_the_guides_plugs_a_system_in(folder: Path) -> None:
    """With the conftest as it stands, pytest judges the system it names; all it claims is kept, and is too little."""
    options = ["--flare-contract", "--flare-examples=2", "--ignore=examples", "-p", "no:cacheprovider"]
    done = python(folder, "-m", "pytest", *options)

    assert "conftest:MySystem" in done.stdout
    assert "verdict: unproven" in done.stdout, done.stdout + done.stderr
    assert " passed" in done.stdout
    assert " failed" not in done.stdout
    assert "not claimed" in done.stdout
    assert done.returncode == 1


def test_the_tests_of_the_guides_pass(folder: Path) -> None:
    """Each of them, with the fixtures that come with the package."""
    done = python(folder, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--strict-markers", *TESTS)

    assert done.returncode == 0, done.stdout
    assert "3 passed" in done.stdout


def test_the_guides_show_no_python_that_is_not_tried() -> None:
    """There are scripts, and every file of Python that is shown is one that is tried, here or with NVFLARE."""
    assert SCRIPTS != []
    python_blocks = shown("python")
    of_systems = {block.file for block in blocks("docs/system.md") if block.file}  # tried in test_system_page.py
    tried = {block.file for block in python_blocks if not NEEDS_NVFLARE.search(block.text)}
    of_lessons = {block.file for lesson in LESSONS for block in blocks(lesson) if block.file}  # in test_site.py
    assert tried - of_systems - of_lessons == {"", "conftest.py", "my_dispatcher.py", *TESTS}
    assert {block.file for block in python_blocks if NEEDS_NVFLARE.search(block.text)} == {
        "",
        "my_rehearsal.py",
        "my_session.py",
        "test_my_app.py",
    }


def test_a_file_is_the_same_wherever_it_is_shown() -> None:
    """Two guides that show a file of the same name show the same text."""
    named = [block.file for language in ("python", "yaml", "toml") for block in shown(language) if block.file]

    assert sorted(named) == sorted(set(named))


class RefusesRunning(SimulatedSystem):
    """Servers that do not delete a job that runs."""

    personality = "nvflare-2.9"


def test_the_deviations_of_the_guides_are_deviations(tmp_path: Path) -> None:
    """The file of known deviations that is shown is taken, and its witness shows what it says it shows."""
    (block,) = (block for block in shown("toml") if not block.file)
    path = tmp_path / "deviations.toml"
    path.write_text(block.text, encoding="utf-8")
    found, problems = deviations.read(path, date(2026, 11, 24))

    assert problems == []
    assert [deviation.clause for deviation in found] == ["delete.running"]
    assert deviations.replay(found[0], RefusesRunning).verdict is Verdict.KNOWN_DEVIATION


def anchors(text: str) -> set[str]:
    """What the headings of a document can be linked to by."""
    headings = re.findall(r"^#+ (.*)$", re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_between_the_files_lead_somewhere(document: str) -> None:
    """Every link or picture that is no address on the web is a file of the tree, and a heading in it."""
    path = ROOT / document
    links = re.findall(r"\]\(([^)\s]+)\)", path.read_text(encoding="utf-8"))
    dead = []
    for link in links:
        name, _, anchor = link.partition("#")
        target = path.parent / name if name else path
        if "://" in link:
            continue
        if not target.exists() or (anchor and anchor not in anchors(target.read_text(encoding="utf-8"))):
            dead.append(link)

    assert dead == []


@pytest.mark.parametrize("guide", [guide for guide in GUIDES if guide not in ("README.md", *LESSONS)])
def test_a_guide_is_found_from_the_first_page(guide: str) -> None:
    """README.md links to every one of them."""
    assert f"]({guide})" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_first_page_is_short() -> None:
    """It is for a first visit."""
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) < 200


def test_every_picture_is_shown() -> None:
    """Each of the folder is in a guide."""
    told = "".join((ROOT / guide).read_text(encoding="utf-8") for guide in GUIDES)
    pictures = sorted(path.name for path in (ROOT / "docs" / "pictures").iterdir())

    assert pictures != []
    assert [name for name in pictures if f"pictures/{name})" not in told] == []


def test_the_changelog_has_an_entry_for_the_version() -> None:
    """The version in pyproject.toml has an entry with a date."""
    version = re.escape(pyproject()["project"]["version"])
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")

    assert re.search(rf"^## \[{version}\] - \d{{4}}-\d\d-\d\d$", changelog, re.MULTILINE)


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    """No file of the project holds an absolute path of somebody's machine."""
    assert places(MACHINE) == []


def test_nothing_is_left_for_later() -> None:
    """No file of the project holds a note about work that is still to be done."""
    assert places(LEFT_OVER) == []


def places(pattern: re.Pattern[str]) -> list[str]:
    """Where the pattern is found in the project, this file apart: it holds the pattern itself."""
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in files()
        if path != Path(__file__).resolve()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line)
    ]
