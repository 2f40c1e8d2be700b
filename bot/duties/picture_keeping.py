"""A picture on its way into the record: sealed, hashed, and known again should it come a second time."""

import hashlib
import hmac
from dataclasses import dataclass

from bot.contents import sealed
from bot.domain.duties import Picture
from bot.domain.pictures import PictureType
from bot.domain.views import FileText
from storage.contents import seal
from storage.store import Content

_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedPicture:
    picture: Picture
    contents: tuple[Content, ...]
    sha256: str


def sealed_picture(data: bytes, name: str, kind: PictureType) -> SealedPicture:
    """The plain digest stands with the texts, as those of secured files do."""
    sha256 = hashlib.sha256(data).hexdigest()
    content = seal(data)
    text = sealed(FileText(name=name[:_LONGEST_NAME], content_type=kind, url="", sha256=sha256))
    picture = Picture(text_ref=text.ref, data_ref=content.ref)
    return SealedPicture(picture=picture, contents=(content, text), sha256=sha256)


def same_picture(pepper: bytes, subject: str, sha256: str) -> str:
    """The key that a picture of that channel takes; by itself it tells nobody what the picture was."""
    named = f"picture\0{subject}\0{sha256}".encode()
    return "picture:" + hmac.new(pepper, named, hashlib.sha256).hexdigest()
