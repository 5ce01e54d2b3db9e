from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "tamizdat.site"
    label = "tamizdat_site"
    verbose_name = "Tamizdat"
    default_auto_field = "django.db.models.BigAutoField"
