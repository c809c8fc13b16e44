from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IncidentsConfig(AppConfig):
    name = "incidents"
    verbose_name = _("Under fire: from the signal to the closing")

    def ready(self) -> None:
        """Says to those below, who do not know us, what is hidden from whom."""
        from clients.selectors import hidden
        from incidents.selectors import gate

        hidden.told_by(gate.hidden_from)
