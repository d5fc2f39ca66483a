from config.settings.base import *
from config.settings.base import env

ALLOWED_HOSTS = env.list("DJANGO_ALLOWED_HOSTS", default=["example.org"])
CACHES = {
    "default": {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": env("REDIS_URL"),
    }
}
