import asyncio
import os

import dramatiq
from dramatiq.brokers.rabbitmq import RabbitmqBroker
from ledger import balance

broker = RabbitmqBroker(url=os.environ["BROKER_URL"])
dramatiq.set_broker(broker)


@dramatiq.actor
def statement(account: str) -> None:
    print(account, asyncio.run(balance(account)))
