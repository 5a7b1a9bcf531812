"""Every parameter of both commands: what it takes, and a command line that is good but for it."""

from __future__ import annotations

from typing import NamedTuple

import click

import contract_tests.cli
import flare_sim.cli

PROGRAMS: dict[str, click.Group] = {"flare-contract": contract_tests.cli.main, "flare-sim": flare_sim.cli.main}

FLAG = "flag"
"""Takes no value."""
ONE_OF = "one of"
"""One of some words; all others are wrong usage."""
NUMBER = "number"
"""A number, or something else of a form that little has; all others are wrong usage."""
TEXT = "text"
"""Any text: a name, a sentence."""
SYSTEM = "system"
"""``package.module:Name``, which is imported."""
READ = "read"
"""A file that is read."""
JOB = "job"
"""A job folder or zip file; what is wrong with one is told as that."""
WRITTEN = "written"
"""A file that is written."""
STATE = "state"
"""A file that is read if it is there, and written."""
FOLDER = "folder"
"""A folder that things are put into."""
WORDS = "words"
"""Somebody else's command line: scripts and NVFLARE's commands have tests of their own, where NVFLARE is."""


class Row(NamedTuple):
    """A command: its parameters, and the values of its arguments in a good command line, and options that make it fast.

    ``{name}`` stands for a path below a folder where there are such things.
    """

    takes: dict[str, str]
    arguments: dict[str, str]
    options: tuple[str, ...] = ()


REFERENCE = "contract_tests.reference:SimulatedSystem"
_FAST = ("-q", "--clause", "close.again", "--repro", "", "--examples", "1", "--jobs", "1")
_REPORTS = dict.fromkeys(("json_file", "junit_file", "html_file", "markdown_file", "badge_file"), WRITTEN)
_LIMITS = dict.fromkeys(
    (
        *("max_job_bytes", "max_job_files", "max_job_depth"),
        *("max_path_bytes", "max_name_bytes", "max_meta_bytes", "max_zip_ratio"),
    ),
    NUMBER,
)
_SERVER = {
    "scenario": READ,
    "clients": NUMBER,
    "seed": NUMBER,
    "personality": ONE_OF,
    "run_seconds": NUMBER,
    "outcome": ONE_OF,
    "rounds": NUMBER,
    "every": NUMBER,
    "metrics": ONE_OF,
    "progress": ONE_OF,
    **_LIMITS,
}
_JOBS = {"job_outcomes": NUMBER, "job_seconds": NUMBER, "job_results": NUMBER}

ROWS: dict[tuple[str, str], Row] = {
    ("flare-contract", "init"): Row(
        {"session": SYSTEM, "file": WRITTEN, "force": FLAG}, {"session": "flare_sim:Session", "file": "{new}"}
    ),
    ("flare-contract", "run"): Row(
        {
            "system": SYSTEM,
            **_REPORTS,
            "clauses": TEXT,
            "deviations_file": READ,
            "repro_folder": FOLDER,
            "required": NUMBER,
            "fail_fast": FLAG,
            "budget": NUMBER,
            "facts": TEXT,
            "seed": NUMBER,
            "examples": NUMBER,
            "jobs": NUMBER,
            "durations": NUMBER,
            "quiet": FLAG,
        },
        {"system": REFERENCE},
        _FAST,
    ),
    ("flare-contract", "clauses"): Row(
        {"clause_id": TEXT, "as_json": FLAG, "as_page": FLAG, "where": FLAG}, {"clause_id": "close"}
    ),
    ("flare-contract", "baseline"): Row(
        {"system": SYSTEM, "target": WRITTEN, "seed": NUMBER, "examples": NUMBER},
        {"system": REFERENCE},
        ("--write", "{new}", "--examples", "1"),
    ),
    ("flare-contract", "replay"): Row({"file": READ, "system": SYSTEM, "as_json": FLAG}, {"file": "{reproducer}"}),
    ("flare-contract", "diff"): Row(
        {"first": SYSTEM, "second": SYSTEM, "seed": NUMBER, "examples": NUMBER, "as_json": FLAG},
        {"first": REFERENCE, "second": REFERENCE},
        ("--examples", "1"),
    ),
    ("flare-contract", "explore"): Row(
        {"system": SYSTEM, "depth": NUMBER, "fault": ONE_OF, "untimed": FLAG, "repro_folder": FOLDER, "as_json": FLAG},
        {"system": REFERENCE},
        ("--depth", "1"),
    ),
    ("flare-contract", "verify"): Row({"file": READ, "as_json": FLAG}, {"file": "{report}"}),
    ("flare-contract", "sweep"): Row(
        {
            "system": SYSTEM,
            "seeds": NUMBER,
            "folder": FOLDER,
            "json_file": WRITTEN,
            "clauses": TEXT,
            "every_check": FLAG,
            "deviations_file": READ,
            "budget": NUMBER,
            "examples": NUMBER,
            "jobs": NUMBER,
            "engine": ONE_OF,
            "scheduler": TEXT,
            "quiet": FLAG,
        },
        {"system": REFERENCE},
        ("-q", "--seeds", "0:2", "--clause", "close.again", "--examples", "1", "--jobs", "1"),
    ),
    ("flare-contract", "mutants"): Row({"names": TEXT, "as_json": FLAG}, {"names": "close"}),
    ("flare-contract", "prove"): Row(
        {
            "names": TEXT,
            "json_file": WRITTEN,
            "html_file": WRITTEN,
            "own_only": FLAG,
            "thorough": FLAG,
            "jobs": NUMBER,
            "engine": ONE_OF,
            "scheduler": TEXT,
            "seed": NUMBER,
        },
        {"names": "close"},
    ),
    ("flare-sim", "run"): Row(
        {
            "job": JOB,
            **_SERVER,
            "state_file": STATE,
            "user": TEXT,
            "trace": WRITTEN,
            "timeline": WRITTEN,
            "download": FOLDER,
            "as_json": FLAG,
        },
        {"job": "{job}"},
    ),
    ("flare-sim", "check"): Row(
        {"jobs": JOB, "personality": ONE_OF, "clients": NUMBER, "strict": FLAG, "as_json": FLAG, **_LIMITS},
        {"jobs": "{job}"},
    ),
    ("flare-sim", "scenarios"): Row({"scenario": READ, "as_json": FLAG}, {"scenario": "{scenario}"}),
    ("flare-sim", "replay"): Row(
        {
            "file": READ,
            **_SERVER,
            "users": NUMBER,
            **_JOBS,
            "through_nvflare": FLAG,
            "tolerance": NUMBER,
            "texts": FLAG,
            "digests": FLAG,
            "scenario_out": WRITTEN,
            "as_json": FLAG,
        },
        {"file": "{recording}"},
    ),
    ("flare-sim", "timeline"): Row({"file": READ, "output": WRITTEN}, {"file": "{trace}"}, ("-o", "-")),
    ("flare-sim", "ctl"): Row(
        {"operation": ONE_OF, "arguments": WORDS, "file": READ}, {"operation": "health"}, ("--control", "{control}")
    ),
    ("flare-sim", "lifecycle"): Row({"mermaid": FLAG, "as_json": FLAG}, {}),
    ("flare-sim", "personalities"): Row({"markdown": FLAG, "as_json": FLAG}, {}),
    ("flare-sim", "run-script"): Row(
        {
            "script": WORDS,
            "arguments": WORDS,
            **_SERVER,
            "users": NUMBER,
            **_JOBS,
            "real_time": FLAG,
            "max_seconds": NUMBER,
            "upload_dir": READ,
            "download_dir": FOLDER,
            "trace": WRITTEN,
            "timeline": WRITTEN,
            "record": WRITTEN,
            "json_file": WRITTEN,
            "summary": FLAG,
        },
        {"script": "{script}"},
    ),
    ("flare-sim", "nvflare"): Row(
        {
            "arguments": WORDS,
            **_SERVER,
            "users": NUMBER,
            **_JOBS,
            "jobs": JOB,
            "state_file": STATE,
            "after": NUMBER,
            "max_seconds": NUMBER,
            "name": TEXT,
        },
        {"arguments": "job"},
    ),
    ("flare-sim", "serve"): Row(
        {
            "port": NUMBER,
            "host": TEXT,
            "kit_host": TEXT,
            "kits": FOLDER,
            "speed": NUMBER,
            "jobs": JOB,
            "ready_file": WRITTEN,
            "control_file": WRITTEN,
            "control_port": NUMBER,
            "until_eof": FLAG,
            "verbose": FLAG,
            **_SERVER,
            "users": NUMBER,
            **_JOBS,
            "state_file": STATE,
            "trace": WRITTEN,
            "timeline": WRITTEN,
        },
        {},
    ),
}
"""Every command of both. What a new one takes has to be said here."""


def parameters(program: str, command: str) -> dict[str, click.Parameter]:
    """The parameters of a command, by name."""
    return {str(one.name): one for one in PROGRAMS[program].commands[command].params}


def taking(*kinds: str) -> list[tuple[str, str, str]]:
    """The parameters of these kinds: program, command, name."""
    return [
        (program, command, name)
        for (program, command), row in ROWS.items()
        for name, kind in row.takes.items()
        if kind in kinds
    ]


def command_line(program: str, command: str, at: dict[str, str], changed: dict[str, str]) -> list[str]:
    """A good command line of a command, but for the values of some parameters; ``at`` says where paths are."""
    row = ROWS[program, command]
    options = [word.format(**at) for word in row.options]
    arguments = {name: value.format(**at) for name, value in row.arguments.items()}
    for name, value in changed.items():
        parameter = parameters(program, command)[name]
        if isinstance(parameter, click.Argument):
            arguments[name] = value
            continue
        for at_word, word in enumerate(options):
            if word in parameter.opts:
                del options[at_word : at_word + 2]
                break
        options += [parameter.opts[0], value]
    return [command, *options, "--", *arguments.values()]
