"""The forms in which people say numbers, durations, sizes and schedules."""

from __future__ import annotations

import pytest

from devops_orchestrator.core import units


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("3", "3"),
        ("trois", 3),
        ("three", 3),
        ("Vingt", 20),
        ("quinze", 15),
        ("half", 0.5),
        ("twelve", 12),
        ("abc", "abc"),
        (4, 4),
        (None, None),
    ],
)
def test_number(said: object, value: object) -> None:
    assert units.number(said) == value


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("5 minutes", "5m"), ("5min", "5m"), ("cinq minutes", "5m"), ("30s", "30s"), ("30 secondes", "30s"), ("1h", "1h"), ("une heure", "1h"),
        ("1,5 s", "1500ms"), ("1.5h", "90m"), ("200 ms", "200ms"), ("2 jours", "2d"), ("two days", "2d"), (15, "15s"), ("soon", "soon"), (None, None),
    ],
)  # fmt: skip
def test_duration(said: object, value: object) -> None:
    assert units.duration(said) == value


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("14", 14),
        ("14 jours", 14),
        ("two weeks", 14),
        ("trois semaines", 21),
        ("1 mois", 30),
        ("3 months", 90),
        ("un an", 365),
        ("30d", 30),
        (7, 7),
        ("un jour", 1),
        ("3 ans", 1095),
    ],
)
def test_days(said: object, value: object) -> None:
    got = units.days(said)
    assert got == value


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("half a core", "500m"),
        ("un demi-cœur", "500m"),
        ("2 cores", "2"),
        ("0.5", "500m"),
        ("0,25", "250m"),
        ("250m", "250m"),
        ("100m cpu", "100m"),
        (1.5, "1500m"),
        (2, "2"),
        ("deux", "2"),
    ],
)
def test_cpu(said: object, value: object) -> None:
    assert units.cpu(said) == value


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("1 Go", "1Gi"),
        ("512 Mo", "512Mi"),
        ("1GB", "1Gi"),
        ("256Mi", "256Mi"),
        ("1 gig", "1Gi"),
        ("1,5 Go", "1536Mi"),
        ("2 Gi", "2Gi"),
        ("2g", "2Gi"),
        ("128 MiB", "128Mi"),
        ("deux Go", "2Gi"),
    ],
)
def test_memory(said: object, value: object) -> None:
    assert units.memory(said) == value


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("tous les lundis à 3h", "0 3 * * 1"), ("every Monday at 3am", "0 3 * * 1"), ("every day at 2:30 am", "30 2 * * *"), ("tous les jours à 14h30", "30 14 * * *"),
        ("toutes les 15 minutes", "*/15 * * * *"), ("every 5 min", "*/5 * * * *"), ("toutes les 6 heures", "0 */6 * * *"), ("toutes les deux heures", "0 */2 * * *"), ("every two hours", "0 */2 * * *"),
        ("toutes les heures", "0 * * * *"), ("hourly", "0 * * * *"), ("nightly", "0 3 * * *"), ("chaque nuit", "0 3 * * *"), ("tous les soirs à 22h", "0 22 * * *"), ("every weekday at 6pm", "0 18 * * 1-5"),
        ("du lundi au vendredi à 8h", "0 8 * * 1-5"), ("tous les jours ouvrés à 7h", "0 7 * * 1-5"), ("chaque jour à minuit", "0 0 * * *"), ("every day at noon", "0 12 * * *"), ("monthly", "0 3 1 * *"),
        ("le premier du mois à 5h", "0 5 1 * *"), ("weekly", "0 3 * * 1"), ("tous les dimanches", "0 3 * * 0"), ("0 4 * * 2", "0 4 * * 2"), ("@daily", "0 3 * * *"), (None, None), ("toutes les minutes", "* * * * *"),
    ],
)  # fmt: skip
def test_cron(said: object, value: object) -> None:
    assert units.cron(said) == value


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("95", 0.95),
        ("p99", 0.99),
        ("999", 0.999),
        ("99.9", 0.999),
        ("99,9", 0.999),
        ("0.9", 0.9),
        (50, 0.5),
        ("x", "x"),
    ],
)
def test_quantile(said: object, value: object) -> None:
    assert units.quantile(said) == value
