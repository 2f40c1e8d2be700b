"""A deployment of Azure OpenAI as a ``Model``: one request a question, with a token from Entra, and nothing tried again.

Kept apart because importing ``openai`` takes half a second and 17 MB, which only those pay who name a model. The address is that
of the API without dated versions (https://learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle), which
needs no new setting when one retires.
"""

import logging
from collections.abc import Mapping, Sequence
from typing import Any, cast

import openai

from bot.policy.grounding import ModelError
from bot.policy.model_results import Result
from bot.settings import ModelAt
from bot.teams.connector import retry_after
from bot.teams.tokens import TokenSource, TokenUnavailableError

_MOST_TOKENS = 1000
"""A reply has some 150; a model that thinks first uses up the rest unseen."""
_THROTTLED = 10.0
"""Seconds of rest where no other number is told."""

log = logging.getLogger(__name__)


class AzureModel:
    """``seconds`` bound each step of the call; whoever asks bounds the whole."""

    def __init__(self, at: ModelAt, tokens: TokenSource, *, seconds: float) -> None:
        self.deployment = at.deployment
        self._tokens = tokens
        # A redirect would carry the question elsewhere, and the environment's proxies are not used for anything else.
        http = openai.DefaultAsyncHttpxClient(follow_redirects=False, trust_env=False)
        self._client = openai.AsyncOpenAI(
            api_key="a token stands in its place",
            base_url=f"{at.endpoint}/openai/v1/",
            timeout=seconds,
            max_retries=0,
            http_client=http,
        )
        for name in (
            "httpx2",
            "httpcore2",
            "openai",
        ):  # they tell of each request, and at debug level what it says
            logging.getLogger(name).setLevel(logging.WARNING)

    async def reply(self, messages: Sequence[Mapping[str, str]], schema: Mapping[str, Any]) -> str:
        form = {"type": "json_schema", "json_schema": {"name": "choice", "strict": True, "schema": schema}}
        headers = await self._headers()
        try:
            # No temperature: models that think first refuse any.
            made = await self._client.chat.completions.create(
                model=self.deployment,
                messages=cast("Any", messages),
                response_format=cast("Any", form),
                max_completion_tokens=_MOST_TOKENS,
                extra_headers=headers,
            )
            return _text(made)
        except openai.APITimeoutError as error:
            raise ModelError(Result.SLOW) from error
        except openai.APIStatusError as error:
            raise _refused(error) from error
        except openai.APIConnectionError as error:
            raise ModelError(Result.UNREACHABLE) from error
        except (openai.OpenAIError, AttributeError, LookupError, TypeError, ValueError) as error:
            # The library believes what it is sent, and an answer that isn't as documented may raise anything of these.
            raise ModelError(Result.NOT_JSON) from error

    async def close(self) -> None:
        await self._client.close()
        await self._tokens.close()

    async def _headers(self) -> dict[str, Any]:
        try:
            authorization = await self._tokens.authorization()
        except TokenUnavailableError as error:
            raise ModelError(Result.NO_TOKEN) from error
        return {"Authorization": authorization if authorization is not None else openai.Omit()}


def _text(made: Any) -> str:
    choice = made.choices[0]
    if choice.finish_reason != "stop" or choice.message.refusal:
        raise ModelError(Result.EMPTY)
    text = choice.message.content
    return text if isinstance(text, str) else ""


def _refused(error: openai.APIStatusError) -> ModelError:
    status = error.status_code
    if status == 429:
        rest = retry_after(error.response.headers)
        return ModelError(Result.THROTTLED, rest=_THROTTLED if rest is None else rest)
    return ModelError(Result.UNREACHABLE if status >= 500 else Result.REFUSED)
