"""What the environment says. A field without a default must be set."""

from pathlib import Path

from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    """One field, one environment variable."""

    database_url: str
    redis_url: str
    export_dir: Path = Path("/var/lib/orders/exports")
    page_size: int = 50
    log_level: str = "info"


settings = Settings()
