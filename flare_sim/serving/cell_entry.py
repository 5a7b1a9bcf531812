"""How a client's cell gets in: it challenges the server, shows that it is whom its certificate names, gets a token.

And how it is forgotten when it is gone: a real server has the same clients for weeks, here each session is one.
"""

from __future__ import annotations

from collections import OrderedDict
from inspect import signature
from logging import getLogger
from threading import Lock
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from nvflare.apis.shareable import Shareable
from nvflare.fuel.f3.cellnet.defs import CellChannel, IdentityChallengeKey, MessageHeaderKey, ReturnCode
from nvflare.fuel.f3.cellnet.utils import make_reply
from nvflare.fuel.f3.endpoint import EndpointMonitor, EndpointState
from nvflare.fuel.sec.authn import set_add_auth_headers_filters
from nvflare.private.defs import CellChannelTopic, CellMessageHeaderKeys
from nvflare.private.fed.authenticator import validate_auth_headers
from nvflare.private.fed.utils.identity_utils import IdentityAsserter, IdentityVerifier, TokenVerifier, load_cert_bytes

from flare_sim.serving.kits import SERVER_NAME

if TYPE_CHECKING:
    from nvflare.fuel.f3.endpoint import Endpoint

    from flare_sim.serving.kits import ServerFiles

__all__ = ["CellEntry", "forget_who_is_gone"]

_MOST_NONCES = 1000
"""So many clients may have challenged the server and not registered; of more, the first have to begin again."""
_LOG = getLogger("nvflare.flare_sim")


class CellEntry:
    """Lets the cells of clients in, and no message of anybody else.

    Args:
        cell: the server's.
        files: the server's credentials.
    """

    def __init__(self, cell: Any, files: ServerFiles) -> None:
        self._asserter = IdentityAsserter(private_key_file=files.key, cert_file=files.certificate)
        self._verifier = IdentityVerifier(root_cert_file=files.root)
        self._session = str(uuid4())
        self._nonces: OrderedDict[str, str] = OrderedDict()
        self._lock = Lock()
        answers = {CellChannelTopic.Challenge: self._challenged, CellChannelTopic.Register: self._registered}
        for topic, answer in answers.items():
            cell.register_request_cb(channel=CellChannel.SERVER_MAIN, topic=topic, cb=answer)
        checks = {"token_verifier": TokenVerifier(self._asserter.cert), "logger": _LOG}
        if "local_cell_fqcn" in signature(validate_auth_headers).parameters:  # since 2.9
            checks["local_cell_fqcn"] = SERVER_NAME
        cell.core_cell.add_incoming_filter(channel="*", topic="*", cb=validate_auth_headers, **checks)
        token = str(uuid4())
        set_add_auth_headers_filters(cell, SERVER_NAME, token, self._signed(SERVER_NAME, token), self._session)

    def _challenged(self, request: Any) -> Any:
        nonce = str(uuid4())
        with self._lock:
            self._nonces[request.get_header(MessageHeaderKey.ORIGIN)] = nonce
            while len(self._nonces) > _MOST_NONCES:
                self._nonces.popitem(last=False)
        answer = Shareable()
        answer[IdentityChallengeKey.NONCE] = nonce
        answer[IdentityChallengeKey.COMMON_NAME] = self._asserter.cn
        answer[IdentityChallengeKey.CERT] = self._asserter.cert_data
        theirs = request.get_header(IdentityChallengeKey.NONCE)
        answer[IdentityChallengeKey.SIGNATURE] = self._asserter.sign_common_name(theirs)
        return make_reply(ReturnCode.OK, body=answer)

    def _registered(self, request: Any) -> Any:
        with self._lock:
            nonce = self._nonces.pop(request.get_header(MessageHeaderKey.ORIGIN), None)
        name = request.get_header(CellMessageHeaderKeys.CLIENT_NAME)
        try:
            shown = request.payload
            self._verifier.verify_common_name(
                asserter_cert=load_cert_bytes(shown[IdentityChallengeKey.CERT]),
                asserted_cn=name,
                nonce=nonce,
                signature=shown[IdentityChallengeKey.SIGNATURE],
            )
        except Exception as problem:  # noqa: BLE001  (NVFLARE's, or that of what the client sent; all say: not he)
            _LOG.error("nobody is registered as %s: %s", name, type(problem).__name__)
            return make_reply(ReturnCode.UNAUTHENTICATED, error="register_client unauthenticated")
        token = str(uuid4())
        answer = {
            CellMessageHeaderKeys.TOKEN: token,
            CellMessageHeaderKeys.TOKEN_SIGNATURE: self._signed(name, token),
            CellMessageHeaderKeys.SSID: self._session,
        }
        return make_reply(ReturnCode.OK, body=answer)

    def _signed(self, name: str, token: str) -> str:
        signed: str = self._asserter.sign(name + token, return_str=True)
        return signed


def forget_who_is_gone(cell: Any) -> None:
    """Have a cell keep nothing of a client whose last connection has ended.

    Args:
        cell: NVFLARE's, not started yet.
    """
    core = cell.core_cell
    core.communicator.register_monitor(_Leaving(core.communicator))
    core.msg_travel_stats_pool = _NoStatistics()


class _Leaving(EndpointMonitor):
    """Is told when a client comes or goes, after the cell itself."""

    def __init__(self, communicator: Any) -> None:
        self._communicator = communicator

    def state_change(self, endpoint: Endpoint) -> None:
        """Remove one that is gone; it is let in again as anybody."""
        if endpoint.state == EndpointState.DISCONNECTED:
            self._communicator.remove_endpoint(endpoint.name)


class _NoStatistics:
    """Stands for a pool that has a row for each client: how long its messages took, which nobody asks here."""

    def record_value(self, *_: Any, **__: Any) -> None:
        """Keep nothing."""
