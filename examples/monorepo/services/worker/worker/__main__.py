import json
import os
import signal
import sys

from redis import Redis

from worker.shelves import shelf


def main() -> None:
    redis = Redis.from_url(os.environ["REDIS_URL"])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    while True:
        found = redis.blpop(["feedback"], timeout=5)
        if found:
            feedback = json.loads(found[1])
            redis.lpush(f"shelf:{shelf(feedback['stars'])}", found[1])


if __name__ == "__main__":
    main()
