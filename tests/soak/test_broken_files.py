"""The long version of site/tests/databases/test_broken_files.py: each way for each database."""

import pytest

from tamizdat.site.tests.databases.test_broken_files import (
    NAMES,
    WAYS,
    sheet,
    tell_of_it_while_served,
)

__all__ = ["sheet"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("way", WAYS)
def test_while_it_is_served_one_alert_stands_until_the_file_is_well(sheet, way, name):
    tell_of_it_while_served(sheet, way, name)
