"""Whatever comes by the wire, the server goes on for everybody else."""

from __future__ import annotations

import json
import random
import resource
import signal
import socket
import ssl
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, nullcontext, suppress
from datetime import datetime, timedelta, timezone
from pathlib import Path
from threading import Lock
from typing import Any

import pytest

from flare_sim import User
from flare_sim.nvflare import installed_release
from flare_sim.serving.certificates import Authority
from flare_sim.serving.kits import Address, Kits
from tests.flare_sim.job_samples import write_job
from tests.nvflare.serving.served import ADMIN, LONG, Served, refusal, run_python

GARBAGE = (
    b"",
    b"\0",
    b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    b"SSH-2.0-OpenSSH_9\r\n",
    b"\x16\x03\x01\xff\xff" + b"\xff" * 300,
    b'{"data": [{"type": "command", "data": "list_jobs"}]}\x04',
    bytes(range(256)) * 40,
)
"""What others send who take the port for something else."""


def dialed(served: Served) -> socket.socket:
    """A connection that has said nothing yet."""
    return socket.create_connection(("127.0.0.1", served.port), timeout=20)


def let_in(served: Served, kit: str | None = None) -> ssl.SSLSocket:
    """A connection that has shown the certificate of a kit."""
    startup = Path(kit or served.kits[ADMIN], "startup")
    context = ssl.create_default_context(cafile=str(Path(served.kits[ADMIN], "startup", "rootCA.pem")))
    context.check_hostname = False
    context.load_cert_chain(startup / "client.crt", startup / "client.key")
    return context.wrap_socket(dialed(served))


def frame(rng: random.Random) -> bytes:
    """What a fuzzer of NVFLARE's framing sends: good beginnings, bad lengths, bad headers, garbage."""
    body = rng.randbytes(rng.randrange(0, 200))
    lengths = (16 + len(body), 0, 7, 16, 1 << 31, rng.randrange(1 << 32))
    head = rng.choice(lengths).to_bytes(4, "big")
    head += rng.choice((0, len(body), rng.randrange(1 << 16))).to_bytes(2, "big")
    head += bytes((rng.randrange(8), 0)) + rng.randbytes(8)
    return rng.choice((head + body, head, body, b"\x01" + rng.randbytes(12) + body, b'{"data": [' + body + b"\x04"))


def test_garbage_on_the_port_is_nobody(served: Served, session: Any) -> None:
    """Whoever speaks something else is hung up on, and a session goes on meanwhile."""
    for garbage in GARBAGE:
        with dialed(served) as stranger, suppress(OSError):
            stranger.sendall(garbage)
            stranger.shutdown(socket.SHUT_WR)
            while stranger.recv(1000):
                pass
        assert session.list_jobs() is not None


def test_who_says_nothing_keeps_nobody_out(served: Served) -> None:
    """Half-open connections are let be, and a new session is let in at once."""
    with ExitStack() as silent:
        for _ in range(50):
            silent.enter_context(dialed(served))
        session = served.connect()
        assert session.list_jobs() is not None
        session.close()


def test_many_may_connect_at_once(served: Served, session: Any) -> None:
    """Two hundred clients that have shown a certificate and say nothing further are let be."""
    with ExitStack() as many:
        for _ in range(200):
            many.enter_context(let_in(served))
        assert session.list_jobs() is not None
    assert session.list_jobs() is not None


def test_a_fuzzer_with_a_kit_ends_its_own_connection_alone(served: Served, session: Any) -> None:
    """Frames and lines that make no sense, from somebody who was let in."""
    rng = random.Random(17)
    for _ in range(60):
        with suppress(OSError), let_in(served) as client:
            client.settimeout(5)
            for _ in range(rng.randrange(1, 30)):
                client.sendall(frame(rng))
    assert session.list_jobs() is not None


def heard_from(client: ssl.SSLSocket) -> None:
    """Say something, and listen.

    Raises:
        OSError: the other side has hung up.
    """
    with client:
        client.sendall(b"x")
        while client.recv(10):
            pass
        raise ConnectionError("hung up on")


def stranger_kit(folder: Path, served: Served, authority: Authority) -> str:
    """A kit for this server, that another authority has made."""
    return Kits(str(folder), Address("127.0.0.1", served.port), authority, installed_release()).user(User(ADMIN))


def test_a_certificate_of_another_authority_is_none(served: Served, session: Any, tmp_path: Path) -> None:
    """Neither a connection nor a session comes of it."""
    now = datetime.now(timezone.utc)
    kit = stranger_kit(tmp_path / "others", served, Authority(now - timedelta(1), now + timedelta(1)))
    with pytest.raises((ssl.SSLError, ConnectionError)):
        heard_from(let_in(served, kit))

    assert refusal(ADMIN, kit) in ("NoConnection", "FLCommunicationError")
    assert session.list_jobs() is not None


def test_a_client_that_dies_in_a_transfer_is_forgotten(served: Served, session: Any, tmp_path: Path) -> None:
    """It is killed while it sends a large job; the job is not there, and the server is."""
    large = write_job(tmp_path / "large")
    (tmp_path / "large" / "app" / "config" / "large.bin").write_bytes(random.Random(1).randbytes(30 << 20))
    before = len(session.list_jobs())
    program = """
        import sys
        from nvflare.fuel.flare_api.flare_api import new_secure_session
        from nvflare.fuel.hci.client import file_transfer

        session = new_secure_session(*sys.argv[1:3])
        zipped = [name for name in vars(file_transfer) if name.startswith("zip_directory_to")][0]
        zip_it = getattr(file_transfer, zipped)

        def told(*arguments):
            done = zip_it(*arguments)
            print("sends", flush=True)
            return done

        setattr(file_transfer, zipped, told)
        session.submit_job(sys.argv[3])
        """
    from textwrap import dedent

    command = [sys.executable, "-c", dedent(program), ADMIN, served.kits[ADMIN], large]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as client:
        assert client.stdout is not None
        while client.stdout.readline() not in ("sends\n", ""):
            pass
        client.kill()

    assert len(session.list_jobs()) == before
    assert session.submit_job(write_job(tmp_path / "small"))


def test_a_client_that_dies_in_a_download_is_forgotten(served: Served, session: Any, tmp_path: Path) -> None:
    """It is killed when a part of a large result has arrived; whoever comes next gets all of it."""
    folder = Path(write_job(tmp_path / "large"))
    content = random.Random(2).randbytes(20 << 20)  # twice in the result, which any server hands out up to 50 MiB
    (folder / "app" / "config" / "large.bin").write_bytes(content)
    job_id = session.submit_job(str(folder))
    session.monitor_job(job_id, timeout=120, poll_interval=0.2)
    program = """
        import os, signal, ssl, sys
        from nvflare.fuel.flare_api.flare_api import new_secure_session

        session = new_secure_session(*sys.argv[1:3])
        read, left = ssl.SSLSocket.read, 5 << 20

        def told(*arguments):
            global left
            got = read(*arguments)
            left -= got if type(got) is int else len(got)
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return got

        ssl.SSLSocket.read = told
        session.download_job_result(sys.argv[3])
        """
    died = run_python(program, ADMIN, served.kits[ADMIN], job_id)

    assert died.returncode == -signal.SIGKILL, died.stderr
    assert session.get_job_meta(job_id)["status"] == "FINISHED:COMPLETED"
    result = Path(session.download_job_result(job_id))
    assert {path.read_bytes() == content for path in result.rglob("large.bin")} == {True}


def test_many_clients_work_at_the_same_time(served: Served, tmp_path: Path) -> None:
    """Twenty: each has its own job, and its own result."""
    # Before 2.7 a client looks through its own modules, which two threads can't do at once.
    one_by_one = Lock() if installed_release().version < (2, 7) else nullcontext()

    def work(number: int) -> tuple[str, str, list[str]]:
        with one_by_one:
            session = served.connect()
        if hasattr(session, "set_timeout"):
            session.set_timeout(LONG)
        job_id = session.submit_job(write_job(tmp_path / str(number) / f"job-{number}", name=f"job-{number}"))
        session.monitor_job(job_id, timeout=3600, poll_interval=0.2)
        metas = Path(session.download_job_result(job_id)).rglob("meta.json")
        session.close()
        return job_id, f"job-{number}", [json.loads(path.read_text())["name"] for path in metas]

    with ThreadPoolExecutor(20) as clients:
        done = list(clients.map(work, range(20)))

    assert len({job_id for job_id, _, _ in done}) == 20
    assert [(name, set(names)) for _, name, names in done] == [(name, {name}) for _, name, _ in done]


def test_a_disk_that_is_full_is_an_error_of_that_client(served: Served, session: Any, tmp_path: Path) -> None:
    """A job for which there is no room is refused; one that is small is taken meanwhile, and the large one later."""
    large = write_job(tmp_path / "large")
    (tmp_path / "large" / "app" / "config" / "large.bin").write_bytes(random.Random(1).randbytes(3 << 20))
    before = resource.prlimit(served.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(served.process.pid, resource.RLIMIT_FSIZE, (1 << 20, before[1]))
    try:
        with pytest.raises(Exception) as refused:  # noqa: PT011  (what a release makes of that)
            session.submit_job(large)
        small = session.submit_job(write_job(tmp_path / "small"))
    finally:
        resource.prlimit(served.process.pid, resource.RLIMIT_FSIZE, before)

    assert type(refused.value).__name__ in ("InternalError", "NoConnection", "ConnectionError")
    assert session.get_job_meta(small)["name"] == "small"
    assert session.submit_job(large)
