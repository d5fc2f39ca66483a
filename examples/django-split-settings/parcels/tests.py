from django.test import SimpleTestCase

from parcels.views import parcel


class ParcelTest(SimpleTestCase):
    def test_number(self) -> None:
        self.assertIn(b"A1", parcel(None, "A1").content)
