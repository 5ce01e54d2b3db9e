from functools import partial
from hashlib import sha1
from pathlib import Path
from secrets import token_hex
from typing import Any

from django.core.files.base import ContentFile
from django.db import models, transaction
from django.db.models.fields.files import ImageFieldFile
from wagtail.images.models import AbstractImage, AbstractRendition

from tamizdat.desk.pictures import variants
from tamizdat.desk.pictures.storage import CleanFile
from tamizdat.lib.pictures import Clean, reopen


class Picture(AbstractImage):
    """A picture, kept only as its clean master and the sizes made from it.

    What it says about itself is its credit; caption and alt text belong to each use.
    """

    credit = models.CharField(
        max_length=255, help_text="Who made it, and for whom: A. Name / Agency."
    )
    digest = models.CharField(max_length=64, editable=False, default="", db_index=True)
    colour = models.CharField(max_length=7, editable=False, default="#808080")
    variants = models.JSONField(editable=False, default=list)

    admin_form_fields = (
        "title",
        "file",
        "credit",
        "collection",
        "tags",
        "focal_point_x",
        "focal_point_y",
        "focal_point_width",
        "focal_point_height",
    )

    class Meta(AbstractImage.Meta):
        verbose_name = "picture"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the picture; where its file is new, make the sizes that pages use.

        This is here and not in an action because Wagtail's forms, its API and imports
        all save pictures themselves, and none of them may leave one without its sizes.
        One that was sent among many comes with its file in the storage already.
        """
        is_new = bool(self.file) and not self.file._committed  # noqa: SLF001  Django's only sign of it
        brought = self.file.file if is_new else None
        with transaction.atomic():
            super().save(*args, **kwargs)
            if is_new or (self.file and not self.digest):
                self._describe(brought)

    def get_upload_to(self, filename: str) -> str:
        """Return a file's place under media/. Its own name may tell who sent it: it is not kept."""
        ending = "".join(sign for sign in Path(filename).suffix if sign.isalnum() or sign == ".")
        return f"original_images/{token_hex(10)}{ending[:6].lower()}"

    def _describe(self, brought: Any) -> None:
        master, before = self._master(brought), self.digest
        self.digest = master.digest
        self.colour = master.colour
        self.variants = variants.make(master)
        self.file_size = len(master.data)
        self.file_hash = sha1(master.data, usedforsecurity=False).hexdigest()
        super().save(update_fields=["digest", "colour", "variants", "file_size", "file_hash"])
        self.file.close()
        if before != master.digest:
            transaction.on_commit(partial(forget_sizes, before), robust=True)

    def _master(self, brought: Any) -> Clean:
        """Return the picture that was kept just now; whoever cleaned it has brought it along."""
        if isinstance(brought, CleanFile):
            return brought.picture
        with self.file.storage.open(self.file.name) as stored:
            return reopen(stored.read())

    def generate_rendition_file(self, *args: Any, **kwargs: Any) -> ContentFile[bytes]:
        """Draw a size for the desk itself; Wagtail would leave its temporary file open.

        This decodes in the desk's own process. It may: the file is our clean master, which is a
        plain JPEG or PNG of at most 2560 pixels.
        """
        with super().generate_rendition_file(*args, **kwargs) as drawn:
            drawn.seek(0)
            return ContentFile(drawn.read(), name=drawn.name)

    @property
    def focus(self) -> tuple[float, float]:
        """The point to keep when it is cropped, as shares of width and height."""
        if self.focal_point_x is None or self.focal_point_y is None:
            return 0.5, 0.5
        return self.focal_point_x / self.width, self.focal_point_y / self.height


def forget_sizes(digest: str) -> None:
    """Delete the sizes of a picture that was deleted or got another file, unless it is there twice.

    The CMS deletes its own files; these it does not know.
    """
    if digest and not Picture.objects.filter(digest=digest).exists():
        variants.forget(digest)


class PictureRendition(AbstractRendition):
    """A size that Wagtail makes for the desk itself, from the clean master."""

    image = models.ForeignKey(Picture, related_name="renditions", on_delete=models.CASCADE)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("image", "filter_spec", "focal_point_key"), name="one_rendition_of_each"
            )
        ]


# The CMS's own kind of file decodes a picture in the desk's process, twice, to know its size.
# Django's reads the head of it.
for _model in (Picture, PictureRendition):
    _model._meta.get_field("file").attr_class = ImageFieldFile  # noqa: SLF001  Django's way to a field
