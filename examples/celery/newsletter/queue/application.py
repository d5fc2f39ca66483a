from celery import Celery
from celery.schedules import crontab

from newsletter import config

application = Celery("newsletter", broker=config.BROKER_URL, include=["newsletter.tasks"])
application.conf.beat_schedule = {
    "monday": {"task": "newsletter.tasks.send_issue", "schedule": crontab(hour=6, minute=0, day_of_week="mon")},
}
application.conf.timezone = "Europe/Paris"
