"""What is wrong with a bad job definition is told, of every one, and no two are told alike."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from contract_tests.system.bad_definitions import bad_job, every_bad_definition
from contract_tests.system.definition_faults import fault, named
from contract_tests.system.job_plan import BadJob

EVERY = [BadJob(name) for name in every_bad_definition()]


@pytest.mark.parametrize(
    ("case", "told"),
    [
        ("not-text/2", "no text but 7"),
        ("empty-text/0", "an empty text"),
        ("empty-folder/0", "no meta.json in a folder that holds nothing"),
        ("no-meta/0", "no meta.json in a folder that holds app/"),
        ("no-meta/1", "no meta.json in a folder that holds job/"),
        ("plain-file/0", "a plain file, job.txt"),
        ("plain-file/2", "a plain file, job.zip"),
        ("unreadable-meta/1", "meta.json is no JSON: '{'"),
        ("meta-not-object/3", "meta.json is no object: 7"),
        ("no-deploy-map/0", 'meta.json has no "deploy_map"'),
        ("no-deploy-map/1", 'meta.json has "deploy_map": {}'),
        ("missing-app/0", "no app/"),
        ("missing-app/1", 'no other/, meta.json has "deploy_map": {"other": ["@ALL"]}'),
        ("no-server-config/0", "no app/config/config_fed_server.json"),
        ("min-clients/1", 'meta.json has "min_clients": -3'),
        ("min-clients/7", 'meta.json has "min_clients": NaN'),
    ],
)
def test_the_lines_or_the_tree_that_is_wrong_are_told(case: str, told: str) -> None:
    """As they are in the folder."""
    assert fault(BadJob(case)) == told


def test_what_lacks_a_file_in_one_app_of_two_names_it() -> None:
    """With the deploy map that asks for it."""
    told = fault(BadJob("no-client-config/1"))

    assert told.startswith('no client_app/config/config_fed_client.json, meta.json has "deploy_map": {"server_app": ')


@pytest.mark.parametrize("job", EVERY, ids=lambda job: job.fault)
def test_every_fault_is_told_in_a_short_line(job: BadJob) -> None:
    """Also of a meta.json that is nested a hundred thousand deep; and the whole of the line that is wrong."""
    told = fault(job)

    assert told
    assert "\n" not in told
    assert len(told) < 250


def test_no_two_cases_are_told_alike() -> None:
    """So that whoever reads of one can tell it from the others of its kind; where it is a path, by its kind."""
    told = Counter((job.fault.partition("/")[0], fault(job)) for job in EVERY)

    assert [key for key, count in told.items() if count > 1] == []


def test_what_is_told_of_a_meta_stands_in_it() -> None:
    """The value that is told is the one that was written."""
    for number in range(8):
        job = BadJob(f"min-clients/{number}")
        written = json.loads((Path(str(bad_job(job))) / "meta.json").read_text(encoding="utf-8"))

        assert fault(job) == f'meta.json has "min_clients": {json.dumps(written["min_clients"])}'


def test_a_kind_alone_is_its_first_case() -> None:
    """A case is named in full."""
    assert (named(BadJob("no-meta")), named(BadJob("no-meta/1"))) == ("no-meta/0", "no-meta/1")
    assert fault(BadJob("no-meta")) == fault(BadJob("no-meta/0"))
