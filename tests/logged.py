"""All that a test's newsroom logs, as its settings have it written."""

import io
import logging
from copy import deepcopy
from logging.config import DictConfigurator

import pytest
from django.conf import settings


@pytest.fixture
def log():
    about = deepcopy(settings.LOGGING)
    handler = logging.StreamHandler(io.StringIO())
    handler.setFormatter(DictConfigurator(about).configure_formatter(about["formatters"]["plain"]))
    logging.getLogger().addHandler(handler)
    yield handler.stream.getvalue
    logging.getLogger().removeHandler(handler)
