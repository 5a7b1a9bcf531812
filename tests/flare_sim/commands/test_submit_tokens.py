"""Submit tokens: how they are taken out of the words of a command, and which jobs are the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flare_sim import Command, JobDefinition, Reply, SimulatedServer
from flare_sim.commands.request import Request
from flare_sim.commands.submit_tokens import TOKEN_OPTION, token_in
from flare_sim.commands.table import answer
from tests.flare_sim.job_samples import definition, job_files

WORDS = st.lists(st.text("ab-", max_size=3)).map(tuple)


@given(WORDS, WORDS, st.text(min_size=1))
def test_a_token_is_taken_out_and_all_else_is_left(before: tuple[str, ...], after: tuple[str, ...], token: str) -> None:
    """Wherever it stands."""
    assert token_in((*before, TOKEN_OPTION, token, *after)) == ((*before, *after), token)
    assert token_in((*before, *after)) == ((*before, *after), "")


@given(WORDS)
def test_a_token_that_is_not_there_is_missed(before: tuple[str, ...]) -> None:
    """The option has to be followed by it."""
    with pytest.raises(ValueError, match=f"^argument {TOKEN_OPTION}: expected one argument$"):
        token_in((*before, TOKEN_OPTION))


def test_a_deletion_that_is_taken_back_leaves_its_token_as_it_was() -> None:
    """It stands for the job again."""
    server = SimulatedServer(quirks=["submit-tokens-honoured"])
    login = server.login("admin@nvidia.com")
    submit = Command("submit_job", ("x", TOKEN_OPTION, "t"), definition())
    job_id = server.request(login, submit).payload["job_id"]

    def half() -> None:
        answer(Request(server._state, server._runner, login.user, Command("delete_job", (job_id,))))
        raise KeyError("half")

    with pytest.raises(KeyError):
        server._transactions.run(half)

    assert server.request(login, submit).payload == {"job_id": job_id}


@pytest.mark.parametrize(("name", "same"), [(".__nvfl_sig.json", True), (".__nvfl_submitter.crt", True), ("x", False)])
def test_a_job_that_is_signed_anew_is_the_same(name: str, same: bool) -> None:
    """A client signs each folder before it sends the job, and never twice alike; any other file makes it another."""
    server = SimulatedServer(quirks=["submit-tokens-honoured"])
    login = server.login("admin@nvidia.com")

    def submit(written: str) -> Reply:
        job = JobDefinition.from_files({**job_files(), name: written, f"app/{name}": written})
        return server.request(login, Command("submit_job", ("x", TOKEN_OPTION, "t"), job))

    assert submit("once").payload["job_id"]
    assert (submit("again").status == "ok") is same
