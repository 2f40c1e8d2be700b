"""The tables, in the steps that made them. A step that is released is never changed: what follows is another one."""

import logging

from storage.postgres.database import Connection
from storage.store import StoreUnusable

log = logging.getLogger(__name__)

_FIRST = """
CREATE TABLE chain (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    seq bigint NOT NULL,
    hash text NOT NULL,
    code text
);
COMMENT ON TABLE chain IS
    'The newest event: whoever appends locks this row. code: what the read side was made by.';
INSERT INTO chain (seq, hash) VALUES (0, repeat('0', 64));

CREATE TABLE events (
    seq bigint PRIMARY KEY,
    stream text NOT NULL,
    version integer NOT NULL,
    body json NOT NULL,
    hash text NOT NULL,
    UNIQUE (stream, version)
);
COMMENT ON COLUMN events.hash IS 'SHA-256 of body, byte for byte; body is RFC 8785 JSON and names the hash before it.';

CREATE TABLE keys (
    id bytea PRIMARY KEY,
    seq bigint NOT NULL
);

CREATE TABLE contents (
    ref text PRIMARY KEY,
    seq bigint NOT NULL,
    salt bytea,
    data bytea,
    CHECK ((salt IS NULL) = (data IS NULL))
);
COMMENT ON TABLE contents IS 'Erasable; without salt and data it was disposed of.';
CREATE INDEX contents_by_seq ON contents (seq);

CREATE TABLE outbox (
    id bytea PRIMARY KEY,
    seq bigint NOT NULL,
    place integer NOT NULL,
    recipient bytea NOT NULL,
    message json NOT NULL,
    owed_at timestamptz NOT NULL,
    not_before timestamptz,
    attempts integer NOT NULL DEFAULT 0,
    taken_by uuid,
    started_at timestamptz,
    unknown boolean NOT NULL DEFAULT false,
    outcome text,
    ended_at timestamptz,
    why text
);
CREATE INDEX outbox_owed ON outbox (seq, place) WHERE outcome IS NULL;
CREATE INDEX outbox_taken ON outbox (taken_by) WHERE outcome IS NULL AND taken_by IS NOT NULL;

CREATE TABLE instances (
    id uuid PRIMARY KEY,
    alive_until timestamptz NOT NULL,
    since timestamptz NOT NULL
);
COMMENT ON COLUMN instances.since IS 'From when on it has been alive without a gap.';

CREATE TABLE turns (what text PRIMARY KEY);
COMMENT ON TABLE turns IS 'Rows to lock for what one instance does at a time.';
INSERT INTO turns VALUES ('outbox');

CREATE TABLE read_side (
    id bytea PRIMARY KEY,
    place bigint GENERATED ALWAYS AS IDENTITY,
    collection text NOT NULL,
    key text NOT NULL,
    doc json NOT NULL
);
CREATE INDEX read_side_by_collection ON read_side (collection, place);

CREATE TABLE documents (LIKE read_side INCLUDING ALL);
"""

_SWEEPING = """
CREATE TABLE unswept (ref text PRIMARY KEY);
COMMENT ON TABLE unswept IS 'Contents that were erased and whose bytes may still be in the file of the table.';
INSERT INTO unswept SELECT ref FROM contents WHERE data IS NULL;
"""

_CLAIMS = """
CREATE TABLE claims (id bytea PRIMARY KEY, by uuid NOT NULL, at timestamptz NOT NULL);
CREATE INDEX claims_by_age ON claims (at);
COMMENT ON TABLE claims IS 'What one instance does and no other may; of no use after an hour.';
"""

STEPS = (_FIRST, _SWEEPING, _CLAIMS)


async def migrate(connection: Connection) -> None:
    """Brings the tables up to date, one instance at a time. Raises StoreUnusable for tables of a newer program."""
    if await connection.fetchval("SHOW server_encoding") != "UTF8":
        raise StoreUnusable("the database's encoding is not UTF8")
    async with connection.transaction():
        await connection.execute(
            "SELECT pg_advisory_xact_lock(hashtext('riktlinjebot ' || current_schema()))"
        )
        await connection.execute(
            "CREATE TABLE IF NOT EXISTS migrations (step integer PRIMARY KEY, at timestamptz DEFAULT now())"
        )
        done = await steps_done(connection)
        for number, step in enumerate(STEPS[done:], start=done + 1):
            await connection.execute(step)
            await connection.execute("INSERT INTO migrations (step) VALUES ($1)", number)
            log.info("The database's tables were brought up to date", extra={"step": number})


async def steps_done(connection: Connection) -> int:
    """Raises StoreUnusable for tables of a newer program."""
    done: int = await connection.fetchval("SELECT coalesce(max(step), 0) FROM migrations")
    if done > len(STEPS):
        raise StoreUnusable(f"the database has tables of a newer program (step {done})")
    return done
