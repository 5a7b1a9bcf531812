"""A long scenario on one server, and a digest over all a user could see of it; run as a program it prints that."""

from __future__ import annotations

import hashlib
import json

from flare_sim import Client, InvalidJobDefinition, JobDefinition, JobNotFound, SimulatedServer
from tests.flare_sim.job_samples import behaving, definition

__all__ = ["SMALL", "digest"]

SMALL = definition()


def digest() -> str:
    """Play the scenario; returns a digest over everything a user could see of it."""
    server = SimulatedServer(seed=7, clients=[Client("b", {"gpus": 2}), Client("a"), Client("c", {"gpus": 1})])
    admin, lead = server.connect(), server.connect("lead@nvidia.com")
    seen: list[object] = []
    jobs = [
        admin.submit_definition(definition(name=f"job-{number}", resource_spec={"b": {"gpus": 1}, "c": {"gpus": 1}}))
        for number in range(7)
    ]
    jobs.append(lead.submit_definition(definition(mandatory_clients=["z"])))
    jobs.append(lead.submit_definition(definition(custom_props=behaving(outcome="ABNORMAL", result_files={"x": "1"}))))
    server.faults.drop("a", after=3.3)
    server.faults.reconnect("a", after=9.7)
    server.faults.fail_deploy("c", after=20)
    for step in range(60):
        server.advance(0.37 * step)
        job_id = jobs[step * 5 % len(jobs)]
        try:
            seen += [admin.get_job_meta(job_id), str(admin.get_system_info().job_info)]
            if step % 9 == 4:
                jobs.append(admin.clone_job(job_id))
            elif step % 11 == 5:
                admin.abort_job(job_id)
            elif step % 17 == 6:
                admin.delete_job(job_id)
        except JobNotFound as problem:
            seen.append(str(problem))
    try:
        JobDefinition.from_files({"meta.json": '{"deploy_map": {"app": ["server", "b", "a", "a"]}}'})
    except InvalidJobDefinition as problem:
        seen.append(str(problem))
    server.faults.crash()
    server.faults.restart(after=5)
    server.run_until_idle()
    fresh = server.connect()
    seen += [fresh.list_jobs(True, True), fresh.list_jobs(all=True), [server.stored_files(job_id) for job_id in jobs]]
    text = json.dumps([seen, repr(server), server.clock.time()]) + server.trace.to_jsonl() + server.trace.digest()
    return hashlib.sha256(text.encode()).hexdigest()


if __name__ == "__main__":
    import sys

    sys.stdout.write(digest() + "\n")
