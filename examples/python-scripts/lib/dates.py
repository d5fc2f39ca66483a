from datetime import date


def day(text: str) -> date:
    """`2026-03-01` as a date."""
    return date.fromisoformat(text)
