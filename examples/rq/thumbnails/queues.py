import os

from redis import Redis
from rq import Queue

connection = Redis.from_url(os.environ.get("THUMBNAILS_REDIS_URL", "redis://localhost:6379/0"))
urgent = Queue("urgent", connection=connection)
ordinary = Queue("ordinary", connection=connection)
