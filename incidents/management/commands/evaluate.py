"""`manage.py evaluate TASK`: the product answers a file it has not seen, so that anyone can score it."""

import time
from argparse import ArgumentParser
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from clients.listening.evaluation.protocol import Options, Task, WrongFile, write_rows

TASKS = {
    "surge": "incidents.detection.tasks.surge",
    "replay": "incidents.detection.tasks.replay",
    "read": "clients.listening.evaluation.read",
    "sentiment": "clients.listening.evaluation.sentiment",
    "attack": "incidents.detection.tasks.attack",
    "accounts": "clients.listening.evaluation.accounts",
    "exchange": "clients.listening.evaluation.exchange",
    "pack": "incidents.detection.tasks.pack",
    "cascade": "incidents.detection.tasks.cascade",
}


class Command(BaseCommand):
    """Trains where the task trains, answers the test file, writes a line a row; `--score` compares with its labels."""

    help = "Answer a test file for a task, and score the answers. Nothing of the test file is learnt from."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the task, its files and what a task may be asked besides."""
        parser.add_argument("task", choices=sorted(TASKS))
        parser.add_argument("--train", type=Path, nargs="*", default=[], metavar="FILE")
        parser.add_argument("--test", type=Path, required=True, metavar="FILE")
        parser.add_argument("--out", type=Path, required=True, metavar="FILE.csv")
        parser.add_argument("--per-month", type=float, metavar="F", help="surge: false alarms accepted in a month")
        parser.add_argument("--window", type=float, default=60.0, metavar="SECONDS", help="pack: between two shares")
        parser.add_argument("--common", type=int, default=2, metavar="N", help="pack: objects in common")
        parser.add_argument("--score", action="store_true", help="print figures, with 95 %% intervals, and the time")

    def handle(self, *args: Any, **options: Any) -> None:
        """Answer, write, and score when asked."""
        task = cast(Task, import_module(TASKS[options["task"]]))
        asked = Options(options["per_month"], options["window"], options["common"], settings.MEANING)
        try:
            began = time.process_time()
            answers = write_rows(options["out"], task.COLUMNS, task.answer(options["train"], options["test"], asked))
            spent = time.process_time() - began
            self.stdout.write(f"{len(answers)} lines in {options['out']}")
            if options["score"]:
                for figure in task.score(options["test"], answers, asked):
                    self.stdout.write(str(figure))
                each = 1e6 * spent / max(len(answers), 1)
                self.stdout.write(f"{spent:.1f} s of processor, training included: {each:.0f} µs a line")
        except (WrongFile, OSError) as error:
            raise CommandError(str(error)) from error
