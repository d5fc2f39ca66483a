import unittest
from unittest.mock import patch

from thumbnails import jobs


class FetchTest(unittest.TestCase):
    @patch("thumbnails.jobs.requests.get")
    def test_name_is_the_last_part(self, get):
        get.return_value.content = b"x"
        self.assertTrue(jobs.fetch("https://example.org/a/cat.png").endswith("cat.png"))
