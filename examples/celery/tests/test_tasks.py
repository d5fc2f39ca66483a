from newsletter.queue.application import application


def test_schedule_is_on_monday() -> None:
    assert set(application.conf.beat_schedule) == {"monday"}
