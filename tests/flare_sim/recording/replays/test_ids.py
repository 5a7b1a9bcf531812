"""Ids of a recording stand for those of the replay, and the other way round."""

from __future__ import annotations

import pytest

from flare_sim.recording.replays.ids import Ids

THERE, HERE = "0f7dcba3-7a8f-4d36-9be5-395398e96bc6", "f7200b34-2660-4b26-8f97-23a977d1da93"


@pytest.fixture
def ids() -> Ids:
    """One job."""
    known = Ids()
    known.learn(THERE, HERE)
    return known


def test_an_argument_is_about_the_job_here(ids: Ids) -> None:
    """Wherever in it the id is, in capitals, and when it is only the beginning."""
    assert ids.here({"a": [THERE, 5, "x"]}) == {"a": [HERE, 5, "x"]}
    assert ids.here(THERE.upper()) == HERE.upper()
    assert (ids.here("0f7d"), ids.here("0F7DCBA3")) == ("f720", "F7200B34")
    assert (ids.here("0f7"), ids.here("0f7d-other"), ids.here("")) == ("0f7", "0f7d-other", "")


def test_what_is_told_here_is_about_the_job_there(ids: Ids) -> None:
    """Also in the middle of a text; other ids stay."""
    other = "00000000-0000-0000-0000-000000000000"

    assert ids.recorded({"a": [f"job {HERE} of {other}", None]}) == {"a": [f"job {THERE} of {other}", None]}
    assert (ids.of_recorded(HERE), ids.of_recorded(THERE)) == (THERE, None)


def test_what_is_no_id_is_not_learned() -> None:
    """As when one of the calls failed."""
    known = Ids()
    known.learn(None, HERE)
    known.learn(THERE, {"job_id": HERE})

    assert known.here([THERE, HERE]) == [THERE, HERE]
