"""What was handed out is the caller's: whoever hands out one thing twice is found out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from contract_tests.sequences.model.handouts import Handouts
from contract_tests.sequences.model.jobs import Disagreement
from flare_sim.spec import ClientInfo, JobInfo, ServerInfo, SystemInfo


def info(client: ClientInfo) -> SystemInfo:
    """System info of one client."""
    return SystemInfo(ServerInfo("started", 0.0), [client], [JobInfo("1", "app")])


@pytest.mark.parametrize("make", [lambda: {"job_id": "1"}, lambda: [{"job_id": "1"}], lambda: info(ClientInfo("a", 1))])
def test_what_is_handed_out_anew_stays_the_callers(make: Any) -> None:
    """However often; and nothing is said of what holds nothing."""
    handouts = Handouts()
    values: list[Any] = [make(), make(), [], None, 7]
    for value in values:
        handouts.take(value)

    handouts.stay()


@pytest.mark.parametrize("again", [lambda one: one, dict, lambda one: [one]])
def test_what_is_handed_out_twice_has_a_mark_in_it(again: Any) -> None:
    """Itself, in a copy, or in a list."""
    handouts, meta = Handouts(), {"job_id": "1"}
    handouts.take(meta)

    with pytest.raises(Disagreement, match="own"):
        handouts.take(again(meta))


def test_an_object_of_system_info_is_marked_too() -> None:
    """A client that is told of by the same object."""
    handouts, client = Handouts(), ClientInfo("a", 1.0)
    handouts.take(info(client))

    with pytest.raises(Disagreement, match="own"):
        handouts.take(info(client))


def test_what_is_brought_up_to_date_does_not_stay() -> None:
    """Neither a meta that is written anew, nor a list that gets other entries."""
    meta: dict[str, Any] = {"status": "RUNNING"}
    jobs: list[dict[str, Any]] = [{"status": "RUNNING"}]
    renewals: tuple[tuple[Any, Callable[[], None]], ...] = ((meta, meta.clear), (jobs, jobs.clear))
    for value, renew in renewals:
        handouts = Handouts()
        handouts.take(value)
        renew()

        with pytest.raises(Disagreement, match="stay"):
            handouts.stay()


def test_what_can_not_be_written_into_is_left_alone() -> None:
    """It can't be shared with anybody who notices."""

    class Frozen(dict[str, Any]):
        def __setitem__(self, key: str, value: Any) -> None:
            raise TypeError("frozen")

    handouts, frozen = Handouts(), Frozen(job_id="1")
    handouts.take(frozen)
    handouts.take(frozen)

    handouts.stay()
