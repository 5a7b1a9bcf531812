"""The interface is NVFLARE 2.3's, to the letter."""

from __future__ import annotations

import inspect
import time

import pytest

from flare_sim import spec

SIGNATURES = {
    "submit_job": "(self, job_definition_path: 'str') -> 'str'",
    "clone_job": "(self, job_id: 'str') -> 'str'",
    "get_job_meta": "(self, job_id: 'str') -> 'dict'",
    "list_jobs": "(self, detailed: 'bool' = False, all: 'bool' = False) -> 'List[dict]'",
    "download_job_result": "(self, job_id: 'str') -> 'str'",
    "abort_job": "(self, job_id: 'str')",
    "delete_job": "(self, job_id: 'str')",
    "get_system_info": "(self) -> 'SystemInfo'",
    "monitor_job": "(self, job_id: 'str', timeout: 'int' = 0, poll_interval: 'float' = 2.0, cb=None, *cb_args, "
    "**cb_kwargs) -> 'MonitorReturnCode'",
    "close": "(self)",
}

EXCEPTIONS = [
    "NoConnection",
    "SessionClosed",
    "InvalidArgumentError",
    "InvalidJobDefinition",
    "JobNotFound",
    "JobNotDone",
    "InternalError",
    "AuthenticationError",
    "AuthorizationError",
]


@pytest.mark.parametrize("name", SIGNATURES)
def test_a_method_has_the_signature_of_nvflare(name: str) -> None:
    """Names, order, kinds, defaults and annotations of each method's parameters are NVFLARE 2.3.12's."""
    assert SIGNATURES[name] == str(inspect.signature(getattr(spec.SessionSpec, name)))


def test_the_abstract_methods_are_those_of_nvflare() -> None:
    """A session has to implement the ten methods of 2.3, and no other."""
    assert frozenset(SIGNATURES) == spec.SessionSpec.__abstractmethods__


def test_the_callback_signature_is_nvflares() -> None:
    """The callback's third parameter is spelled as NVFLARE spells it."""
    expected = "(session: 'SessionSpec', job_id: 'str', job_mea: 'dict', *args, **kwargs) -> 'bool'"

    assert expected == str(inspect.signature(spec.job_monitor_cb_signature))


def test_the_callback_example_goes_on() -> None:
    """The callback that shows the signature says to go on."""
    assert spec.job_monitor_cb_signature(None, "x", {}, 1, two=2) is True  # type: ignore[arg-type]


@pytest.mark.parametrize("name", EXCEPTIONS)
def test_an_exception_is_directly_an_exception(name: str) -> None:
    """Each of the nine exceptions derives from Exception and nothing in between."""
    assert getattr(spec, name).__bases__ == (Exception,)


def test_the_return_codes_are_numbers() -> None:
    """The monitor's return codes are the ints 0, 1 and 2."""
    assert [(code.name, int(code)) for code in spec.MonitorReturnCode] == [
        ("JOB_FINISHED", 0),
        ("TIMEOUT", 1),
        ("ENDED_BY_CB", 2),
    ]
    assert issubclass(spec.MonitorReturnCode, int)


def test_the_system_prints_as_nvflare_prints_it() -> None:
    """A system's text is the server's line, the clients' lines and the jobs' lines, each under its heading."""
    when = time.asctime(time.localtime(1e9))
    info = spec.SystemInfo(
        spec.ServerInfo("started", 1e9),
        [spec.ClientInfo("site-1", 1e9), spec.ClientInfo("site-2", 1e9)],
        [spec.JobInfo("id", "app")],
    )

    assert str(info) == (
        f"SystemInfo\nserver_info:\nstatus: started, start_time: {when}\nclient_info:\n"
        f"site-1(last_connect_time: {when})\nsite-2(last_connect_time: {when})\n"
        "job_info:\nJobInfo:\n  job_id: id\n  app_name: app"
    )
    assert "ClientInfo(name='site-1', last_connect_time=1000000000.0)" in repr(info)


@pytest.mark.parametrize("seconds", [1e300, float("nan"), float("inf"), -1e300, "noon"])
def test_a_time_outside_the_calendar_prints_as_it_is(seconds: object) -> None:
    """Printing never raises: a time no calendar has is written as it is."""
    assert str(spec.ServerInfo("stopped", seconds)) == f"status: stopped, start_time: {seconds}"
