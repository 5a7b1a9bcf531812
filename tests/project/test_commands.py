"""The commands and the plug-in are where packaging says they are, and say what they are for."""

from __future__ import annotations

import re
import shlex
from importlib.metadata import entry_points, version
from typing import Any

import click
import pytest
from click.testing import CliRunner

import contract_tests
import flare_sim
from contract_tests import System
from flare_sim import nvflare, recording
from tests.project.tree import DOCUMENTS, ROOT, blocks

COMMANDS = ("flare-contract", "flare-sim")
REFERENCE = "docs/reference.md"


def command_named(name: str) -> click.Group:
    """The command that an installed script of that name runs."""
    (found,) = entry_points(group="console_scripts", name=name)
    command = found.load()
    assert isinstance(command, click.Group)
    return command


def shown(command: str) -> list[list[str]]:
    """The words of every line of the documents that runs this command, whatever folder it is installed in."""
    lines = [
        part.strip().rstrip(" }")
        for document in DOCUMENTS
        for block in blocks(document)
        if block.language in ("console", "sh", "yaml")
        for line in block.text.splitlines()
        for part in re.split(r"&&|\|", line.partition("#")[0])
    ]
    called = re.compile(rf"(?:^|/| ){command} (\S.*)$")
    return [shlex.split(found.group(1)) for line in lines if (found := called.search(line))]


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_says_what_it_is_for(name: str) -> None:
    """Each command answers to --help with a text that names it, and with its own commands."""
    command = command_named(name)
    told = CliRunner().invoke(command, ["--help"], prog_name=name)

    assert told.exit_code == 0
    assert f"Usage: {name}" in told.output
    assert command.commands != {}
    assert [part for part in command.commands if part not in told.output] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_each_part_of_a_command_says_what_it_is_for(name: str) -> None:
    """Each command of a command answers to --help, and every option of it comes with a sentence."""
    command = command_named(name)
    for part, details in command.commands.items():
        told = CliRunner().invoke(command, [part, "--help"], prog_name=name)

        assert told.exit_code == 0, part
        assert f"Usage: {name} {part}" in told.output
        assert [option.name for option in details.params if isinstance(option, click.Option) and not option.help] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_knows_its_version(name: str) -> None:
    """Each command answers to --version with the version of the distribution."""
    told = CliRunner().invoke(command_named(name), ["--version"], prog_name=name)

    assert told.exit_code == 0
    assert version("flare-sim") in told.output


def test_the_plugin_is_registered_with_pytest(pytestconfig: pytest.Config) -> None:
    """Pytest loads the plug-in by itself, under the name it is published by."""
    assert pytestconfig.pluginmanager.has_plugin("flare_contract")


@pytest.mark.parametrize("name", COMMANDS)
def test_the_documents_show_the_command(name: str) -> None:
    """Each command is shown at work."""
    assert shown(name) != []


@pytest.mark.parametrize("name", COMMANDS)
def test_what_the_documents_show_exists(name: str) -> None:
    """Every command line in the documents uses commands and options there are."""
    command = command_named(name)
    for part, *arguments in shown(name):
        if part.startswith("-"):
            continue
        assert part in command.commands
        known = {flag for option in command.commands[part].params for flag in (*option.opts, *option.secondary_opts)}
        own = arguments[: arguments.index("job")] if part == "nvflare" else arguments  # then NVFLARE's own
        assert {word.partition("=")[0] for word in own if word.startswith("-")} <= known, part


def test_options_of_the_plugin_in_the_documents_exist(pytestconfig: pytest.Config) -> None:
    """Every --flare option in the documents is one that the plug-in adds."""
    parser: Any = pytestconfig._parser
    known = {name for group in parser._groups for option in group.options for name in option.names()}
    used = {
        option
        for document in DOCUMENTS
        for block in blocks(document)
        for option in re.findall(r"--flare[a-z-]*", block.text)
    }

    assert used != set()
    assert used <= known


def told(pattern: str) -> set[str]:
    """What stands in the code of the reference's tables."""
    cells = re.findall(r"`([^`\n]+)`", (ROOT / REFERENCE).read_text(encoding="utf-8"))
    return {found for cell in cells for found in re.findall(pattern, cell)}


def test_the_reference_tells_every_command_and_option() -> None:
    """No more and no less than the commands take, and the plug-in."""
    commands = {
        f"{name} {part}": details for name in COMMANDS for part, details in command_named(name).commands.items()
    }
    options = {
        flag
        for details in commands.values()
        for option in details.params
        if isinstance(option, click.Option)
        for flag in (*option.opts, *option.secondary_opts)
        if flag.startswith("--")
    }

    assert told(r"^(?:flare-contract|flare-sim) [a-z-]+") == set(commands)
    assert {option for option in told(r"--[a-z-]+") if not option.startswith("--flare")} == {*options, "--help"}


def test_the_reference_tells_every_option_of_the_plugin(pytestconfig: pytest.Config) -> None:
    """No more and no less than pytest takes from it."""
    parser: Any = pytestconfig._parser
    known = {name for group in parser._groups for option in group.options for name in option.names()}

    assert told(r"^--flare[a-z-]+") == {name for name in known if name.startswith("--flare")}


def test_the_reference_tells_all_that_a_system_can_offer() -> None:
    """Every method and every attribute that can be overridden."""
    names = {name for name in vars(System) if not name.startswith("_")}
    methods = {name for name in names if callable(getattr(System, name))}

    assert methods <= told(r"^(\w+)\(")
    assert names - methods <= told(r"^\w+$")


def test_the_reference_tells_what_can_be_imported() -> None:
    """All of the suite, and nothing that is not there."""
    rows = re.findall(r"^\| (`\w.*?) \| `([\w.]+)` \|", (ROOT / REFERENCE).read_text(encoding="utf-8"), re.MULTILINE)
    everything: dict[str, set[str]] = {}
    for names, home in rows:
        everything.setdefault(home, set()).update(re.findall(r"`(\w+)`", names))

    assert everything["contract_tests"] == set(contract_tests.__all__)
    assert everything["flare_sim"] <= set(flare_sim.__all__)
    assert everything["flare_sim.nvflare"] <= set(nvflare.__all__)
    assert everything["flare_sim.recording"] <= set(recording.__all__)
    assert set(everything) == {
        "contract_tests",
        "contract_tests.reference",
        "contract_tests.nvflare_systems",
        "flare_sim",
        "flare_sim.nvflare",
        "flare_sim.recording",
    }
