"""Commands and replies have NVFLARE's shape."""

from __future__ import annotations

import re
from typing import Any

import pytest

from flare_sim import Command, Reply, SimulatedServer
from flare_sim.commands.protocol import ApiStatus, MetaStatus


def test_a_command_line_is_words() -> None:
    """A line is split as a shell would, so a path with blanks is one word in quotes."""
    assert Command.parse('submit_job "/a b/c" -x') == ("submit_job", ("/a b/c", "-x"), None)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", "there is no command"),
        ("   ", "there is no command"),
        ('submit_job "a', "No closing quotation"),
        (b"submit_job", "a command line is text, not a value of type bytes"),
    ],
)
def test_a_line_that_is_no_command_is_refused(line: Any, said: str) -> None:
    """No words, a quotation that does not end, and what is no text."""
    with pytest.raises(ValueError, match=f"^{said}$"):
        Command.parse(line)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("list_jobs", "a Command is needed, not 'list_jobs'"),
        (Command(5), "a Command has a name and words, not 5 and a value of type tuple"),  # type: ignore[arg-type]
        (Command("bye", ("a", 5)), "a Command has a name and words, not 'bye' and a value of type tuple"),  # type: ignore[arg-type]
        (Command("bye", 5), "a Command has a name and words, not 'bye' and 5"),  # type: ignore[arg-type]
    ],
)
def test_what_is_no_command_is_shown(server: SimulatedServer, given: Any, said: str) -> None:
    """To whoever sends it."""
    with pytest.raises(ValueError, match=f"^{re.escape(said)}$"):
        server.request(server.login("admin@nvidia.com"), given)


def test_a_good_reply_as_a_dict() -> None:
    """Status and info are in the meta, the values beside them, and the console's items in data."""
    reply = Reply(ApiStatus.SUCCESS, MetaStatus.OK, "", {"job_id": "x"}, (("string", "Submitted"), ("table", [["A"]])))

    assert reply.as_dict() == {
        "time": "1970-01-01 00:00:00.000000",
        "data": [{"type": "string", "data": "Submitted"}, {"type": "table", "rows": [["A"]]}],
        "meta": {"status": "ok", "info": "", "job_id": "x"},
        "status": "SUCCESS",
    }


def test_a_bare_good_reply_says_success() -> None:
    """A reply with nothing to show still has one item."""
    assert Reply(ApiStatus.SUCCESS, MetaStatus.OK).as_dict()["data"] == [{"type": "success", "data": ""}]


def test_a_refusal_as_a_dict() -> None:
    """What was refused is in the meta and shown as an error; the call itself may have gone well."""
    made = Reply(ApiStatus.SUCCESS, MetaStatus.INVALID_JOB_ID, "x").as_dict()

    assert (made["meta"], made["status"]) == ({"status": "invalid_job_id", "info": "x"}, "SUCCESS")
    assert made["data"] == [{"type": "error", "data": "x"}]


def test_a_call_that_did_not_get_through_has_no_meta() -> None:
    """Without a server there is a status and details, and nothing else."""
    assert Reply(ApiStatus.ERROR_SERVER_CONNECTION, info="gone").as_dict() == {
        "status": "ERROR_SERVER_CONNECTION",
        "details": "gone",
    }
