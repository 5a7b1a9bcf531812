"""The commands and the plug-in are where packaging says they are, and say what they are for."""

from __future__ import annotations

import re
import shlex
from importlib.metadata import entry_points, version
from typing import Any

import click
import pytest
from click.testing import CliRunner

from tests.project.tree import blocks

COMMANDS = ("flare-contract", "flare-sim")
DOCUMENTS = ("README.md", "CONTRIBUTING.md")


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
        assert {word.partition("=")[0] for word in arguments if word.startswith("-")} <= known, part


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
