"""`manage.py train_reading`: make the sentiment, intent and attack models from labelled CSV files."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from agency import clock
from clients.listening.reading import again, artefact, embeddings, meaning, meaning_training, training

SEED_LICENCE = "hand-written for Rempart, the project’s licence"


class Command(BaseCommand):
    """One model per task named; a task without a file is trained on the hand-written examples alone when asked for."""

    help = "Train the reading models from labelled CSV files (columns text,label) and the hand-written examples."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the files, their licences and where the arrays go."""
        parser.add_argument(
            "--sentiment", nargs="*", type=Path, metavar="FILE", help="labelled negative/neutral/positive"
        )
        parser.add_argument("--intent", nargs="*", type=Path, metavar="FILE", help="labelled by intent")
        parser.add_argument("--attack", nargs="*", type=Path, metavar="FILE", help="labelled yes/no")
        parser.add_argument(
            "--meaning",
            nargs="*",
            choices=meaning.ENCODERS,
            help="the tier that reads by meaning, from the hand-written examples alone, for these encoders",
        )
        parser.add_argument(
            "--out", type=Path, required=True, metavar="DIR", help="where NAME.npz and NAME.json are written"
        )
        parser.add_argument("--licence", action="append", default=[], metavar="FILE=WORDS", help="printed on the card")
        parser.add_argument("--text-column", default="text")
        parser.add_argument("--label-column", default="label")
        parser.add_argument("--without-seeds", action="store_true", help="leave the hand-written examples out")

    def handle(self, *args: Any, **options: Any) -> None:
        """Train each task asked for, print its scores, write its artefact."""
        tasks = [task for task in training.CLASSES if options[task] is not None]
        if not tasks and not options["meaning"]:
            raise CommandError("Nothing to train: give --sentiment, --intent, --attack or --meaning.")
        licences = dict(pair.partition("=")[::2] for pair in options["licence"])
        licences |= {path.name: SEED_LICENCE for path in training.SEEDS.glob("*.csv")}
        for task in tasks:
            try:
                made, scores = training.train(
                    task, self._examples(task, options), licences=licences, today=clock.now().date()
                )
            except training.TrainingSetError as error:
                raise CommandError(str(error)) from error
            artefact.save(made, options["out"])
            self.stdout.write(f"{made.version} → {options['out']}\n{scores.table()}")
        for encoder in options["meaning"] or ():
            self._train_meaning(encoder, options["out"])

    def _train_meaning(self, encoder: embeddings.Encoder, out: Path) -> None:
        examples = {axis: training.seeds(axis) for axis in again.AXES}
        try:
            made, scores = meaning_training.train(
                encoder, embeddings.encode, examples, licence=SEED_LICENCE, today=clock.now().date()
            )
        except training.TrainingSetError as error:
            raise CommandError(str(error)) from error
        artefact.save(made, out)
        self.stdout.write(f"{made.version} → {out}")
        for axis, found in scores.items():
            share = made.reading["axes"][axis]["share"]
            self.stdout.write(f"{axis}, share of the vectors {share}\n{found.table()}")

    def _examples(self, task: str, options: dict[str, Any]) -> list[training.Example]:
        columns = {"text_column": options["text_column"], "label_column": options["label_column"]}
        found = [] if options["without_seeds"] else training.seeds(task)
        for path in options[task]:
            found += training.read_labelled(path, task, **columns)
        return found
