"""The mail catcher of the demo: an SMTP server that delivers to a page."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from reports.demo.mail import Letterbox, catcher, pages_of
from reports.demo.pages import LOOPBACK, serve


class Command(BaseCommand):
    help = "Catches the demo's mails and shows them on a page, both on the loopback address, until Ctrl-C."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--smtp-port", type=int, default=8125, help="8125 by default")
        parser.add_argument("--http-port", type=int, default=8126, help="8126 by default")

    def handle(self, *args: Any, smtp_port: int, http_port: int, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The mail catcher belongs to the demo (REMPART_DEMO=1).")
        letterbox = Letterbox(settings.STATE_FOLDER / "demo_mail")
        smtp = catcher(letterbox, smtp_port)
        smtp.start()
        self.stdout.write(f"Mails to port {smtp_port} are on http://{LOOPBACK}:{http_port}/")
        try:
            serve(pages_of(letterbox), http_port).serve_forever()
        except KeyboardInterrupt:
            smtp.stop()
