from pydantic import BaseModel
from pydantic_settings import BaseSettings, SettingsConfigDict


class Database(BaseModel):
    url: str
    pool: int = 5


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="LIGHTHOUSE_", env_nested_delimiter="__")

    database: Database
    queue: str = "redis://localhost:6379/2"
    api_prefix: str = "/api"


settings = Settings()
