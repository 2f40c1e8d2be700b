"""The body of a flag: each field's rule, problems in plain words, and texts kept as they came."""

import copy
import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cases.flags import FieldProblem, FlagProblems, parse_flag
from bot.demo.posts import demo_flags
from bot.domain.grounds import Ground
from bot.domain.posts import FlaggedPost, FlagSource, PostKind

Json = dict[str, Any]
WHOLE: Json = {
    "channel": "facebook-haninge",
    "post": {
        "id": "123_456",
        "kind": "comment",
        "text": "Så dumt!",
        "author": "Invånare 1",
        "url": "https://www.facebook.com/haningekommun/posts/1",
        "published_at": "2026-11-20T10:11:12+01:00",
        "attachments": [
            {"name": "bild.png", "content_type": "image/png", "url": "https://example.com/b.png"}
        ],
    },
    "flag": {"source": "person", "by": "Medarbetare", "note": "Se här", "ground": "personangrepp"},
}
MISSING = object()


def changed(path: str, value: object) -> Json:
    body = copy.deepcopy(WHOLE)
    *parents, last = path.split(".")
    place: Any = body
    for part in parents:
        place = place[int(part)] if part.isdigit() else place[part]
    if value is MISSING:
        del place[last]
    else:
        place[int(last) if last.isdigit() else last] = value
    return body


def taken(body: Json) -> FlaggedPost:
    flagged = parse_flag(json.dumps(body).encode())
    assert isinstance(flagged, FlaggedPost), flagged
    return flagged


def refused(body: object) -> tuple[FieldProblem, ...]:
    problems = parse_flag(json.dumps(body).encode())
    assert isinstance(problems, FlagProblems), problems
    return problems.problems


def test_every_field_is_read() -> None:
    flagged = taken(WHOLE)
    assert flagged.channel == "facebook-haninge"
    assert flagged.post.kind is PostKind.COMMENT
    assert flagged.post.text == "Så dumt!"
    assert flagged.post.published_at == datetime(2026, 11, 20, 9, 11, 12, tzinfo=UTC)
    assert flagged.post.attachments[0].name == "bild.png"
    assert flagged.flag.source is FlagSource.PERSON
    assert flagged.flag.ground is Ground.PERSONANGREPP
    assert flagged.replaced == 0


def test_only_the_necessary_is_needed() -> None:
    flagged = taken(
        {
            "channel": "facebook-haninge",
            "post": {"id": "1", "kind": "direct_message", "text": "Hej"},
            "flag": {"source": "platform", "by": "Facebook"},
        }
    )
    assert (flagged.post.url, flagged.post.published_at, flagged.post.attachments) == (None, None, ())
    assert (flagged.flag.note, flagged.flag.ground) == (None, None)


@pytest.mark.parametrize("field", ["post.url", "post.published_at", "flag.note", "flag.ground"])
def test_what_may_be_left_out_may_be_null(field: str) -> None:
    taken(changed(field, None))


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("channel", MISSING, "is missing"),
        ("channel", "Facebook Haninge", "must be a channel's id"),
        ("channel", "facebook-haninge\n", "must be a channel's id"),
        ("channel", "\ud800", "half characters"),
        ("channel", 5, "must be a string"),
        ("post", MISSING, "is missing"),
        ("post", [], "must be an object"),
        ("post", None, "must be an object"),
        ("post.id", MISSING, "is missing"),
        ("post.id", "", "is empty"),
        ("post.id", " ", "is empty"),
        ("post.id", 123, "must be a string"),
        ("post.id", "1\x00", "control characters"),
        ("post.id", "1\ud800", "half characters"),
        ("post.id", "x" * 2001, "at most 2000"),
        ("post.kind", MISSING, "is missing"),
        ("post.kind", "story", "must be 'post', 'comment' or 'direct_message'"),
        ("post.kind", ["post"], "must be 'post', 'comment' or 'direct_message'"),
        ("post.text", None, "must be a string"),
        ("post.text", 1.5, "must be a string"),
        ("post.text", "x" * 200_001, "at most 200000 characters"),
        ("post.author", "x" * 201, "at most 200 characters"),
        ("post.url", "javascript:alert(1)", "http:// or https://"),
        ("post.url", "//example.com", "http:// or https://"),
        ("post.url", "https://", "http:// or https://"),
        ("post.url", "https://[", "http:// or https://"),
        ("post.url", "https://example.com/a b", "http:// or https://"),
        ("post.url", "https://example.com/\u202egnp.exe", "http:// or https://"),
        ("post.url", "https://example.com/\ud800", "http:// or https://"),
        ("post.url", "https://example.com/" + "x" * 2000, "at most 2000"),
        ("post.url", {}, "must be a string"),
        ("post.published_at", "2026-11-20T10:11:12", "with its zone"),
        ("post.published_at", "2026-11-20", "with its zone"),
        ("post.published_at", "i går", "with its zone"),
        ("post.published_at", "", "with its zone"),
        ("post.published_at", 1_732_000_000, "with its zone"),
        ("post.published_at", "1732000000", "with its zone"),
        ("post.published_at", "0001-01-01T00:00:00+14:00", "must be between"),
        ("post.published_at", "9999-12-31T23:59:59-12:00", "must be between"),
        ("post.attachments", {}, "must be a list"),
        ("post.attachments", [WHOLE["post"]["attachments"][0]] * 21, "at most 20 items"),
        ("post.attachments.0", "bild.png", "must be an object"),
        ("post.attachments.0.name", " ", "is empty"),
        ("post.attachments.0.url", None, "must be a string"),
        ("post.attachments.0.url", MISSING, "is missing"),
        ("post.attachments.0.url", "file:///etc/passwd", "http:// or https://"),
        ("flag.source", "robot", "must be 'person', 'screening' or 'platform'"),
        ("flag.by", "", "is empty"),
        ("flag.by", MISSING, "is missing"),
        ("flag.note", "x" * 4001, "at most 4000"),
        ("flag.ground", "tråkigt", "must be 'personangrepp'"),
        ("flag.reason", "x", "is no field"),
        ("spam", {}, "is no field"),
    ],
)
def test_a_wrong_field_is_named_with_what_it_should_be(field: str, value: object, told: str) -> None:
    (problem,) = refused(changed(field, value))
    assert problem.field == field
    assert told in problem.problem


def test_every_problem_is_told_at_once_and_nothing_of_what_was_sent() -> None:
    body = changed("post.url", "javascript:hemligt")
    body["flag"] = {"source": "hemligt", "by": 7}
    problems = refused(body)
    assert [one.field for one in problems] == ["post.url", "flag.source", "flag.by"]
    assert "hemligt" not in str(problems)


@pytest.mark.parametrize("body", [[], 1, None, "text", True])
def test_a_body_that_is_no_object_is_told_as_such(body: object) -> None:
    (problem,) = refused(body)
    assert problem == FieldProblem(field="body", problem="must be an object with named fields")


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"\xff{}", b"[" * 100_000, b'{"a": ' + b"1" * 5000 + b"}", "{}".encode("utf-16"), b"\x00"],
)
def test_what_is_no_json_is_refused_as_such(raw: bytes) -> None:
    with pytest.raises(ValueError, match="is not JSON in UTF-8"):
        parse_flag(raw)


def test_no_text_at_all_needs_an_attachment() -> None:
    assert taken(changed("post.text", " \n")).post.text == " \n"
    body = changed("post.attachments", [])
    body["post"]["text"] = " \n"
    (problem,) = refused(body)
    assert problem.field == "post.text"


def test_the_longest_text_is_frozen_whole_and_soon() -> None:
    text = "Å" * 200_000
    started = time.perf_counter()
    assert taken(changed("post.text", text)).post.text == text
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize(
    "text",
    [
        "\u202eomvänt\u202c och \u2066isolerat\u2069",
        "klocka \x07, radslut \r\n och \x1b[31mfärg",
        "👩\u200d👩\u200d👧 e\u0301 \ufeff",
        "[haninge.se](https://example.com) <at>Alla</at> {{DATE(2026-11-24)}} \ufffd",
    ],
)
def test_controls_and_marks_of_direction_stay_as_they_are(text: str) -> None:
    flagged = taken(changed("post.text", text))
    assert (flagged.post.text, flagged.replaced) == (text, 0)


def test_what_utf8_cannot_hold_is_replaced_visibly_and_counted() -> None:
    body = changed("post.text", "a\ud800b\x00c \ude00")
    body["post"]["author"] = "\udfff"
    body["post"]["attachments"][0]["name"] = "b\x00.png"
    body["flag"]["note"] = "\ud83d"
    flagged = taken(body)
    assert flagged.post.text == "a\ufffdb\ufffdc \ufffd"
    assert flagged.post.author == flagged.flag.note == "\ufffd"
    assert flagged.post.attachments[0].name == "b\ufffd.png"
    assert flagged.replaced == 6


def test_an_emoji_in_two_escapes_is_one_character() -> None:
    raw = json.dumps(changed("post.text", "🤬"), ensure_ascii=True)
    assert "\\ud83e\\udd2c" in raw
    flagged = parse_flag(raw)
    assert isinstance(flagged, FlaggedPost)
    assert (flagged.post.text, flagged.replaced) == ("🤬", 0)


def test_a_field_name_that_utf8_cannot_hold_is_told_all_the_same() -> None:
    for problem in refused({**WHOLE, "\ud800": 1}):
        problem.field.encode()


def test_endless_problems_are_told_in_part() -> None:
    assert len(refused({**WHOLE, **{f"f{number}": 1 for number in range(1000)}})) == 50


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
PATHS = [
    "channel",
    "post",
    "flag",
    *(f"post.{name}" for name in WHOLE["post"]),
    *(f"flag.{name}" for name in WHOLE["flag"]),
    *(f"post.attachments.0.{name}" for name in ("name", "content_type", "url")),
]


@given(st.sampled_from(PATHS), values)
def test_whatever_stands_in_a_field_is_taken_or_told(path: str, value: object) -> None:
    outcome = parse_flag(json.dumps(changed(path, value)))
    if isinstance(outcome, FlagProblems):
        assert all(problem.field.startswith(path.partition(".")[0]) for problem in outcome.problems)
    else:
        outcome.post.text.encode()
        outcome.post.author.encode()


def test_the_demonstration_posts_are_flags_with_living_ages() -> None:
    now = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
    flags = demo_flags(now)
    posts = [parse_flag(body) for body, _ in flags]
    assert len(posts) == 6
    for post, (_, flagged_at) in zip(posts, flags, strict=True):
        assert isinstance(post, FlaggedPost)
        assert post.post.published_at is not None
        assert timedelta() < flagged_at - post.post.published_at < now - post.post.published_at
    assert {PostKind.COMMENT, PostKind.POST, PostKind.DIRECT_MESSAGE} == {
        post.post.kind for post in posts if isinstance(post, FlaggedPost)
    }
