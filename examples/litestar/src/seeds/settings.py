from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="SEEDS_")

    database_url: str
    page_size: int = 50
    # The port of the documentation is 7000; the service has its own.
    port: int = 8135
    secret: str = Field(default="change-me", validation_alias="SESSION_SECRET")


settings = Settings()
