"""The startup kits that NVFLARE's sessions read before they connect: those written here, and what a named one says.

Nothing in a kit that is written here is secret, and nobody ever checks it but the session: the certificate has signed
this one file, and the key it was signed with is gone.  2.7 refuses a kit whose ``fed_admin.json`` is not signed, so
that file is the same in every kit, to the byte; what differs goes into ``local/resources.json``, which 2.4 and later
read together with it.
"""

from __future__ import annotations

import json
import os
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any, NamedTuple

from flare_sim.disk.opening import open_regular
from flare_sim.nvflare.releases import installed_release

if TYPE_CHECKING:
    from flare_sim.commands.protocol import Endpoint
    from flare_sim.nvflare.releases import Release

__all__ = ["Kits", "TransferFolders", "kit_of", "transfer_folders", "write_kit"]


class TransferFolders(NamedTuple):
    """Where a kit's session looks for job folders that are not where it was told, and where results go."""

    upload_dir: str
    download_dir: str


def transfer_folders(kit: str) -> TransferFolders | None:
    """Return the folders that a startup kit names, which are relative to the kit; None for what is no startup kit.

    They are ``transfer`` where the kit's configuration does not say otherwise, or can't be read, as it is in every kit
    that NVFLARE makes (2.3.12 to 2.9.0).
    """
    first, second = os.path.join(kit, "startup", "fed_admin.json"), os.path.join(kit, "local", "resources.json")
    if not os.path.isfile(first) and not os.path.isdir(os.path.join(kit, _TRANSFER)):
        return None
    said = _admin_section(first)
    if installed_release().merges_resources:
        said.update(_admin_section(second))
    return TransferFolders(*(os.path.abspath(os.path.join(kit, _folder(said.get(name)))) for name in _FOLDERS))


_TRANSFER = "transfer"
_FOLDERS = TransferFolders._fields


def _admin_section(path: str) -> dict[str, Any]:
    try:
        with open(open_regular(path)[0], encoding="utf-8") as file:
            content = json.load(file)
    except (OSError, ValueError, RecursionError):
        return {}
    admin = content.get("admin") if isinstance(content, dict) else None
    return admin if isinstance(admin, dict) else {}


def _folder(said: Any) -> str:
    return said if isinstance(said, str) and said else _TRANSFER


class Kits:
    """The kits of a server, each written for one that a session names.

    Args:
        server: the simulated server.
        upload_dir: where job folders are looked for, whatever is named.
        download_dir: where results go, whatever is named.
    """

    def __init__(self, server: Endpoint, upload_dir: str | None = None, download_dir: str | None = None) -> None:
        self._server = server
        self._given = (upload_dir, download_dir)
        self._written: dict[tuple[int, str | None, str | None], str] = {}

    def for_named(self, kit: str) -> str:
        """Return the kit that is read instead of one that is named; one that goes with the server is read itself.

        Raises:
            OSError: the file system refused.
        """
        if kit in self._written.values():
            return kit
        upload_dir, download_dir = self._given
        named = transfer_folders(kit)
        folders = (upload_dir or (named and named.upload_dir), download_dir or (named and named.download_dir))
        key = (os.getpid(), *folders)  # those of another process go with that
        if key not in self._written:
            self._written[key] = kit_of(self._server, *folders)
        return self._written[key]


def kit_of(server: Endpoint, upload_dir: str | None = None, download_dir: str | None = None) -> str:
    """Write a startup kit that goes with ``server`` and return its folder.

    Args:
        server: the simulated server.
        upload_dir: where job folders are looked for; a folder that goes with the server unless given.
        download_dir: where results go; the server's ``download_folder`` unless given.

    Raises:
        ImportError: NVFLARE is not installed, or is older than 2.3.
        InternalError: the server has no temporary folder.
        OSError: the file system refused.
    """
    return write_kit(
        mkdtemp(prefix="kit-", dir=server.folder("startup-kits")),
        installed_release(),
        upload_dir=upload_dir or server.folder("uploads"),
        download_dir=download_dir or server.download_folder(),
    )


def write_kit(folder: str, release: Release, *, upload_dir: str, download_dir: str) -> str:
    """Write a startup kit that the session of a release accepts, and return its folder.

    Args:
        folder: an empty folder.
        release: of NVFLARE.
        upload_dir: where the session looks for job folders that are not where it was told.
        download_dir: where results go; made when it is missing.

    Raises:
        OSError: the file system refused.
    """
    folders = {"upload_dir": os.path.abspath(upload_dir), "download_dir": os.path.abspath(download_dir)}
    resources = json.dumps({"format_version": 2, "admin": folders})
    files = {**_STARTUP, "local/resources.json": resources}
    if not release.merges_resources:
        settings = json.loads(_FED_ADMIN)
        settings["admin"].update(folders)
        files["startup/fed_admin.json"] = json.dumps(settings)
    if release.wants_signature:
        files["startup/signature.json"] = json.dumps({"fed_admin.json": _SIGNATURE})
    for name in ("startup", "local"):
        os.makedirs(os.path.join(folder, name), exist_ok=True)
    for path, text in files.items():
        with open(os.path.join(folder, path), "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
    return folder


_FED_ADMIN = """\
{
  "format_version": 1,
  "admin": {
    "username": "admin@nvidia.com",
    "project_name": "flare_sim",
    "server_identity": "localhost",
    "host": "localhost",
    "port": 8002,
    "scheme": "http",
    "uid_source": "user_input",
    "with_ssl": true,
    "ca_cert": "rootCA.pem",
    "client_cert": "client.crt",
    "client_key": "client.key",
    "overseer_agent": {
      "path": "nvflare.ha.dummy_overseer_agent.DummyOverseerAgent",
      "args": {
        "sp_end_point": "localhost:8002:8003"
      }
    }
  }
}
"""
"""The signature below is of exactly these bytes."""

_SIGNATURE = (
    "o3kFNZdLlkAHmlZGfdj5fEg77Sz/uZxxjsPOuZYTAFEq9Ty0THSitfQrm+NwuvY4+q/SrhA/OfuRg3at1DtBzRobkikcGmLCb9pD"
    "zw063/ohamB6hfjRFluwzyE3goMK6IsWGYQ+bs5/jww8WeTRhwwN8tBxt06WBKxNbXHEVIkLnMAWZOlUGsqQrC3zzKJailiiI1Ab"
    "oJ2NKm9RlDca/Z4jHDof6PSkpUvAFAar7hVC6JAyB2Vs6ng3W8cSTr844jVon7x3rBW9KpEiMsalfCxvv9vFct+KW91db+Tkkok0"
    "zjr6rMpHOPLlTCe37U/9YWCAh9/el2W4u4+1DM3lYA=="
)

_ROOT_CERTIFICATE = """\
-----BEGIN CERTIFICATE-----
MIICozCCAYugAwIBAgIBATANBgkqhkiG9w0BAQsFADAUMRIwEAYDVQQDDAlmbGFy
ZV9zaW0wIBcNMjYwMTAxMDAwMDAwWhgPMjEyNjAxMDEwMDAwMDBaMBQxEjAQBgNV
BAMMCWZsYXJlX3NpbTCCASIwDQYJKoZIhvcNAQEBBQADggEPADCCAQoCggEBAN4f
ZPBPE4RyfwQuypA8xTmfpMupc5b4tmxZgo8g8xcmXU+ioLLpgceDO4Az5NAK0Wsy
rBjF4RQfN7E419jyG8PqMEoUZHB6XrcdHAb2PVSJsn7ZqTm8C1S0vKw6xf8QWaLH
1mtS6Luah/oSPA//E+F1VEu/rF0pvpBZSgr3znWXcSDtZrLqZEpyXEQpb2mZY1P8
Ks95Zl6Qo7/wjHkcHYLE/bUHms55mdlz2pN4b+K2h6/oWMw8QPkYZIJxgMRvP3fC
Lr6eXLxkCwTwTM/v/hMK9UhCmj20yTMRcN9Nkn+ItwkV3gHfG33nSMaCuhN487dZ
3A0/0bTP20EzlIzDf4cCAwEAATANBgkqhkiG9w0BAQsFAAOCAQEAvszMVzSM08MY
IIO90qew7r1l7sw6KyysQyggbyHt+kLK1w5RlJmNYhLskD30qQ6zg7Sr639w7C3L
0T17QpviAJJ7EOqyrsqIB6qlQTVXQE1r64Pa65SRWTChdWmvTBI4c3NUDNqZZ0+5
39aluPwWORTOaS1JIj2Y1bHjgmqA8wCBlq1iU5LWP/B1q6Zr/juP+Lkdm7zeo+Zi
VtCuxOVCkdwYqVAiXiWVHudatfO6b/afQMR79BvJvy3Ywe81ADkhqJnGhOyGFsWr
BKaA0UQveiV+YyiA3YbFfjpzYRCxglGNZqZiaeVAJJxJHzaWXmgzvJQ5Eq//mW9e
PWonqrd9xw==
-----END CERTIFICATE-----
"""

_STARTUP = {
    "startup/fed_admin.json": _FED_ADMIN,
    "startup/rootCA.pem": _ROOT_CERTIFICATE,
    "startup/client.crt": "no certificate: the server behind this kit is simulated\n",
    "startup/client.key": "no key: the server behind this kit is simulated\n",
}
