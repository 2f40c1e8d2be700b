"""What counts as a screenshot: told by the file's first bytes, never by its name."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

LARGEST = 10 << 20
"""Bytes; what the bot fetches from elsewhere has the same limit."""


class PictureType(StrEnum):
    PNG = "image/png"
    JPEG = "image/jpeg"
    WEBP = "image/webp"


def picture_type(data: bytes) -> PictureType | None:
    """None for what is none of the three; a cut-off header is none either."""
    if data.startswith(b"\x89PNG\r\n\x1a\n") and data[12:16] == b"IHDR":
        return PictureType.PNG
    if data.startswith(b"\xff\xd8\xff"):
        return PictureType.JPEG
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return PictureType.WEBP
    return None


class PictureProblem(StrEnum):
    """Why a file can't be a screenshot."""

    UNREACHABLE = "unreachable"
    """It could not be fetched, or is too large to be."""
    WRONG_TYPE = "wrong_type"
    SEVERAL = "several"
    GONE = "gone"
    """It waited too long to be told what it shows, or is used already."""
    NOBODYS = "nobodys"
    """Who sent it administers no channel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedIn:
    """A screenshot that a system has handed in; ``due`` is the next yearly one, if there is any."""

    duty: str
    sha256: str
    due: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedFile:
    name: str
    content_type: str
    data: bytes
