"""Pictures as people send them in a personal chat, and a server on loopback that holds them."""

import base64
import struct
import zlib
from typing import Any

from tests.fakes.files import FakeFiles
from tests.scenario.world import Json, Somebody


def png(shade: int = 0, *, padding: int = 0) -> bytes:
    """A whole picture of one grey dot; ``padding`` bytes after its end."""
    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes([0, shade]))), (b"IEND", b""))
    chunks = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + chunks + bytes(padding)


JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(20)
WEBP = b"RIFF\x24\x00\x00\x00WEBPVP8 " + bytes(20)


def base64_of(data: bytes) -> str:
    return base64.b64encode(data).decode()


def with_files(somebody: Somebody, files: FakeFiles, *names: str, pasted: bool = False, **more: Any) -> Json:
    """The activity of a message with these files; ``pasted`` into the text instead of attached to it."""
    attachments = [_attachment(files, name, pasted=pasted) for name in names]
    return somebody.activity("message", **{"text": "", "attachments": attachments, **more})


def _attachment(files: FakeFiles, name: str, *, pasted: bool) -> Json:
    url = f"{files.url}/{name}"
    if pasted:
        return {"contentType": "image/*", "contentUrl": url, "name": name}
    content = {"downloadUrl": url, "uniqueId": "x", "fileType": name.rpartition(".")[2]}
    kind = "application/vnd.microsoft.teams.file.download.info"
    return {"contentType": kind, "contentUrl": "https://example.com", "name": name, "content": content}


async def sends_files(
    somebody: Somebody, files: FakeFiles, *names: str, pasted: bool = False, **more: Any
) -> Json:
    """The card that the bot answered with."""
    return await answered(somebody, with_files(somebody, files, *names, pasted=pasted, **more))


async def answered(somebody: Somebody, activity: Json) -> Json:
    before = len(somebody.world.connector.sent)
    status, _ = await somebody.world.post(activity)
    assert status in {200, 201, 202}, status
    sent = [
        one.activity
        for one in somebody.world.connector.sent[before:]
        if one.conversation == somebody.conversation
    ]
    assert sent, "no answer"
    card: Json = sent[-1]["attachments"][0]["content"]
    return card
