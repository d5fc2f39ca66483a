import unittest
from datetime import date

from lib.dates import day


class DayTest(unittest.TestCase):
    def test_day(self):
        self.assertEqual(day("2026-03-01"), date(2026, 3, 1))
