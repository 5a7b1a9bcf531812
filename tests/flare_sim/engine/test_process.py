"""What becomes of jobs and clients when the process of a server ends, and another one begins."""

from __future__ import annotations

from flare_sim import Client, SimulatedServer, VirtualClock
from tests.flare_sim.books import books, made_anew
from tests.flare_sim.job_samples import behaving, definition


def test_a_job_that_was_being_deployed_waits_again() -> None:
    """To be tried at once, whatever time it is."""
    server = SimulatedServer(clock=VirtualClock(-1000))
    server.submit(definition(custom_props=behaving(deploy_seconds=50)))
    server.advance(5)
    server.faults.crash()
    server.faults.restart()
    (job,) = server._state.store

    assert (job.status, job.retry_at) == ("SUBMITTED", 0)
    assert books(server._state) == made_anew(server._state)


def test_clients_keep_the_runs_that_they_take_part_in() -> None:
    """Not those of others, nor what was only being deployed to them."""
    server = SimulatedServer(quirks=["orphans-stay-running"])
    runs = server.submit(definition(min_clients=1, deploy_map={"app": ["server", "site-1"]}))
    server.submit(definition(custom_props=behaving(deploy_seconds=50)))
    server.advance(3)
    assert [job.state.name for job in server._state.store] == ["RUNNING", "DEPLOYING"]
    server.faults.crash()

    assert {site.name: site.orphans for site in server._state.sites} == {"site-1": [(runs, "app")], "site-2": []}


def test_what_an_orphan_held_is_there_for_others() -> None:
    """As soon as the server is back: it does not know of that run any more."""
    server = SimulatedServer(quirks=["orphans-stay-running"], clients=[Client("site-1", {"gpu": 1})])
    asking = definition(min_clients=1, resource_spec={"site-1": {"gpu": 1}})
    server.submit(asking)
    server.advance(3)
    server.faults.crash()
    server.faults.restart()
    assert books(server._state)["held"] == {"site-1": {}}
    server.submit(asking)
    server.run_until_idle()

    assert [job.status for job in server.jobs] == ["RUNNING", "FINISHED:COMPLETED"]
