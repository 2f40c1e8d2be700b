"""Signing in to Azure Database for PostgreSQL with a token from Entra instead of a password.

The token is asked for with every new connection and only then: connections that are open outlive it. azure-identity
keeps it while it lasts, so that a pool that fills does not besiege Entra. Whose it is, is the host's: a managed
identity (``AZURE_CLIENT_ID`` names a user-assigned one), a workload identity, or whoever signed in with ``az``.
"""

from typing import Protocol

SCOPE = "https://ossrdbms-aad.database.windows.net/.default"


class Password(Protocol):
    """Where the password of a new connection comes from."""

    async def __call__(self) -> str: ...


class EntraPassword:
    def __init__(self) -> None:
        # Half a second of import that only those pay who sign in this way.
        from azure.identity.aio import DefaultAzureCredential  # noqa: PLC0415

        self._credential = DefaultAzureCredential()

    async def __call__(self) -> str:
        return (await self._credential.get_token(SCOPE)).token

    async def close(self) -> None:
        await self._credential.close()
