"""``python app.py import-channels FILE.csv``: the right rows are taken in, and each wrong one is told with its line."""

import sys
from asyncio import create_subprocess_exec
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest

from bot.playground import ROOT
from tests.scenario.served import LOCAL
from tests.scenario.world import a_world, object_id

HEADER = "name;platform;address;administration;admins;id\n"
UNIT = "kultur-och-fritidsforvaltningen"
GOOD = (
    f"Kulturhuset på Instagram;instagram;https://www.instagram.com/kulturhuset;{UNIT};{object_id('admin')};\n"
)


async def imported(
    tmp_path: Path, text: str | bytes, name: str = "kanaler.csv"
) -> tuple[int | None, list[str], str]:
    """Exit code, what was taken in, what was wrong."""
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    process = await create_subprocess_exec(
        sys.executable, "app.py", "import-channels", str(path), cwd=ROOT, stdout=PIPE, stderr=PIPE,
        env={**LOCAL, "PATH": "/usr/bin", "STORAGE_URL": f"tinydb:{tmp_path / 'data'}"},
    )  # fmt: skip
    out, err = await process.communicate()
    told = [line for line in err.decode().splitlines() if line.startswith(name) or "app.py" in line]
    return process.returncode, out.decode().split(), "\n".join(told) or err.decode()


async def test_a_channel_is_on_every_list_afterwards_and_its_admin_gets_its_posts(tmp_path: Path) -> None:
    assert (await imported(tmp_path, HEADER + GOOD))[:2] == (0, ["instagram-kulturhuset-pa-instagram"])
    async with a_world(tmp_path / "data") as world:
        await world.arrive("admin")
        case = await world.flag(channel="instagram-kulturhuset-pa-instagram")
        assert case in str(await world["admin"].waits_for(case))
        async with world.http.get(f"{world.url}/sociala-medier") as answer:
            assert "Kulturhuset på Instagram" in await answer.text()


async def test_a_file_that_is_taken_in_again_makes_nothing_twice(tmp_path: Path) -> None:
    await imported(tmp_path, HEADER + GOOD)
    code, taken, told = await imported(tmp_path, HEADER + GOOD)
    assert (code, taken) == (1, [])
    assert "kanaler.csv, line 2: the register has it already" in told


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (f";facebook;https://x.se/a;{UNIT};;", "name: must be 1 to 200 characters"),
        (f"A;myspace;https://x.se/a;{UNIT};;", "platform: must be one of facebook,"),
        (f"A;facebook;javascript:alert(1);{UNIT};;", "address: must be an address"),
        ("A;facebook;https://x.se/a;skolan;;", "administration: must be one of kommunstyrelse"),
        (f"A;facebook;https://x.se/a;{UNIT};någon@x.se;", "admins: must be Entra object ids"),
        (f"A;facebook;https://x.se/a;{UNIT};{'0' * 8}-0000-0000-0000-{'9' * 12};", "admins: nobody in the"),
        (f"A;facebook;https://x.se/a;{UNIT};;Å b", "id: must be an id of a-z"),
        (f"A;facebook;https://www.facebook.com/haningekommun/;{UNIT};;", "the register has it already"),
    ],
)  # fmt: skip
async def test_each_wrong_row_is_told_with_its_line_and_the_others_are_taken_in(
    tmp_path: Path, row: str, told: str
) -> None:
    code, taken, said = await imported(tmp_path, f"{HEADER}{row}\n{GOOD}")
    assert (code, taken) == (1, ["instagram-kulturhuset-pa-instagram"])
    assert f"kanaler.csv, line 2: {told}" in said


async def test_the_same_address_twice_in_the_file_is_told(tmp_path: Path) -> None:
    again = GOOD.replace("Kulturhuset", "Kulturhus").replace("www.", "")
    assert "address: is that of line 2 too" in (await imported(tmp_path, HEADER + GOOD + again))[2]


async def test_what_spreadsheets_save_is_read(tmp_path: Path) -> None:
    windows = (HEADER + GOOD).encode("cp1252")
    assert (await imported(tmp_path, windows))[0] == 0


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name;platform\nA;facebook\n", "line 1 lacks the column address, administration"),
        (HEADER.replace("id\n", "färg\n"), "has the unknown column färg"),
        ("", "line 1 lacks the column"),
    ],
)
async def test_a_file_with_other_columns_is_refused(tmp_path: Path, text: str, told: str) -> None:
    code, taken, said = await imported(tmp_path, text)
    assert (code, taken) == (1, [])
    assert told in said


async def test_beside_a_running_bot_it_is_refused_in_a_sentence(tmp_path: Path) -> None:
    async with a_world(tmp_path / "data"):
        code, taken, said = await imported(tmp_path, HEADER + GOOD)
    assert (code, taken) == (1, [])
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            HEADER + GOOD.rstrip() + ";en till\n",
            "line 2: the row has more cells than there are columns",
        ),
        (HEADER + '"' + "x" * 140_000 + '"', "it is no CSV file that can be read"),
        (
            HEADER + GOOD.replace("Kulturhuset på", '"Kulturhuset\npå"'),
            "line 3: name: must be 1 to 200 characters",
        ),
    ],
)
async def test_what_a_spreadsheet_got_wrong_is_told_and_not_taken_in(
    tmp_path: Path, text: str, told: str
) -> None:
    code, taken, said = await imported(tmp_path, text)
    assert (code, taken) == (1, [])
    assert told in said


@pytest.mark.parametrize(
    "text", ["sep=;\r\n" + (HEADER + GOOD).replace("\n", "\r\n"), (HEADER + GOOD).replace(";", "\t")]
)
async def test_a_file_as_spreadsheets_save_it_is_read(tmp_path: Path, text: str) -> None:
    assert (await imported(tmp_path, text))[:2] == (0, ["instagram-kulturhuset-pa-instagram"])
