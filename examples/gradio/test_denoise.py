import numpy as np

from denoise import denoise


def test_quiet_samples_are_silenced() -> None:
    rate, cleaned = denoise((8000, np.array([1, 500])), 10)
    assert (rate, cleaned.tolist()) == (8000, [0, 500])
