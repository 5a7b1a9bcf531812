"""submit_job: called from several threads at once."""

from __future__ import annotations

from contract_tests.scenario.check import CheckTable
from contract_tests.scenario.operations import Outcome
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import Each
from contract_tests.scenario.threads import at_once, need_threads
from contract_tests.system.job_plan import JobPlan

CHECKS = CheckTable()


@CHECKS.check("submit.concurrent", threads=Each(2, 6), shared=Each(False, True), users=Each(1, 2))
def _concurrent(s: Scenario, threads: int, shared: bool, users: int) -> None:
    need_threads(s)
    s.given(JobPlan(waits=True))  # what is not claimed has to be said in this thread
    users = min(users, max(1, len(s.system.users)))
    sessions = [s.open(user) for user in range(users)]
    actors = [sessions[n % users] if shared else s.open(n % users) for n in range(threads)]
    outcomes: list[list[Outcome]] = [[] for _ in sessions]

    def submit(number: int) -> None:
        outcomes[number % users].extend(actors[number].do("submit_job", JobPlan(waits=True)) for _ in range(5))

    at_once(s, threads, submit)
    expected = threads * 5
    every = [outcome for of_user in outcomes for outcome in of_user]
    failed = [outcome for outcome in every if not outcome.returned]
    s.require(not failed, "every submission to be accepted", failed[0] if failed else "")
    ids = {str(outcome.value) for outcome in every}
    s.require(len(ids) == expected, f"{expected} different ids", f"{len(ids)} different ones")
    for number, actor in enumerate(sessions):
        listed = list(map(str, actor.listed()))
        others = [job for job in listed if job not in ids]
        s.require(not others, "only jobs that were submitted in the list", f"{len(others)} others")
        found = sum(listed.count(str(outcome.value)) == 1 for outcome in outcomes[number])
        its_own = len(outcomes[number])
        s.require(found == its_own, f"its {its_own} jobs in the list of user {number + 1}", f"{found} of them")
