"""The bot's own tokens for every client that botbuilder makes in a turn: the adapter is given this factory.

The SDK's own would make a new msal application for every turn and fetch a token on the event loop each time. What
the bot itself sends takes its tokens from the same source, in ``connector``, without the SDK between.
"""

from typing import Any

from botframework.connector.auth import ServiceClientCredentialsFactory
from msrest.pipeline.async_abc import AsyncHTTPPolicy

from bot.teams.tokens import TokenSource


class TokenPolicy(AsyncHTTPPolicy[Any, Any]):
    """A step of msrest's pipeline that sets the header; msrest accepts one in place of credentials."""

    def __init__(self, tokens: TokenSource) -> None:
        super().__init__()
        self._tokens = tokens

    async def send(self, request: Any, **kwargs: Any) -> Any:
        header = await self._tokens.authorization()
        if header is not None:
            request.http_request.headers["Authorization"] = header
        if self.next is None:
            raise RuntimeError("the policy stands in no pipeline")
        return await self.next.send(request, **kwargs)


class TokenCredentialsFactory(ServiceClientCredentialsFactory):
    def __init__(self, *, app_id: str, tokens: TokenSource) -> None:
        self._app_id = app_id
        self._tokens = tokens

    async def is_valid_app_id(self, app_id: str) -> bool:
        return app_id == self._app_id

    async def is_authentication_disabled(self) -> bool:
        """Never: an empty app id would otherwise turn authentication off without a word."""
        return False

    async def create_credentials(
        self, app_id: str, oauth_scope: str, login_endpoint: str, validate_authority: bool
    ) -> TokenPolicy:
        """A policy of its own for every client, since msrest links it into that client's pipeline."""
        return TokenPolicy(self._tokens)
