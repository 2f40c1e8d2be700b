"""``python app.py verify``: the chain is whole, or the first broken place is named."""

from pathlib import Path

from tests.scenario.program import a_record, app
from tests.scenario.world import a_world


async def test_verify_says_that_a_whole_chain_is_whole(tmp_path: Path) -> None:
    environ = await a_record(tmp_path / "data")
    ended = await app("verify", environ=environ)
    assert ended.code == 0
    assert "The chain is whole" in ended.out


async def test_verify_names_the_first_broken_place(tmp_path: Path) -> None:
    environ = await a_record(tmp_path / "data")
    journal = tmp_path / "data" / "journal.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    at = next(n for n, line in enumerate(lines) if b'"svordomar"' in line)
    lines[at] = lines[at].replace(b'"svordomar"', b'"reklam"   ')
    journal.write_bytes(b"".join(lines))
    ended = await app("verify", environ=environ)
    assert ended.code == 1
    assert "journal.jsonl" in ended.err
    assert str(at + 1) in ended.err
    assert "Traceback" not in ended.err


async def test_verify_reads_beside_a_running_bot(tmp_path: Path) -> None:
    async with a_world(tmp_path / "data") as world:
        await world.flag()
        ended = await app("verify", environ={"STORAGE_URL": f"tinydb:{tmp_path / 'data'}"})
    assert ended.code == 0


async def test_there_is_nothing_to_verify_where_there_is_no_record(tmp_path: Path) -> None:
    ended = await app("verify", environ={"STORAGE_URL": f"tinydb:{tmp_path / 'none'}"})
    assert (ended.code, ended.out) == (1, "")
    assert "no record" in ended.err
    assert not (tmp_path / "none").exists()
