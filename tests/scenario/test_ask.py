"""``python app.py ask`` and ``evaluate``: a line of JSON for each question, and a bad line told by its number."""

import json
from pathlib import Path

import pytest

from bot.settings import SHIPPED_GUIDELINE
from tests.scenario.program import app, assert_one_sentence


async def test_ask_prints_one_line_of_json_in_the_agreed_form() -> None:
    ended = await app("ask", "Måste raderade inlägg diarieföras?", "--json")
    line = json.loads(ended.out)
    assert list(line) == ["id", "question", "outcome", "quotes", "confidence"]
    assert line["outcome"] == "answer"
    assert 1 <= len(line["quotes"]) <= 3
    best = line["quotes"][0]
    assert best["passage"] == "administratorens-ansvar/5/a"
    guideline = SHIPPED_GUIDELINE.read_text(encoding="utf-8")
    assert all(one["text"] in guideline and len(one["text"]) <= 700 for one in line["quotes"])


async def test_a_batch_keeps_its_ids_and_a_bad_line_is_named(tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text(
        '{"id": "q7", "question": "Vem får administrera konton?"}\n\n{"id": "q8"}\n', encoding="utf-8"
    )
    ended = await app("ask", "--batch", str(file))
    assert json.loads(ended.out.splitlines()[0])["id"] == "q7"
    assert ended.code == 1
    assert "questions.jsonl, line 3" in ended.err


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b'{"question": null}', "question: expected a text"),
        (b'{"question": ["x"]}', "question: expected a text"),
        (b'{"id": [1], "question": "x"}', "id: expected a text or a number"),
        (b'["x"]', "expected an object"),
        (b'{"question": "Vad g\xe4ller?"}', "not UTF-8: byte 0xe4 at 20"),
        (b'{"question": "x"', "Expecting ',' delimiter"),
    ],
)
@pytest.mark.parametrize("command", [("ask", "--batch"), ("evaluate",)])
async def test_what_is_no_question_is_told_with_its_line_and_asked_of_nobody(
    tmp_path: Path, command: tuple[str, ...], line: bytes, told: str
) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_bytes(b"\n" + line + b"\n")
    ended = await app(*command, str(file))
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith(f"questions.jsonl, line 2: is no question: {told}")
    assert ended.err.count("\n") == 1


async def test_a_line_of_questions_ends_with_a_newline_and_a_byte_order_mark_is_no_part_of_it(
    tmp_path: Path,
) -> None:
    asked = "Vem får\u2028administrera\u0085konton?"
    line = json.dumps({"id": 7, "lang": "sv", "question": asked, "gold": []}, ensure_ascii=False)
    file = tmp_path / "questions.jsonl"
    file.write_bytes(b"\xef\xbb\xbf" + line.encode() + b"\r\n")
    ended = await app("ask", "--batch", str(file))
    told = [json.loads(one) for one in ended.out.split("\n") if one]
    assert [(one["id"], one["question"]) for one in told] == [("7", asked)], ended.err
    assert "| 1 questions |" in (await app("evaluate", str(file))).out


@pytest.mark.parametrize("command", [("ask", "Vad gäller?"), ("evaluate", "{tmp}/q.jsonl")])
async def test_a_guideline_to_ask_that_is_broken_is_told_as_that(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    (tmp_path / "q.jsonl").write_bytes(b"")
    (tmp_path / "g.md").write_bytes(b"# A\n\nb\x07\n")
    command = tuple(one.replace("{tmp}", str(tmp_path)) for one in command)
    ended = await app(*command, "--guideline", str(tmp_path / "g.md"))
    told = "The guideline cannot be used:\ng.md:3: forbidden character U+0007\n"
    assert (ended.code, ended.out, ended.err) == (1, "", told)


async def test_a_guideline_to_ask_that_is_not_there_is_told_in_a_sentence(tmp_path: Path) -> None:
    ended = await app("ask", "Vad?", "--guideline", str(tmp_path / "none.md"))
    assert ended.code == 1
    assert_one_sentence(ended, "none.md")
