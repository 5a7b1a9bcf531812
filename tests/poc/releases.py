"""What differs between the releases of NVFLARE: how a POC system is prepared, started, told its ports, and logged into.

All are plain facts; the commands and the files are those of `nvflare poc` in each release.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

CLIENTS: Final = ("site-1", "site-2")
PROJECT: Final = "contract"


@dataclass(frozen=True)
class Release:
    """A release whose POC system can be started.

    Attributes:
        number: the release, as in ``nvflare==2.9.*``.
        commands: the arguments of ``nvflare`` that prepare and start, in order, each with what it reads.
        project: the name of the project file that is written before, or empty.
        ports: how many ports the server listens on.
        kits: the folder of the startup kits, below the workspace.
        users: the users, the administrator first.
        restricted: a user who may only look, or None.
        secure: whether sessions are authenticated by certificates.
        rewrite: puts the ports into the prepared kits: (kits, ports of the server, ports for sessions).
        constrained: whether the listeners have to be kept on the loopback address from outside.
        abnormal: what ends a job ``ABNORMAL``: ``client`` when a client can't run its app, ``server`` when the server's
            process of the job dies.
    """

    number: str
    commands: tuple[tuple[tuple[str, ...], str], ...]
    project: str
    ports: int
    kits: str
    users: tuple[str, ...]
    restricted: str | None
    secure: bool
    rewrite: Callable[[Path, tuple[int, ...], int], None]
    constrained: bool
    abnormal: str


def edit(path: Path, change: Callable[[Any], object]) -> None:
    """Change a JSON file."""
    held = json.loads(path.read_text(encoding="utf-8"))
    change(held)
    path.write_text(json.dumps(held, indent=2), encoding="utf-8")


def project_text(port: int, users: Mapping[str, str]) -> str:
    """The project file of a server on ``port``, the clients, and users by their role; JSON, which is YAML."""
    server = {"name": "server", "type": "server", "org": "nvidia", "fed_learn_port": port, "default_host": "localhost"}
    clients = [{"name": name, "type": "client", "org": "nvidia"} for name in CLIENTS]
    admins = [{"name": name, "type": "admin", "org": "nvidia", "role": role} for name, role in users.items()]
    builders: list[dict[str, Any]] = [
        {
            "path": "nvflare.lighter.impl.workspace.WorkspaceBuilder",
            "args": {"template_file": ["master_template.yml"]},
        },
        {"path": "nvflare.lighter.impl.static_file.StaticFileBuilder", "args": {"config_folder": "config"}},
        {"path": "nvflare.lighter.impl.cert.CertBuilder"},
        {"path": "nvflare.lighter.impl.signature.SignatureBuilder"},
    ]
    held = {"api_version": 3, "name": PROJECT, "description": "a live system to hold to the contract"}
    return json.dumps({**held, "participants": [server, *clients, *admins], "builders": builders}, indent=2)


def rewrite_29(kits: Path, ports: tuple[int, ...], door: int) -> None:
    """Let the server of 2.9 listen on the loopback address, and sessions come in through the door."""

    def target(held: Any) -> None:
        held["servers"][0]["service"]["target"] = f"localhost:{ports[0]}"

    edit(kits / "server" / "startup" / "fed_server.json", target)
    for kit in kits.glob("*@*"):
        edit(kit / "startup" / "fed_admin.json", lambda held: held["admin"].update(host="localhost", port=door))


def rewrite_23(kits: Path, ports: tuple[int, ...], door: int) -> None:
    """Give the server and clients of 2.3 their ports, and let sessions come in through the door."""
    learn, admin = ports

    def overseer(held: Any, port: int) -> None:
        held["overseer_agent"]["args"]["sp_end_point"] = f"localhost:{learn}:{port}"

    def server(held: Any) -> None:
        held["servers"][0]["service"]["target"] = f"localhost:{learn}"
        held["servers"][0]["admin_port"] = admin
        overseer(held, admin)

    edit(kits / "server" / "startup" / "fed_server.json", server)
    for name in CLIENTS:
        edit(kits / name / "startup" / "fed_client.json", lambda held: overseer(held, admin))
        script = kits / name / "startup" / "start.sh"
        text = script.read_text(encoding="utf-8")
        script.write_text(text.replace("localhost:8002:8003", f"localhost:{learn}:{admin}"), encoding="utf-8")
    edit(kits / "admin" / "startup" / "fed_admin.json", lambda held: overseer(held["admin"], door))


RELEASES: Final = {
    "2.3": Release(
        number="2.3",
        commands=((("poc", "--prepare", "-n", str(len(CLIENTS))), "y\n"), (("poc", "--start", "-ex", "admin"), "")),
        project="",
        ports=2,
        kits="",
        users=("admin",),
        restricted=None,
        secure=False,
        rewrite=rewrite_23,
        constrained=True,
        abnormal="server",
    ),
    "2.9": Release(
        number="2.9",
        commands=(
            (("poc", "prepare", "-i", "project.yml", "--force"), ""),
            (("poc", "start", "-ex", "admin@nvidia.com"), ""),
        ),
        project="project.yml",
        ports=1,
        kits=f"{PROJECT}/prod_00",
        users=("admin@nvidia.com", "lead@nvidia.com"),
        restricted="member@nvidia.com",
        secure=True,
        rewrite=rewrite_29,
        constrained=False,
        abnormal="client",
    ),
}
"""The releases, by number."""

ROLES: Final = {"admin@nvidia.com": "project_admin", "lead@nvidia.com": "lead", "member@nvidia.com": "member"}
"""The users of a secure system, and what they may do."""
