"""Where the Authorization header of every outgoing call comes from."""

from typing import Protocol


class TokenUnavailableError(Exception):
    """No token could be had now; nothing has been sent."""


class TokenSource(Protocol):
    async def authorization(self) -> str | None:
        """The header's value, or None to send none; raises TokenUnavailableError."""
        ...

    def refused(self, authorization: str | None) -> bool:
        """Whoever was sent this header's value answered 401: whether asking again gives another one."""
        ...

    async def close(self) -> None: ...


class NoCredentials:
    """Local mode: the Agents Playground wants no token."""

    async def authorization(self) -> str | None:
        return None

    def refused(self, authorization: str | None) -> bool:
        return False

    async def close(self) -> None:
        return None
