"""What the newsroom's settings file decides is changed there alone."""

import pytest
from wagtail.models import Locale, Page, Site

from tamizdat.desk.tests.admin.test_publishing_together import said
from tamizdat.desk.tests.conftest import signed_in


@pytest.mark.parametrize("what", [Site, Locale])
def test_what_the_settings_file_decides_is_not_changed_at_the_desk(desk, demonstration, what):
    admin = signed_in("Eva Lind", "admin")
    before = list(what.objects.order_by("pk").values())
    kind = f"{what.__name__.lower()}s"
    fields = {"hostname": "x", "port": 80, "site_name": "x", "root_page": Page.objects.last().pk}
    for address in (
        "",
        "new/",
        *(f"{do}/{row['id']}/" for row in before for do in ("edit", "delete")),
    ):
        answer = admin.post(
            f"/desk/{kind}/{address}", fields | {"language_code": "de"}, follow=True
        )
        assert "stand in tamizdat.toml" in said(answer)
        assert list(what.objects.order_by("pk").values()) == before
