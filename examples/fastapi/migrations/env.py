import asyncio

from alembic import context
from sqlalchemy import Connection

from app.database import Base, engine


def run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=Base.metadata)
    with context.begin_transaction():
        context.run_migrations()


async def main() -> None:
    async with engine.connect() as connection:
        await connection.run_sync(run)


asyncio.run(main())
