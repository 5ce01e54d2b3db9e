import io
import struct
import zlib

import pytest
from PIL import Image, ImageCms, PngImagePlugin

from tamizdat.lib.pictures.drawing import clean, renditions, reopen
from tamizdat.lib.pictures.metadata import has_metadata
from tamizdat.lib.pictures.values import LONG_SIDE, PictureError, widths

SECRET = b"56.9496N 24.1052E by Ada Holm"
XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + SECRET + b"</x:xmpmeta>"


def photo(width=400, height=300, mode="RGB"):
    """Left half red, right half blue, so that it is known which way is up."""
    image = Image.new(mode, (width, height), "blue")
    image.paste(Image.new(mode, (width // 2, height), "red"), (0, 0))
    return image


def exif(orientation=1):
    notes = Image.Exif()
    notes[0x010F] = "Camera"
    notes[0x013B] = SECRET.decode()
    notes[0x0112] = orientation
    notes.get_ifd(0x8825).update({1: "N", 2: (56.0, 56.0, 58.0), 3: "E", 4: (24.0, 6.0, 18.0)})
    return notes


def iptc():
    """An APP13 segment with a byline, as agencies send it."""
    record = b"\x1c\x02\x50" + struct.pack(">H", len(SECRET)) + SECRET
    block = b"8BIM\x04\x04\x00\x00" + struct.pack(">I", len(record)) + record
    body = b"Photoshop 3.0\0" + block + b"\0" * (len(block) % 2)
    return b"\xff\xed" + struct.pack(">H", len(body) + 2) + body


def saved(image, form, **options):
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def jpeg_with_everything():
    plain = saved(
        photo(),
        "JPEG",
        exif=exif(),
        xmp=XMP,
        comment=SECRET,
        icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
    )
    return plain[:2] + iptc() + plain[2:] + SECRET


def png_with_everything():
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", SECRET.decode())
    notes.add_itxt("XML:com.adobe.xmp", XMP.decode())
    return saved(photo(), "PNG", pnginfo=notes, exif=exif())


FILES = [
    pytest.param(jpeg_with_everything, "jpg", id="JPEG with EXIF, GPS, XMP, IPTC, comment"),
    pytest.param(png_with_everything, "png", id="PNG with text, XMP and EXIF"),
    pytest.param(lambda: saved(photo(), "WEBP", exif=exif(), xmp=XMP), "jpg", id="WebP"),
    pytest.param(lambda: saved(photo(), "AVIF", exif=exif(), xmp=XMP), "jpg", id="AVIF"),
    pytest.param(lambda: saved(photo(), "HEIF", exif=exif()), "jpg", id="HEIC"),
    pytest.param(lambda: saved(photo(), "TIFF", exif=exif()), "jpg", id="TIFF"),
    pytest.param(lambda: saved(photo(), "GIF", comment=SECRET), "png", id="GIF"),
]


@pytest.mark.parametrize(("make", "form"), FILES)
def test_of_a_picture_only_the_pixels_are_kept(make, form):
    data = make()
    assert has_metadata(data) != []

    cleaned = clean(data)

    assert cleaned.form == form
    assert has_metadata(cleaned.data) == []
    assert SECRET not in cleaned.data
    assert (cleaned.width, cleaned.height) == (400, 300)


@pytest.mark.parametrize(("make", "form"), FILES)
def test_no_size_of_it_says_more(make, form):
    made = list(renditions(clean(make()).data))

    assert [(each[0], each[1], each[2]) for each in made] == [
        (each, width, height)
        for width, height in ((320, 240), (400, 300))
        for each in ("avif", "webp", "jpg")
    ]
    for form_, width, height, data in made:
        assert has_metadata(data) == []
        opened = Image.open(io.BytesIO(data))
        assert (opened.width, opened.height) == (width, height)
        assert opened.format == {"avif": "AVIF", "webp": "WEBP", "jpg": "JPEG"}[form_]


@pytest.mark.parametrize(
    ("orientation", "red"),
    [
        (1, (5, 150)),
        (2, (395, 150)),
        (3, (395, 150)),
        (4, (5, 150)),
        (5, (150, 5)),
        (6, (150, 5)),
        (7, (150, 395)),
        (8, (150, 395)),
    ],
)
def test_it_is_turned_as_the_camera_was_held(orientation, red):
    cleaned = clean(saved(photo(), "JPEG", exif=exif(orientation), quality=95))

    image = Image.open(io.BytesIO(cleaned.data)).convert("RGB")
    assert image.size == ((400, 300) if orientation < 5 else (300, 400))
    r, _, b = image.getpixel(red)
    assert r > 200
    assert b < 60


def test_colours_of_another_space_are_converted():
    swapped = ImageCms.createProfile("LAB")
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert clean(saved(photo(), "PNG", icc_profile=profile)).form == "png"
    lab = ImageCms.ImageCmsProfile(swapped).tobytes()
    assert has_metadata(clean(saved(photo(), "JPEG", icc_profile=lab)).data) == []


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_pixels_is_kept(mode):
    image = photo(mode="RGBA" if mode == "RGBA" else "RGB").convert("L" if mode == "I;16" else mode)
    if mode == "I;16":
        image = image.convert("I;16")

    cleaned = clean(saved(image, "PNG"))

    assert list(renditions(cleaned.data))
    assert (cleaned.width, cleaned.height) == (400, 300)


def test_what_shines_through_stays_and_is_white_where_it_cannot():
    glass = Image.new("RGBA", (400, 300), (0, 0, 0, 0))

    made = {
        form: data
        for form, width, _, data in renditions(clean(saved(glass, "PNG")).data)
        if width == 400
    }

    assert Image.open(io.BytesIO(made["webp"])).convert("RGBA").getpixel((9, 9))[3] == 0
    assert min(Image.open(io.BytesIO(made["jpg"])).getpixel((9, 9))) > 250


def test_a_large_picture_is_made_smaller_and_a_small_one_is_not_enlarged():
    assert clean(saved(photo(4000, 1000), "JPEG")).width == LONG_SIDE
    assert clean(saved(photo(100, 4000), "JPEG")).height == LONG_SIDE
    assert clean(saved(photo(50, 40), "JPEG")).width == 50
    assert widths(50) == (50,)
    assert widths(960) == (320, 640, 960)
    assert widths(2560) == (320, 640, 960, 1280, 1920)


def test_a_clean_picture_is_known_again_without_being_drawn_anew():
    cleaned = clean(jpeg_with_everything())

    assert reopen(cleaned.data) == cleaned


def test_the_stand_in_has_the_pictures_colour():
    red = clean(saved(Image.new("RGB", (200, 100), "#c01010"), "PNG")).colour
    assert red == "#c01010"


def bomb():
    """A PNG that says it is 60,000 by 60,000 pixels, in a few bytes."""

    def chunk(kind, body):
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'/>", id="SVG"),
        pytest.param(b"%PDF-1.7", id="PDF"),
        pytest.param(b"\xff\xd8\xff", id="the beginning of a JPEG"),
        pytest.param(saved(photo(), "JPEG")[:900], id="half a JPEG"),
        pytest.param(saved(photo(), "PNG")[:120], id="half a PNG"),
        pytest.param(saved(photo(), "BMP"), id="a kind that we do not take"),
        pytest.param(bomb(), id="decompression bomb"),
    ],
)
def test_junk_is_refused_in_a_sentence(data):
    with pytest.raises(PictureError, match=r"\.$"):
        clean(data)


@pytest.mark.parametrize(
    ("data", "found"),
    [
        pytest.param(saved(photo(), "JPEG"), [], id="plain JPEG"),
        pytest.param(saved(photo(), "JPEG", progressive=True), [], id="progressive JPEG"),
        pytest.param(saved(photo(), "PNG"), [], id="plain PNG"),
        pytest.param(saved(photo(), "WEBP"), [], id="plain WebP"),
        pytest.param(saved(photo(), "AVIF"), [], id="plain AVIF"),
        pytest.param(saved(photo(), "JPEG") + b"x", ["bytes after the end"], id="JPEG and more"),
        pytest.param(saved(photo(), "PNG") + b"x", ["bytes after the end"], id="PNG and more"),
        pytest.param(saved(photo(), "WEBP") + b"x", ["bytes after the end"], id="WebP and more"),
        pytest.param(saved(photo(), "JPEG", exif=exif()), ["APP1 Exif"], id="JPEG, EXIF"),
        pytest.param(saved(photo(), "JPEG", comment=b"c"), ["comment"], id="JPEG, comment"),
        pytest.param(saved(photo(), "PNG", exif=exif()), ["PNG eXIf"], id="PNG, EXIF"),
        pytest.param(saved(photo(), "WEBP", exif=exif()), ["WebP EXIF"], id="WebP, EXIF"),
        pytest.param(saved(photo(), "WEBP", xmp=XMP), ["WebP XMP"], id="WebP, XMP"),
        pytest.param(saved(photo(), "AVIF", exif=exif()), ["item Exif"], id="AVIF, EXIF"),
        pytest.param(saved(photo(), "AVIF", xmp=XMP), ["item mime"], id="AVIF, XMP"),
        pytest.param(saved(photo(), "JPEG")[:-2], ["broken file"], id="JPEG cut short"),
        pytest.param(b"GIF89a", ["unknown format"], id="unknown"),
    ],
)
def test_the_checker_sees_what_a_file_says(data, found):
    assert has_metadata(data) == found


def test_photographs_from_the_world_come_out_clean(test_data):
    """Real cameras' notes, orientations and places; agencies' pictures."""
    files = [
        path
        for path in sorted((test_data / "images").rglob("*"))
        if path.suffix.lower() in (".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff")
    ]
    told = 0
    for path in files:
        data = path.read_bytes()
        told += bool(has_metadata(data))
        assert has_metadata(clean(data).data) == [], path.name
    assert told > 25


@pytest.mark.parametrize("number", range(1, 9))
def test_real_cameras_pictures_stand_upright(test_data, number):
    folder = test_data / "images" / "exif"
    landscape = clean((folder / f"landscape_{number}.jpg").read_bytes())
    portrait = clean((folder / f"portrait_{number}.jpg").read_bytes())

    assert landscape.width > landscape.height
    assert portrait.width < portrait.height
