"""A program that tries every way out to a server that code on NVFLARE may know, with the network blocked.

``python -m tests.nvflare.blocked_network`` prints, as JSON, how each way ended: ``"simulated"``, or what was raised;
and which connections it tried to open.  It is a process of its own, as what is blocked stays so.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import grpc
from nvflare.fuel.flare_api import flare_api
from nvflare.fuel.flare_api.flare_api import Session, new_insecure_session, new_secure_session
from nvflare.fuel.hci.client.api import AdminAPI

from contract_tests.nvflare_systems import NvflareSystem
from flare_sim import SimulatedServer
from flare_sim.nvflare import SimulatedAdminAPI, connect, installed_release, offline, write_kit
from tests.nvflare.jobs import HELLO_JOB

if TYPE_CHECKING:
    from collections.abc import Callable

USER = "admin@nvidia.com"
RELEASE = installed_release().version
BEGIN, TRY_CONNECT, DO_COMMAND = Session.__init__, Session.try_connect, Session._do_command
TRIED: list[str] = []


def refuse(what: str) -> Callable[..., Any]:
    """Return a function that notes that it was called, and can't do it."""

    def call(*args: Any, **kwargs: Any) -> Any:
        TRIED.append(what)
        raise OSError(f"{what} is blocked")

    return call


class Blocked(socket.socket):
    """No socket that gets anywhere."""

    connect = connect_ex = bind = sendto = refuse("a socket")


def block() -> None:
    """Block the network, for good, and the processes that could use it."""
    socket.socket = Blocked  # type: ignore[misc]
    subprocess.Popen = refuse("a process")  # type: ignore[assignment, misc]
    for names in (grpc, grpc.aio):
        names.secure_channel = names.insecure_channel = names.server = refuse("gRPC")


def kit() -> str:
    """A startup kit that is there, of a server that is elsewhere."""
    folders = [tempfile.mkdtemp(), tempfile.mkdtemp()]
    return write_kit(tempfile.mkdtemp(), installed_release(), upload_dir=folders[0], download_dir=folders[1])


REAL_KIT = kit()


def reconnect(session: Any) -> Any:
    """Help a session, as a module of utilities would."""
    return new_secure_session(USER, REAL_KIT)


class Platform(Session):  # type: ignore[misc]
    """A session that begins again in every way there is; each returns a session that has just begun."""

    def __init__(self, username: str, startup_path: str) -> None:
        super().__init__(username, startup_path)
        self.given = startup_path

    def by_its_name(self) -> Any:
        """As platforms do that were written for one release."""
        Session.__init__(self, USER, REAL_KIT, True)
        Session.try_connect(self, 5.0)
        return self

    def by_super(self) -> Any:
        """As they should."""
        super().__init__(USER, REAL_KIT)
        super().try_connect(5.0)
        return self

    def by_the_modules_name(self) -> Any:
        """By way of the module."""
        flare_api.Session.__init__(self, username=USER, startup_path=REAL_KIT, secure_mode=True)
        return self.connected()

    def by_a_reference(self) -> Any:
        """By functions that were kept before anything was simulated."""
        BEGIN(self, USER, REAL_KIT)
        TRY_CONNECT(self, 5.0)
        assert DO_COMMAND(self, "list_jobs")["status"] == "SUCCESS"
        return self

    def by_the_order_of_methods(self) -> Any:
        """By the class that is furthest up."""
        next(cls for cls in reversed(type(self).__mro__) if issubclass(cls, Session)).__init__(self, USER, REAL_KIT)  # type: ignore[misc]
        return self.connected()

    def by_a_new_one(self) -> Any:
        """Another session of the class."""
        return Platform(USER, REAL_KIT).connected()

    def by_a_helper(self) -> Any:
        """A function that knows nothing of this session but is called by it."""
        return reconnect(None)

    def by_an_insecure_session(self) -> Any:
        """The other function of NVFLARE's."""
        return new_insecure_session(REAL_KIT)

    def by_an_admin_api(self) -> Any:
        """What is below a session, with an object of one's own."""
        config = {"ca_cert": "rootCA.pem", "client_cert": "client.crt", "client_key": "client.key"}
        if RELEASE < (2, 7):
            self.api = AdminAPI(user_name=USER, service_finder=None, **config)
        else:
            self.api = AdminAPI(user_name=USER, admin_config=config)
        return self.connected()

    def in_a_thread(self) -> Any:
        """A method of it, elsewhere."""
        thread = threading.Thread(target=self.by_its_name)
        thread.start()
        thread.join()
        return self

    def in_a_pool(self) -> Any:
        """NVFLARE's own function, elsewhere, with the kit this one was given."""
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(new_secure_session, USER, self.given).result()

    def by_name_all_day(self) -> Any:
        """A monitor that is called by its name polls on the server's clock."""
        assert Session.monitor_job(self, Session.submit_job(self, HELLO_JOB), 0, 3600.0).name == "JOB_FINISHED"
        return self

    def connected(self) -> Any:
        """Connect."""
        self.try_connect(5.0)
        return self


def on_connect(way: str) -> Any:
    """Try a way of a session that ``connect`` made."""
    with SimulatedServer() as server:
        return _end(getattr(connect(server, USER, Platform), way))


def on_system(way: str) -> Any:
    """Try a way of a session of a system."""

    class System(NvflareSystem):
        session_class = Platform

    with System() as system:
        return _end(getattr(system.open_session(), way))


def on_offline(way: str) -> Any:
    """Try a way of a session that was opened offline."""
    with offline():
        return _end(getattr(Platform(USER, "/no/such/kit").connected(), way))


# ----------------------------------------------------------------------------------------------------------------------


def a_cell() -> None:
    """NVFLARE's own network, below everything."""
    from nvflare.fuel.f3.cellnet import cell

    cell.Cell(fqcn="admin", root_url="tcp://localhost:8002", secure=False, credentials={})


def the_simulator() -> None:
    """NVFLARE's simulator, which has servers and clients of its own."""
    from nvflare.private.fed.app.simulator.simulator_runner import SimulatorRunner

    SimulatorRunner(HELLO_JOB, tempfile.mkdtemp(), n_clients=1, threads=1).setup()


def a_preflight_check() -> None:
    """What looks whether a server can be reached."""
    from nvflare.tool.package_checker.nvflare_console_package_checker import NVFlareConsolePackageChecker

    checker = NVFlareConsolePackageChecker()
    checker.init(REAL_KIT)
    checker.check()


def a_console() -> None:
    """The console of administrators."""
    from nvflare.fuel.hci.client.cli import AdminClient

    if RELEASE < (2, 7):
        from nvflare.fuel.hci.client.overseer_service_finder import ServiceFinderByOverseer
        from nvflare.ha.dummy_overseer_agent import DummyOverseerAgent

        AdminClient(service_finder=ServiceFinderByOverseer(DummyOverseerAgent("localhost:8002:8003")))
    else:
        AdminClient({"uid_source": "cert", "ca_cert": "a", "client_cert": "b", "client_key": "c"})


def a_free_port() -> None:
    """A module without a door of its own."""
    from nvflare.fuel.utils.network_utils import get_open_ports

    get_open_ports(1)


def the_old_runner() -> None:
    """``FLAdminAPIRunner``, which went with 2.3."""
    from nvflare.fuel.hci.client.fl_admin_api_runner import FLAdminAPIRunner

    FLAdminAPIRunner(USER, REAL_KIT)


def a_poc_system() -> None:
    """A proof of concept on this machine."""
    if RELEASE < (2, 4):
        from nvflare.lighter.poc_commands import async_process

        async_process("start.sh")
    else:
        from nvflare.tool.poc.poc_commands import sync_process

        sync_process("server", "start.sh")


def an_overseers_agent() -> None:
    """What asks an overseer for servers."""
    from nvflare.ha.overseer_agent import HttpOverseerAgent

    HttpOverseerAgent("admin", "http://localhost", "project", "admin").start()


def a_poc_environment() -> None:
    """What a recipe is executed in."""
    from nvflare.recipe.poc_env import PocEnv

    PocEnv(num_clients=2).deploy(None)


def an_edge_client() -> None:
    """What speaks gRPC by itself."""
    from nvflare.edge.web.service.client import EdgeApiClient

    EdgeApiClient().query("localhost:8002", None)


OLD_TOOLS = (the_old_runner, an_overseers_agent) if RELEASE < (2, 4) else ()
NEW_TOOLS = (a_poc_environment, an_edge_client) if RELEASE >= (2, 7) else ()
TOOLS = (a_cell, the_simulator, a_preflight_check, a_console, *OLD_TOOLS, *NEW_TOOLS)
WITHOUT_A_DOOR = (a_free_port, a_poc_system)
"""These are met at the sockets and processes themselves, so they are tried before anything is blocked."""


def outside() -> dict[str, str]:
    """Sessions that are nobody's business get NVFLARE's own ``AdminAPI``, beside a simulated one and afterwards."""

    class Real(Session):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__(USER, REAL_KIT, **({"secure_mode": False} if RELEASE < (2, 7) else {}))
            self.api.close()

        def another(self) -> str:
            return kind()

    def kind() -> str:
        return type(Real().api).__name__

    found = {}
    elsewhere = Real()
    with SimulatedServer() as server, ThreadPoolExecutor(1) as pool:
        connect(server, USER, Platform).by_its_name()
        found["beside connect"] = kind()
        found["in another thread"] = pool.submit(kind).result()
    with offline(), ThreadPoolExecutor(1) as pool:
        Platform(USER, "/no/such/kit").by_its_name()
        found["of a session that was there before, in its thread"] = pool.submit(elsewhere.another).result()
    found["after offline"] = kind()
    return found


def _end(act: Callable[[], Any]) -> list[Any]:
    TRIED.clear()
    try:
        session = act()
        assert isinstance(session.api, SimulatedAdminAPI), type(session.api)
        assert isinstance(session.list_jobs(), list)
        told = "simulated"
    except Exception as problem:  # noqa: BLE001  (whatever it is, it is told)
        told = f"{type(problem).__name__}: {problem}"
    return [told, list(TRIED)]


def main() -> None:
    """Try them all."""
    found: dict[str, Any] = {}
    with offline():
        found["without a door"] = {tool.__name__: _end(tool) for tool in WITHOUT_A_DOOR}
    block()
    found["not offline"] = {tool.__name__: _end(tool) for tool in WITHOUT_A_DOOR}
    ways = [name for name in vars(Platform) if name.startswith(("by_", "in_"))]
    for place in (on_connect, on_system, on_offline):
        found[place.__name__] = {way: place(way) for way in ways}
    with offline():
        found["tools"] = {tool.__name__: _end(tool) for tool in TOOLS}
    found["outside"] = outside()  # in the end, as 2.3 goes on trying for a while
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
