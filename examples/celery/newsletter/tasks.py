from sqlalchemy import create_engine, text

from newsletter import config
from newsletter.queue.application import application


@application.task
def send_issue() -> int:
    with create_engine(config.DATABASE_URL).connect() as connection:
        readers = connection.execute(text("SELECT address FROM reader")).scalars().all()
    for start in range(0, len(readers), config.BATCH):
        send_batch.delay(list(readers[start : start + config.BATCH]))
    return len(readers)


@application.task
def send_batch(addresses: list[str]) -> None:
    print(config.SENDER, addresses)
