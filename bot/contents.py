"""The texts behind the references that events carry: sealed on the way in, opened on the way out."""

import hashlib
import json
from dataclasses import asdict, replace
from typing import Protocol, TypeVar, cast

from bot.adapters import ADAPTERS
from bot.domain.cases import Case, DisposalState
from bot.domain.channels import ChannelTexts
from bot.domain.duties import DutyTexts, EvaluationTexts
from bot.domain.posts import Flag, Post
from bot.domain.questions import ModelTexts, PhrasingTexts, QuestionTexts, ReplyTexts
from bot.domain.requests import ContactTexts, FormTexts, NamesTexts, RequestTexts
from bot.domain.views import DecisionTexts, FileText, FlagText, Locator, PostText
from storage.contents import seal
from storage.store import Content

Texts = (
    PostText
    | FlagText
    | FileText
    | Locator
    | DecisionTexts
    | ChannelTexts
    | DutyTexts
    | EvaluationTexts
    | FormTexts
    | ContactTexts
    | NamesTexts
    | RequestTexts
    | QuestionTexts
    | ReplyTexts
    | PhrasingTexts
    | ModelTexts
)
_T = TypeVar("_T", bound=Texts)


class Opener(Protocol):
    async def content(self, ref: str) -> bytes | None: ...


def post_text(post: Post) -> PostText:
    return PostText(
        text=post.text,
        author=post.author,
        sha256=hashlib.sha256(post.text.encode()).hexdigest(),
        attachments=tuple(
            FileText(name=file.name, content_type=file.content_type, url=file.url)
            for file in post.attachments
        ),
    )


def flag_text(flag: Flag) -> FlagText:
    return FlagText(by=flag.by, note=flag.note or "")


def locator(post: Post) -> Locator:
    return Locator(post_id=post.id, url=post.url or "")


def sealed(texts: Texts) -> Content:
    return seal(json.dumps(asdict(texts), ensure_ascii=False, separators=(",", ":")).encode())


def sealed_text(text: str) -> Content:
    return seal(text.encode())


async def opened(store: Opener, ref: str, kind: type[_T]) -> _T | None:
    """The texts behind ``ref``; None once they are destroyed, or where nothing was said."""
    data = await store.content(ref) if ref else None
    return cast(_T, ADAPTERS[kind].validate_json(data)) if data else None


async def kept(store: Opener, case: Case, ref: str, kind: type[_T]) -> _T | None:
    """As ``opened``, and None as soon as the record says that it is destroyed: the disk may lag behind."""
    return None if ref in case.destroyed else await opened(store, ref, kind)


async def newest_post(store: Opener, case: Case) -> PostText | None:
    return await post_of(store, case, case.snapshots[-1])


async def post_of(store: Opener, case: Case, snapshot: str) -> PostText | None:
    """One snapshot with the hashes of the files that were secured; None as soon as the record says that it is
    destroyed."""
    if case.disposal is DisposalState.DISPOSED:
        return None
    post = await opened(store, snapshot, PostText)
    secured = case.secured_of(snapshot)
    if post is None or not secured:
        return post
    files = dict(enumerate(post.attachments))
    for file in secured:
        text = await opened(store, file.text_ref, FileText)
        files |= {file.place: text} if text else {}
    return replace(post, attachments=tuple(files.values()))
