"""The queue: confirmations, and the export of every night."""

import csv
import time

from celery import Celery
from celery.schedules import crontab
from celery.signals import worker_init
from prometheus_client import start_http_server

from app import store
from app.metrics import CONFIRMATIONS, EXPORT_AGE
from app.settings import settings

celery = Celery("orders", broker=settings.redis_url)
celery.conf.beat_schedule = {
    "export": {"task": "app.worker.export", "schedule": crontab(hour="2", minute="0")},
}


@worker_init.connect
def serve_metrics(**_: object) -> None:
    """The worker has no web server of its own."""
    start_http_server(9808)


@celery.task
def confirm(order: int) -> None:
    """Tell the customer."""
    CONFIRMATIONS.labels(outcome="sent" if order else "skipped").inc()


@celery.task
def export() -> None:
    """Write the newest orders for the accountants."""
    settings.export_dir.mkdir(parents=True, exist_ok=True)
    with (settings.export_dir / f"orders-{int(time.time())}.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, ["id", "customer", "channel", "total_cents"])
        writer.writeheader()
        writer.writerows(store.latest())
    EXPORT_AGE.set_to_current_time()
