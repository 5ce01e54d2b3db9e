"""Every payment service is held to the port's contract."""

import inspect
from importlib import import_module
from pathlib import Path

import pytest

from tamizdat.support import providers
from tamizdat.support.providers.base import Provider
from tamizdat.support.tests.provider_contract import ProviderContract

ADAPTERS = sorted(
    path.stem
    for path in Path(providers.__file__).parent.glob("*.py")
    if path.stem not in ("__init__", "base", "chosen")
)


def classes(module, base):
    found = inspect.getmembers(import_module(module), inspect.isclass)
    return [one for _, one in found if issubclass(one, base) and one is not base]


@pytest.mark.parametrize("name", ADAPTERS)
def test_a_payment_service_has_a_test_class_that_inherits_the_contract(name):
    services = classes(f"tamizdat.support.providers.{name}", Provider)
    tested = classes(f"tamizdat.support.providers.tests.test_{name}", ProviderContract)

    assert [one.name for one in services] == [name]
    assert [one.__name__ for one in tested] == [f"Test{one.__name__}" for one in services]


@pytest.mark.parametrize("name", ADAPTERS)
def test_no_adapter_gets_round_the_port(name):
    for service in classes(f"tamizdat.support.providers.{name}", Provider):
        public = {key for key, value in vars(Provider).items() if not key.startswith("_")}
        assert public & set(vars(service)) <= {"name"}
