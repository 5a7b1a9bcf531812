"""How a client of NVFLARE gets in: by itself, in the background, up to 2.6, and when it is told to since 2.7.

It is what the client does, whatever the server's personality; the numbers are those of its release.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flare_sim.commands.job_meta import STUDY
from flare_sim.commands.protocol import ApiStatus
from flare_sim.spec import AuthenticationError, NoConnection

if TYPE_CHECKING:
    from flare_sim.commands.protocol import Endpoint, Login
    from flare_sim.nvflare.releases import Release

__all__ = ["BackgroundLogin", "LoginOnDemand"]


class BackgroundLogin:
    """A thread of the client's that logs in, from the moment the session is made (2.3.12 to 2.6.3).

    It tries as often as its release does.  When a try is refused, or none got through, it closes the session; whoever
    waits for it goes on waiting, and never hears why.
    """

    def __init__(self, server: Endpoint, user: str, release: Release) -> None:
        self._login: Login | None = None
        self._closed = False
        self._server = server
        self._user = user
        self._tries = release.login_tries
        self._interval = release.login_interval
        self._looked: float | None = None
        server.call_later(FIRST_TRY, self._try)

    @property
    def login(self) -> Login | None:
        """What the server knows the session by, None until it is in."""
        self._server.catch_up()
        return self._login

    @property
    def closed(self) -> bool:
        """Whether the session has ended."""
        self._server.catch_up()
        return self._closed

    def close(self) -> None:
        """End the session."""
        self._closed = True

    def hurry(self) -> None:
        """Try at once, if the server is there."""
        if self._server.reachable:
            self._try()

    def is_ready(self) -> bool:
        """Tell whether the session is logged in; to find that it is not takes a moment, as on every machine.

        Who looks again when no time has passed waits by another clock, as a function of NVFLARE's does that was kept
        from before; then as much passes as a session of NVFLARE's lets pass between two looks.
        """
        if self.login is None:
            clock, before = self._server.clock, self._server.clock.time()
            clock.sleep(LOOKS_APART if before == self._looked else LOOK_SECONDS)
            if clock.time() <= before:  # the clock stands still, and what is due later never would be
                self._try()
            self._looked = clock.time()
        return self.login is not None and not self._closed

    def _try(self) -> None:
        if self._closed or self._login is not None:
            return
        if not self._tries:
            self._closed = True
            return
        self._tries -= 1
        try:
            login = self._server.login(self._user)
        except AuthenticationError:
            self._closed = True
        except NoConnection:
            self._server.call_later(self._interval, self._try)
        else:
            self._server.call_later(EXCHANGES * self._server.reply_seconds, lambda: self._arrive(login))

    def _arrive(self, login: Login) -> None:
        self._login = login


class LoginOnDemand:
    """A connection that is asked for, and a login over it (2.7.3 to 2.9.0).

    The connection is begun in the background, so the first look for the server, which comes at once, is in vain; the
    others are a second apart.  A connection that can't be made is tried again in growing steps.

    Attributes:
        login: what the server knows the session by, None until it is in.
        closed: whether the session has ended.
    """

    def __init__(self, server: Endpoint, user: str, study: str, release: Release) -> None:
        self.login: Login | None = None
        self.closed = False
        self._server = server
        self._user = user
        self._study = study
        self._interval = release.login_interval
        self._begun = self._known = False
        self._stands_from = 0.0

    def close(self) -> None:
        """End the session."""
        self.closed = True

    def hurry(self) -> None:
        """Connect at once, if the server is there."""
        if self._server.reachable:
            self._begun = self._known = True

    def is_ready(self) -> bool:
        """Tell whether the session is logged in."""
        return self.login is not None and not self.closed

    def connect(self, seconds: float) -> None:
        """Wait for the server to be there, and to know the user; a second time it does nothing.

        Raises:
            FLCommunicationError: of NVFLARE's: it was not there for so many seconds, or does not know the user.
        """
        from nvflare.apis.fl_exception import FLCommunicationError

        if self._begun:
            return
        self._begun = True
        clock, begun = self._server.clock, self._server.clock.time()
        looks, retry, pause, connected = 0, 0, 1, False
        while not (connected and self._server.reachable):
            if looks >= retry:
                connected = self._server.reachable
                retry, pause = looks + pause, min(2 * pause, LONGEST_PAUSE)
            if looks and clock.time() - begun >= seconds:
                self._stands_from = begun + LOOK_INTERVAL * ((looks if connected else retry) + 1)
                raise FLCommunicationError(f"cannot connect to server for {seconds} seconds")
            clock.sleep(LOOK_INTERVAL)
            looks += 1
        self._exchange()
        self._known = True

    def log_in(self, tries: int, patience: float) -> dict[str, Any]:
        """Log in, for the second time too, and return how it went: a status and details.

        Args:
            tries: how often to try when nobody answers.
            patience: seconds that an answer is waited for.
        """
        found: dict[str, Any] = {"status": "ERROR_RUNTIME", "details": f"Auto login failed after {tries} tries"}
        for _ in range(tries):
            found = self._try(patience)
            if found["status"] in (ApiStatus.SUCCESS, ApiStatus.ERROR_AUTHENTICATION):
                break
            self._server.clock.sleep(self._interval)
        return found

    def unanswered(self, patience: float) -> None:
        """Let the time pass in which a server would have replied that does not know the client."""
        stands = self._begun and self._server.clock.time() >= self._stands_from and self._server.reachable
        if stands and not self._known and not self.closed:
            self._server.clock.sleep(patience)

    def _exchange(self) -> None:
        if self._server.reply_seconds:
            self._server.clock.sleep(EXCHANGES * self._server.reply_seconds)

    def _try(self, patience: float) -> dict[str, Any]:
        if self._known and not self.closed:
            try:
                login = self._server.login(self._user)
            except AuthenticationError as problem:
                return {"status": ApiStatus.ERROR_AUTHENTICATION, "details": str(problem)}
            except NoConnection:
                return _NO_ANSWER
            if self._study not in ("", STUDY):
                details = f"study '{self._study}' is not configured on the server"
                code = "AUTH_STUDY_NOT_CONFIGURED"
                return {"status": ApiStatus.ERROR_AUTHENTICATION, "details": details, "auth_code": code}
            self._exchange()
            self.login = login
            return {"status": ApiStatus.SUCCESS, "details": "Login success"}
        self.unanswered(patience)
        return _NO_ANSWER


FIRST_TRY = 0.4
"""Seconds after a session was made at which it tries to log in for the first time (2.3.12)."""
EXCHANGES = 2
"""Replies waited for in a login, and since 2.7 in a connection: that it is let in, and with which commands."""
LOOKS_APART = 0.5
"""Seconds between two looks of a session that waits to be logged in (2.3.12 to 2.6.3)."""
LOOK_SECONDS = 0.0001
"""Seconds it takes to find that a session is not logged in."""
LOOK_INTERVAL = 1.0
"""Seconds between two looks for the server (2.9.0 private/fed/authenticator.py)."""
LONGEST_PAUSE = 10
"""Most looks between two tries to connect; it is doubled until then (2.9.0 fuel/f3/sfm/conn_manager.py)."""

_NO_ANSWER = {"status": "ERROR_RUNTIME", "details": "Communication Error - please try later"}
