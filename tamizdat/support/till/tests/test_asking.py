"""Whoever loads one contribution's page again and again does not spend the service for all."""

import pytest

from tamizdat.readers.counter.bucket import Rate
from tamizdat.support.till import standing, views
from tamizdat.support.till.asking import RATE, Asking

pytestmark = pytest.mark.django_db(databases=["till"])

MANY = int(RATE.most) + 50


class Service:
    """Counts how often it is asked, and passes it on."""

    def __init__(self, service):
        self.service, self.asked = service, 0

    def __getattr__(self, name):
        return getattr(self.service, name)

    def fetch(self, name):
        self.asked += 1
        return self.service.fetch(name)


@pytest.fixture
def service(shop):
    return Service(shop.service)


def test_a_contribution_s_page_asks_the_service_only_so_often(shop, service):
    _, contribution = shop.give("month")

    days = [standing.next_charge(contribution, service) for _ in range(MANY)]

    assert days[0] is not None
    assert service.asked < RATE.most + 5


def test_another_contribution_s_page_asks_still(shop, service):
    _, one = shop.give("month")
    _, other = shop.give("month")
    for _ in range(MANY):
        standing.next_charge(one, service)

    assert standing.next_charge(other, service) is not None


def test_waiting_for_the_bank_asks_only_so_often(shop, service, monkeypatch):
    draft = shop.begin()
    shop.pay(draft, "4000 0025 0000 3155")
    object.__setattr__(shop.checkout, "provider", service)
    monkeypatch.setattr(views, "checkout", lambda: shop.checkout)

    found = [views._fresh(draft) for _ in range(MANY)]

    assert {contribution.state for contribution in found} == {"needs_action"}
    assert service.asked < RATE.most + 5


def test_the_memory_is_bounded_and_a_minute_brings_more():
    asking = Asking(Rate(1, 1), at_most=2)

    assert asking.may("a", 0)
    assert not asking.may("a", 1)
    assert asking.may("a", 61)
    assert [asking.may(each, 62) for each in "bca"] == [True, True, True]
