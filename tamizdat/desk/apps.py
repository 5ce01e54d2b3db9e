from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "tamizdat.desk"
    label = "desk"
    verbose_name = "Desk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tamizdat.desk import receivers

        receivers.connect()
