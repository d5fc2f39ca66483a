import os
from pathlib import Path

import requests

CACHE_DIR = Path(os.environ.get("THUMBNAILS_CACHE", "cache"))


def fetch(url: str) -> str:
    """Keep a picture in the cache, and say where."""
    CACHE_DIR.mkdir(exist_ok=True)
    target = CACHE_DIR / url.rpartition("/")[2]
    target.write_bytes(requests.get(url, timeout=30).content)
    return str(target)
