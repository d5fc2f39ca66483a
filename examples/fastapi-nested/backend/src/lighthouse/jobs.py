from arq.connections import RedisSettings

from lighthouse.core.settings import settings


async def turn_off(context: dict, name: str) -> str:
    return name


class WorkerSettings:
    functions = [turn_off]
    redis_settings = RedisSettings.from_dsn(settings.queue)
