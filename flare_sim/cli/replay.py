"""The command ``flare-sim replay``: a recording of calls, made again on a simulated system."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from flare_sim.cli.command import echo_json, json_option, write_text
from flare_sim.cli.job_options import job_options, job_settings
from flare_sim.cli.server_options import Seconds, server_options, user_option
from flare_sim.untrusted_values import readable

if TYPE_CHECKING:
    from collections.abc import Callable

    from flare_sim.recording import Recording
    from flare_sim.users import User

__all__ = ["replay"]


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@server_options
@user_option
@job_options
@click.option(
    "--nvflare",
    "through_nvflare",
    is_flag=True,
    help="Make the calls with NVFLARE's own session, which has to be installed, in front of the simulated system.",
)
@click.option(
    "--tolerance",
    type=Seconds(),
    help="How many seconds times may differ by; unless given a second, a tenth of what was recorded, and for "
    "monitor_job the time between two looks.",
)
@click.option("--texts", is_flag=True, help="Compare the texts of exceptions, too, and not only their types.")
@click.option("--digests", is_flag=True, help="Compare sizes and digests of downloaded files, too.")
@click.option(
    "--scenario-out",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="Write what the recording tells of its system as a scenario, in TOML.",
)
@json_option
def replay(
    file: str,
    through_nvflare: bool,
    tolerance: float | None,
    texts: bool,
    digests: bool,
    scenario_out: str | None,
    as_json: bool,
    **options: Any,
) -> None:
    """Make the calls of a recording again on a simulated system, and show what turns out otherwise.

    FILE is what flare_sim.recording.record has written of a session, a real one as well, or run-script --record. Calls
    are made at their times on the system's clock, so a recording of a day takes no longer than one of a minute.

    The system is like the one of the recording as far as that tells: it has its clients and users, is like servers of
    its release, its jobs run as long and end as they did, and nobody gets through when nobody did. Options say
    otherwise; with --scenario it is that one's instead. Ids, absolute times and folders never count as different.

    To show the failure of a contract run again is another thing: flare-contract replay.

    \b
    Exit codes:
      0  every call turned out as recorded
      1  a call turned out otherwise, or could not be made
      2  the command line makes no sense, or FILE is no recording

    \b
    Examples:
      flare-sim run-script --record calls.jsonl train.py && flare-sim replay calls.jsonl
      flare-sim replay --personality nvflare-2.9 calls.jsonl
      flare-sim replay --job-outcome hello-pt=ABORTED calls.jsonl     what else would change?
      flare-sim replay --json calls.jsonl > differences.json
      flare-sim replay --scenario-out system.toml calls.jsonl         to use it elsewhere

    \b
    The JSON, whose keys stay what they are while "format" is 1:
      {"format": 1, "agrees": true or false, "calls": NUMBER,
       "differences": [{"call": NUMBER, "at": SECONDS, "user": TEXT or null,
                        "method": TEXT, "what": TEXT,
                        "recorded": ANY, "simulated": ANY}, ...],
       "foreign_jobs": [ID, ...], "cut_off": true or false}
    """  # noqa: D301  (click reads the control character)
    from flare_sim.recording import replay as replayed
    from flare_sim.recording import scenario_of

    recording = _loaded(file)
    told = replayed(
        recording,
        connect=_of_nvflare() if through_nvflare else None,
        tolerance=tolerance,
        texts=texts,
        digests=digests,
        **_settings(recording, options),
    )
    if as_json:
        echo_json(told.as_dict())
    else:
        click.echo(str(told))
    if scenario_out is not None:
        write_text(scenario_out, scenario_of(recording).to_toml())
        if not as_json:
            click.echo(f"Scenario: {readable(scenario_out)}")
    if not told.agrees:
        raise click.exceptions.Exit(1)


def _loaded(file: str) -> Recording:
    from flare_sim.recording import BadRecording, Recording

    try:
        return Recording.load(file)
    except OSError as problem:
        raise click.UsageError(f"{readable(file)} can't be read: {problem.strerror or problem}") from None
    except BadRecording as problem:
        raise click.UsageError(str(problem)) from None


def _settings(recording: Recording, options: dict[str, Any]) -> dict[str, Any]:
    """Return what the command line says of the server; what it leaves open is as in the recording."""
    from flare_sim.recording.replays.circumstances import circumstances

    users: tuple[User, ...] = options["users"]
    settings = job_settings(options)
    if "scenario" in settings:
        return settings
    named = {user.name: user for user in (*circumstances(recording).users, *users)}
    settings["users"] = tuple(named.values())
    if click.get_current_context().get_parameter_source("clients") is ParameterSource.DEFAULT:
        del settings["clients"]
    if settings["personality"] is None:
        del settings["personality"]
    return settings


def _of_nvflare() -> Callable[..., Any]:
    """Return what opens sessions of NVFLARE's."""
    from flare_sim.nvflare.releases import installed_release
    from flare_sim.nvflare.session_class import connect

    try:
        installed_release()
    except ImportError as problem:
        raise click.UsageError(f"--nvflare: {problem}") from None
    return partial(connect, at_once=True)
