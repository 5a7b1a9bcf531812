"""NVFLARE's own session class under the contract: the real `Session`, on a simulated server that keeps the contract.

What the suite finds here is the client class's own doing, since the server behind it is the reference's. It needs
NVFLARE; hold a subclass of `Session` to the contract by naming it:

    class MySystem(NvflareSystem):
        session_class = MySession
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any, ClassVar
from weakref import finalize

from contract_tests.reference import SimulatedSystem


class NvflareSystem(SimulatedSystem):
    """A `flare_sim.SimulatedServer` with NVFLARE's `Session` in front, of the release that is installed.

    Until it is closed it is an `offline` too: whatever opens a session with NVFLARE's code gets one with the server.

    Attributes:
        session_class: the subclass of NVFLARE's `Session` under test; None for `Session` itself.
    """

    session_class: ClassVar[type | None] = None

    def __init__(self, seed: int = 0) -> None:
        super().__init__(seed)
        from importlib import import_module

        from flare_sim.nvflare import offline

        self.spec = import_module("nvflare.fuel.flare_api.api_spec")
        self._offline = ExitStack()
        self._offline.enter_context(offline(self.server))
        finalize(self, self._offline.close).atexit = False

    def open_session(self, user: str | None = None) -> Any:
        """A session of ``user``, by default the project's administrator; it was there before anybody asked for it."""
        from flare_sim.nvflare import connect

        return connect(self.server, user or self.users[0], self.session_class, at_once=True)

    def close(self) -> None:
        """Close the server; sessions of NVFLARE's are on the network again."""
        self._offline.close()
        super().close()

    def normal_id(self, text: str) -> str:
        """The first word of it: a session puts an id into a command line, which is then split into words."""
        from nvflare.fuel.hci.cmd_arg_utils import split_to_args

        try:
            return next(filter(None, split_to_args(f"get_job_meta {text}")[1:]), text)
        except ValueError:  # a quotation mark too many
            return text


class NvflareServerSystem(NvflareSystem):
    """NVFLARE's `Session` in front of a server that is like those of the installed release: what its users meet.

    Raises:
        ValueError: servers of the installed release have not been observed.
    """

    def __init__(self, seed: int = 0) -> None:
        from flare_sim.nvflare import installed_release

        self.personality = f"nvflare-{installed_release().name}"
        super().__init__(seed)

    def normal_id(self, text: str) -> str:
        """In lower case, too, as servers turn it into."""
        return super().normal_id(text).lower()
