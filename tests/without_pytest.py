"""Django outside of a test run, for programs of tests and measurements that need no database."""

import os
import shutil
import tempfile
from pathlib import Path

HERE = Path(__file__).parent


def begin() -> None:
    """Make this process one of a newsroom that has settings and nothing else."""
    folder = Path(tempfile.mkdtemp(prefix="tamizdat-test-"))
    shutil.copy(HERE / "newsroom/tamizdat.toml", folder)
    os.environ["TAMIZDAT_NEWSROOM"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "tamizdat.site.settings"
    import django

    django.setup()
    shutil.rmtree(folder)
