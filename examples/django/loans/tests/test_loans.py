import datetime

import pytest
from django.test import Client

from loans.models import Loan

pytestmark = pytest.mark.django_db


def test_health(client: Client) -> None:
    assert client.get("/healthz/").json() == {"status": "ok"}


def test_only_open_loans_are_listed(client: Client) -> None:
    due = datetime.date(2026, 12, 24)
    Loan.objects.create(reader="Ada", title="Notes", due=due)
    Loan.objects.create(reader="Grace", title="Compilers", due=due, returned=True)
    assert [loan["reader"] for loan in client.get("/loans/").json()["loans"]] == ["Ada"]
