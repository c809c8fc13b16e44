"""`manage.py evaluate_reading`: what a model is worth on a labelled file it has not seen."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clients.listening.reading import artefact, evaluation, training
from clients.listening.reading.linear import LinearClassifier
from clients.listening.reading.reader import SHIPPED


class Command(BaseCommand):
    """Prints macro-F1, accuracy, coverage, accuracy on what was answered, calibration error and a line per class."""

    help = "Score a reading model on a labelled CSV file (columns text,label)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the task, the test file and the model's folder."""
        parser.add_argument("--task", choices=sorted(training.CLASSES), required=True)
        parser.add_argument("--test", type=Path, required=True, metavar="FILE")
        parser.add_argument("--model", type=Path, default=SHIPPED, metavar="DIR", help="default: the shipped models")
        parser.add_argument("--text-column", default="text")
        parser.add_argument("--label-column", default="label")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, read, print."""
        columns = {"text_column": options["text_column"], "label_column": options["label_column"]}
        try:
            model = LinearClassifier(artefact.load(options["model"], options["task"]))
            test = training.read_labelled(options["test"], options["task"], **columns)
        except (artefact.WrongArtefact, training.TrainingSetError) as error:
            raise CommandError(str(error)) from error
        scores = evaluation.evaluate(model, [e.text for e in test], [e.label for e in test])
        self.stdout.write(f"{model.version} on {options['test']}\n{scores.table()}")
