"""An administrator at the desk, for whom no second step is asked."""

from dataclasses import replace


def sign_in_superuser(client, settings):
    """Sign an administrator in, and return the browser. The newsroom becomes a demonstration."""
    from django.contrib.auth.models import User

    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "whitenoise" not in name]
    settings.NEWSROOM = replace(settings.NEWSROOM, demonstration=True)
    client.force_login(User.objects.create_superuser("eva", "eva@example.org", "x" * 12))
    return client
