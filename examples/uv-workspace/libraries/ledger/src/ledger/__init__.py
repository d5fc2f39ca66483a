import os

import asyncpg


async def balance(account: str) -> int:
    """The balance of an account, in cents."""
    connection = await asyncpg.connect(os.environ["LEDGER_DSN"])
    return await connection.fetchval("SELECT sum(cents) FROM entry WHERE account = $1", account)
