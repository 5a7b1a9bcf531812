"""The command ``flare-sim check``: what a server makes of job folders, before it gets them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from flare_sim.cli.command import echo_json, going_on, json_option
from flare_sim.cli.problem_text import FORMAT, job_data, job_lines
from flare_sim.cli.server_options import clients_given, limit_options
from flare_sim.personality.job_rules import CONTRACT
from flare_sim.personality.personalities import PERSONALITIES
from flare_sim.personality.quirks import GPUS_COUNTED, NO_QUIRKS
from flare_sim.personality.release_rules import RELEASE_RULES
from flare_sim.untrusted_values import readable

if TYPE_CHECKING:
    from flare_sim.jobs.definition import Examination

__all__ = ["check"]


@click.command()
@click.argument("jobs", nargs=-1, required=True, type=click.Path(readable=False), metavar="JOB...")
@click.option(
    "--personality",
    type=click.Choice([f"nvflare-{release}" for release in RELEASE_RULES]),
    help="The release of NVFLARE that judges; without it, the contract.",
)
@click.option(
    "--clients",
    metavar="N|NAME,NAME,...",
    callback=clients_given,
    help="How many clients there are, or their names: warns of what a job wants of others.",
)
@click.option("--strict", is_flag=True, help="Let warnings fail, as problems do.")
@json_option
@limit_options
def check(
    jobs: tuple[str, ...],
    personality: str | None,
    clients: int | tuple[str, ...] | None,
    strict: bool,
    as_json: bool,
    **limits: int,
) -> None:
    """Say of each JOB whether a server takes it, and all that is wrong with it.

    A JOB is a job folder, or a zip file of one. Every problem comes with the file and the place in it, and with what
    to do. The first is the one that the server answers with. Warnings stand apart: the server takes such a job, but
    it may not come to run, or not as it is meant to.

    With --personality, "answer" is what a server of that release says to it.

    Nothing is submitted, and nothing is written.

    \b
    Exit codes:
      0  every JOB is taken; there may be warnings
      1  a JOB is refused or, with --strict, has a warning
      2  the command line makes no sense

    \b
    Examples:
      flare-sim check jobs/hello-pt
      flare-sim check jobs/*/                                every job of a folder
      flare-sim check --personality nvflare-2.9 jobs/hello-pt
      flare-sim check --clients site-1,site-2 --strict jobs/hello-pt
      flare-sim check --json jobs/*/ > problems.json

    \b
    The JSON, whose keys stay what they are while "format" is 1:
      {"format": 1, "passed": true or false,
       "personality": NAME or null, "clients": [NAME, ...] or null,
       "jobs": [{"path": TEXT, "name": TEXT or null, "accepted": true or false,
                 "problems": [...], "warnings": [...]}, ...]}
    Problems and warnings are {"kind", "file", "place", "message", "advice"}, all
    TEXT; "file" is a path inside the job, empty for the job as a whole.
    """  # noqa: D301  (click reads the control character)
    from flare_sim.engine.clients.sites import client_list
    from flare_sim.engine.clients.wishes import with_wishes
    from flare_sim.jobs.definition import examine
    from flare_sim.jobs.limits import JobLimits

    rules = CONTRACT if personality is None else RELEASE_RULES[personality.removeprefix("nvflare-")]
    there = None if clients is None else client_list(clients)
    with going_on(f"reading {readable(jobs[0])}" if len(jobs) == 1 else f"reading {len(jobs)} jobs"):
        examinations = [(path, examine(path, rules, JobLimits(**limits))) for path in jobs]
    if there is not None:
        quirks = _quirks(personality)
        examinations = [(path, with_wishes(found, there, quirks)) for path, found in examinations]
    passed = not any(_fails(examination, strict) for _, examination in examinations)
    if as_json:
        data = {
            "format": FORMAT,
            "passed": passed,
            "personality": personality,
            "clients": None if there is None else [client.name for client in there],
            "jobs": [job_data(path, examination) for path, examination in examinations],
        }
        echo_json(data)
    else:
        for path, examination in examinations:
            for line in job_lines(path, examination.problems, examination.definition):
                click.echo(line)
        if len(jobs) > 1:
            bad = sum(examination.definition is None for _, examination in examinations)
            click.echo(f"{len(jobs)} jobs: {len(jobs) - bad} ok, {bad} bad")
    if not passed:
        raise click.exceptions.Exit(1)


def _quirks(personality: str | None) -> frozenset[str]:
    """Return what servers of a release do; of one without a personality, that its clients count GPUs."""
    if personality is None:
        return NO_QUIRKS
    return PERSONALITIES[personality].quirks if personality in PERSONALITIES else frozenset((GPUS_COUNTED,))


def _fails(examination: Examination, strict: bool) -> bool:
    return examination.definition is None or (strict and bool(examination.problems))
