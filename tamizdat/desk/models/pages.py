from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from wagtail.models import Page, PagePermissionTester, Revision

from tamizdat.desk import preview
from tamizdat.desk.forms import slugs
from tamizdat.desk.forms.page_form import DeskForm
from tamizdat.desk.pages import locks, versions
from tamizdat.desk.pages.copying import DraftCopyForm
from tamizdat.desk.pages.page_permissions import DeskPagePermissions
from tamizdat.lib import clock


class DeskPage(Page):
    """What all pages of the newsroom share: an address in the edition, and its preview."""

    base_form_class = DeskForm
    copy_form_class = DraftCopyForm
    slug: str
    first_published_at: datetime | None
    last_published_at: datetime | None

    class Meta:
        abstract = True

    def clean(self) -> None:
        """Refuse a name that no file of the edition can have; what readers have is not asked."""
        super().clean()
        if self.slug and self.first_published_at is None and (why := slugs.unfit(self.slug)):
            raise ValidationError({"slug": why})

    def why_required(self) -> str:
        """Return in a sentence why readers must keep this page; "" if it may be taken away."""
        return ""

    def save_revision(
        self, *args: Any, overwrite_revision: Revision | None = None, **kwargs: Any
    ) -> Any:
        """Keep a version. The first one of an imported page is not its first words: keep those.

        A draft that is kept by itself takes the place of the one before, unless that is more than a
        draft by now.
        """
        self._keep_what_is_live()
        if overwrite_revision and self._must_stay(overwrite_revision):
            overwrite_revision = None
        return super().save_revision(*args, overwrite_revision=overwrite_revision, **kwargs)

    def _must_stay(self, version: Revision) -> bool:
        """Say whether the newest version is more than a draft; no other can be overwritten."""
        return version == self.get_latest_revision() and versions.is_decided_on(version)

    def publish(self, revision: Any, user: Any = None, **kwargs: Any) -> Any:
        """Send a version to readers, now or at its time.

        Raises:
            ValidationError: readers would miss something, or somebody else has locked it.
        """
        locks.require_none(self, user)
        self._keep_what_is_live()
        return super().publish(revision, user=user, **kwargs)

    def _keep_what_is_live(self) -> None:
        """Make a version of what readers have, where there is none.

        The CMS takes a page without one for a page that readers do not have, and unpublishes it
        when a change is scheduled. An import makes none: a second copy of an archive that nobody
        is going to touch.
        """
        if self.pk is None or self.live_revision_id:
            return
        found = type(self).objects.filter(pk=self.pk, live=True, live_revision=None).first()
        if found is None:
            return
        kept = Revision.objects.create(
            content_object=found,
            base_content_type=found.get_base_content_type(),
            content=found.serializable_data(),
            object_str=str(found),
            created_at=found.last_published_at or found.first_published_at or clock.now(),
        )
        Page.objects.filter(pk=self.pk).update(live_revision=kept)
        self.live_revision = kept

    def unpublish(self, *args: Any, user: Any = None, **kwargs: Any) -> Any:
        """Take it away from readers.

        Raises:
            ValidationError: something that readers have needs it, or somebody else has locked it.
        """
        locks.require_none(self, user)
        if why := self.why_required():
            raise ValidationError(why)
        return super().unpublish(*args, user=user, **kwargs)

    def permissions_for_user(self, user: Any) -> PagePermissionTester:
        return DeskPagePermissions(user, self)

    def edition_path(self) -> str:
        """Return where readers find it, from the edition's root; "" while it has no place."""
        raise NotImplementedError

    def get_url_parts(self, request: Any = None) -> tuple[int, str, str] | None:  # noqa: ARG002  Wagtail's signature
        """Point every "view live" at the edition: the desk itself shows nothing to readers."""
        place = self.edition_path()
        if not place:
            return None
        return 0, settings.NEWSROOM.addresses.edition, f"/{place}"

    def get_url(self, request: Any = None, current_site: Any = None) -> str | None:  # noqa: ARG002  Wagtail's signature
        """Return the whole address: the edition is never where the desk is."""
        parts = self.get_url_parts(request)
        return parts and parts[1] + parts[2]

    url = property(get_url)

    def _set_core_field_defaults(self) -> None:
        """Make the slug in Latin letters: Wagtail's own would be empty for other scripts."""
        if not self.slug and self.path:
            key = str(self.translation_key)[:8]
            self.slug = self._get_autogenerated_slug(slugs.slug(self.title, key))
        super()._set_core_field_defaults()

    def with_content_json(self, content: Any) -> Any:
        """Read a version. All that is done with versions comes through here."""
        there = versions.without_missing(type(self), content)
        return super().with_content_json(versions.within_reach(type(self), there))

    def serve_preview(self, request: Any, mode_name: str) -> Any:  # noqa: ARG002  Wagtail's signature
        return preview.answer(self)
