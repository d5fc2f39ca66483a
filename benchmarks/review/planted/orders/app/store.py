"""Orders in PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.rows import dict_row

from app.settings import settings

SCHEMA = """
CREATE TABLE IF NOT EXISTS orders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer text NOT NULL,
    channel text NOT NULL,
    total_cents bigint NOT NULL CHECK (total_cents >= 0),
    created_at timestamptz NOT NULL DEFAULT now()
)
"""


@contextmanager
def connection() -> Iterator[psycopg.Connection[dict[str, Any]]]:
    """A connection whose transaction ends with the block."""
    with psycopg.connect(settings.database_url, row_factory=dict_row, connect_timeout=3) as conn:
        yield conn


def migrate() -> None:
    """Create what is missing."""
    with connection() as conn:
        conn.execute(SCHEMA)


def ping() -> None:
    """Raise where the database does not answer."""
    with connection() as conn:
        conn.execute("SELECT 1")


def add(customer: str, channel: str, total_cents: int) -> int:
    """Add an order and return its number."""
    with connection() as conn:
        row = conn.execute(
            "INSERT INTO orders (customer, channel, total_cents) VALUES (%s, %s, %s) RETURNING id",
            (customer, channel, total_cents),
        ).fetchone()
        assert row is not None
        return int(row["id"])


def latest() -> list[dict[str, Any]]:
    """The newest orders."""
    with connection() as conn:
        query = "SELECT id, customer, channel, total_cents FROM orders ORDER BY id DESC LIMIT %s"
        return conn.execute(query, (settings.page_size,)).fetchall()


if __name__ == "__main__":
    migrate()
