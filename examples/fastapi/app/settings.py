from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    database_url: str
    redis_url: str = "redis://localhost:6379/0"
    cache_seconds: int = 30


settings = Settings()  # type: ignore[call-arg]
