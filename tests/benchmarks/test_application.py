"""What a test of an application costs that has a server of its own, beside what others' stand-ins take for little."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from flare_sim import SimulatedServer
from tests.benchmarks.compare import each, side_by_side

if TYPE_CHECKING:
    from pytest_benchmark.fixture import BenchmarkFixture

    from tests.benchmarks.conftest import Compare

JOB = str(Path(__file__).parents[2] / "examples" / "hello-job")
OPERATIONS = 50
TESTS = 2_000
EMPTY = f"""
import pytest


@pytest.mark.parametrize("number", range({TESTS}))
def test_it(number):
    pass
"""
WITH_FIXTURES = f"""
import pytest


@pytest.mark.parametrize("number", range({TESTS}))
def test_it(number, flare_server, flare_session, make_flare_job):
    job_id = flare_session.submit_job(make_flare_job("hello"))
    assert flare_session.monitor_job(job_id).name == "JOB_FINISHED"
    assert flare_session.download_job_result(job_id)
"""


def one_test(seed: int = 0) -> None:
    """Make a server, submit a job folder, monitor the job, download its result, and close the server."""
    with SimulatedServer(seed=seed) as server:
        session = server.connect()
        job_id = session.submit_job(JOB)
        session.monitor_job(job_id)
        session.download_job_result(job_id)


def test_a_test_of_an_application(benchmark: BenchmarkFixture) -> None:
    """The whole of it (goal: 2 ms of CPU with what pytest takes for a test)."""
    one_test()
    benchmark.extra_info["goal"] = "2 ms"
    benchmark(one_test)


def test_beside_empty_tests(benchmark: BenchmarkFixture, compare: Compare, tmp_path: Path) -> None:
    """A run of 2,000 tests with the fixtures, beside one of as many that do nothing: CPU of the whole process."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "-p", "no:xdist", "-p", "no:cacheprovider"]

    def run(path: Path) -> None:
        subprocess.run([*command, "--basetemp", tmp_path / "base", path], stdout=subprocess.DEVNULL, check=True)

    def written(name: str, text: str) -> Path:
        path = tmp_path / f"test_{name}.py"
        path.write_text(text, encoding="utf-8")
        return path

    empty, full = written("empty", EMPTY), written("full", WITH_FIXTURES)
    benchmark.pedantic(run, (full,), rounds=1)

    found = side_by_side(3, TESTS, (lambda: empty, run), (lambda: full, run))
    compare(f"empty test, with fixtures (+{found.second - found.first:.0f} us)", found, "+2000 us")


def test_beside_a_fresh_fake_redis(benchmark: BenchmarkFixture, compare: Compare) -> None:
    """A server is made, and a session asks it something: beside a fake Redis that is made, and keeps a value."""
    redis = pytest.importorskip("fakeredis", reason="fakeredis is not installed")

    def keep(_: object) -> None:
        redis.FakeRedis(server=redis.FakeServer()).set("key", "value")

    def ask(_: object) -> None:
        SimulatedServer().connect().list_jobs()

    benchmark(ask, None)

    contestants = [(lambda: range(OPERATIONS), each(work)) for work in (ask, keep)]
    compare("fresh server and a list, fakeredis and a set", side_by_side(5, OPERATIONS, *contestants), ">= 1")


def test_beside_a_mocked_bucket(benchmark: BenchmarkFixture, compare: Compare) -> None:
    """A test of an application, beside one that mocks S3 with moto, makes a bucket, writes an object and reads it."""
    moto = pytest.importorskip("moto", reason="moto is not installed")
    boto3 = pytest.importorskip("boto3")

    def store(_: object) -> None:
        with moto.mock_aws():
            client = boto3.client("s3", "us-east-1", aws_access_key_id="any", aws_secret_access_key="any")
            client.create_bucket(Bucket="bucket")
            client.put_object(Bucket="bucket", Key="key", Body=b"value")
            client.get_object(Bucket="bucket", Key="key")["Body"].read()

    benchmark(one_test)

    contestants = [(lambda: range(5), each(work)) for work in (one_test, store)]
    compare("test of an application, moto with an object", side_by_side(5, 5, *contestants), ">= 1")
