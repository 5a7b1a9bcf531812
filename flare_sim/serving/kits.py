"""Startup kits as provisioning makes them: a folder for each user, and the server's own credentials.

Only the user who serves may look into them: folders are 0700, files 0600.
"""

from __future__ import annotations

import json
import os
from base64 import b64encode
from typing import TYPE_CHECKING, Any, NamedTuple

from flare_sim.untrusted_values import shown, shown_path

if TYPE_CHECKING:
    from flare_sim.nvflare.releases import Release
    from flare_sim.serving.certificates import Authority, Credentials
    from flare_sim.users import User

__all__ = ["SERVER_NAME", "Address", "Kits", "ServerFiles"]

SERVER_NAME = "server"
"""What the server is called in its certificate, and its cell in the network of cells."""
_SERVER_FOLDER = ".server"
_SETTINGS = os.path.join("startup", "fed_admin.json")
_PROJECT = "simulated_project"


class Address(NamedTuple):
    """Where clients find the server."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


class ServerFiles(NamedTuple):
    """The paths of what the server shows its clients, and of whom it believes."""

    root: str
    certificate: str
    key: str


class Kits:
    """The startup kits of a served system.

    Args:
        folder: what they are in; made when it is missing.
        address: where clients find the server.
        authority: who signs certificates.
        release: of NVFLARE, which its clients are of.

    Raises:
        OSError: the folder can't be made.
    """

    def __init__(self, folder: str, address: Address, authority: Authority, release: Release) -> None:
        self.folder = os.path.abspath(folder)
        self.address = address
        self._authority = authority
        self._release = release
        os.makedirs(self.folder, mode=0o700, exist_ok=True)

    def server(self, hosts: tuple[str, ...]) -> ServerFiles:
        """Write the server's own credentials.

        Raises:
            OSError: the file system refused.
        """
        made = self._authority.server(SERVER_NAME, (self.address.host, *hosts))
        folder = os.path.join(self.folder, _SERVER_FOLDER)
        self._write(folder, {"rootCA.pem": self._authority.certificate, **_named("server", made)})
        return ServerFiles(*(os.path.join(folder, name) for name in ("rootCA.pem", "server.crt", "server.key")))

    def user(self, user: User) -> str:
        """Write the kit of a user, over one of before, and return its folder.

        Raises:
            OSError: the file system refused.
            ValueError: no folder or no certificate can have the user's name; or something else is in the way.
        """
        if not user.name.isprintable() or user.name.startswith(".") or not {"/", "\\", ":"}.isdisjoint(user.name):
            raise ValueError(f"user {shown(user.name)} gets no startup kit: no folder can be called so")
        made = self._authority.user(user)
        folder = os.path.join(self.folder, user.name)
        if os.path.lexists(folder) and not os.path.isfile(os.path.join(folder, _SETTINGS)):
            raise ValueError(f"{shown_path(folder)} is in the way of a startup kit, and is none")
        settings = _json({"format_version": 1, "admin": self._settings(user)})
        files = {
            "rootCA.pem": self._authority.certificate,
            "fed_admin.json": settings,
            **_named("client", made),
        }
        if self._release.wants_signature:
            signature = b64encode(self._authority.sign(settings)).decode()
            files["signature.json"] = _json({"fed_admin.json": signature})
        os.makedirs(folder, mode=0o700, exist_ok=True)
        self._write(os.path.join(folder, "startup"), files)
        self._write(os.path.join(folder, "local"), {"resources.json": _json(_RESOURCES)})
        self._write(os.path.join(folder, "transfer"), {})
        return folder

    def _settings(self, user: User) -> dict[str, Any]:
        host, port = self.address
        return {
            "project_name": _PROJECT,
            "username": user.name,
            "server_identity": SERVER_NAME,
            "scheme": "tcp",
            "host": host,
            "port": port,
            "connection_security": "mtls",
            "uid_source": "user_input",
            "with_file_transfer": True,
            "with_login": True,
            "with_ssl": True,
            "cred_type": "cert",
            "upload_dir": "transfer",
            "download_dir": "transfer",
            "client_key": "client.key",
            "client_cert": "client.crt",
            "ca_cert": "rootCA.pem",
            "prompt": "> ",
            "overseer_agent": {
                "path": "nvflare.ha.dummy_overseer_agent.DummyOverseerAgent",
                "args": {"sp_end_point": f"{host}:{port}:{port}"},
            },
        }

    @staticmethod
    def _write(folder: str, files: dict[str, bytes]) -> None:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        for name, content in files.items():
            number = os.open(os.path.join(folder, name), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with open(number, "wb") as file:
                file.write(content)


def _named(name: str, credentials: Credentials) -> dict[str, bytes]:
    return {f"{name}.crt": credentials.certificate, f"{name}.key": credentials.key}


def _json(value: object) -> bytes:
    return f"{json.dumps(value, indent=2)}\n".encode()


_RESOURCES = {
    "format_version": 1,
    "admin": {
        "idle_timeout": 900.0,
        "login_timeout": 10.0,
        "with_debug": False,
        "authenticate_msg_timeout": 5.0,
        "prompt": "> ",
    },
}
"""What a kit of 2.9.0 holds beside its credentials, but that slow machines get more time."""
