"""Checks that French is complete: every sentence of the source is in the catalogue, translated, none fuzzy.

English needs no catalogue: it is what the source says. Needs gettext's xgettext; without it, says so and checks what
stands in the catalogue alone.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[2]
APPS = ("agency", "clients", "incidents", "reports")
CATALOGUE = Path("agency/locale/fr/LC_MESSAGES/django.po")


def gettext_noop(sentence: str) -> str:
    """Marks a sentence for the catalogue; Django's own of that name wants settings."""
    return sentence


# Django's and allauth's own sentences that French says badly around our words ("Modification de élément"). Named here
# they are in our catalogue, which is asked before theirs.
SAID_BETTER = (
    gettext_noop("Add %s"),
    gettext_noop("Add %(name)s"),
    gettext_noop("Change %s"),
    gettext_noop("View %s"),
    gettext_noop("%(app)s administration"),
    gettext_noop("View selected %(model)s"),
    gettext_noop("Breadcrumbs"),
    gettext_noop("Forgot your password?"),
)
_NARROW = re.compile(r" (?:[:;!?€»]|%(?![(sd]))|« ")


def extract(folder: Path) -> polib.POFile:
    """The catalogue as it would be after `makemessages`, made in a copy so that the checkout stays as it is."""
    for app in APPS:
        left_out = shutil.ignore_patterns("locale", "migrations", "static", "__pycache__")
        shutil.copytree(ROOT / app, folder / app, ignore=left_out)
    # One catalogue for the whole house: makemessages writes what has no locale folder of its own into ./locale.
    target = folder / "locale/fr/LC_MESSAGES/django.po"
    target.parent.mkdir(parents=True)
    if (ROOT / CATALOGUE).exists():
        shutil.copy(ROOT / CATALOGUE, target)
    command = [sys.executable, "-m", "django", "makemessages", "--locale", "fr", "--no-location", "--no-wrap"]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "", "PYTHONPATH": str(folder)}
    subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    return polib.pofile(str(target), wrapwidth=0)


def problems(catalogue: polib.POFile) -> list[str]:
    """What is missing, fuzzy or written with the wrong spaces, one line each."""
    found = []
    for entry in catalogue:
        if entry.obsolete:
            continue
        if not entry.translated():
            found.append(f"{'fuzzy' if entry.fuzzy else 'missing'}: {entry.msgid!r}")
        elif any(_NARROW.search(text) for text in (entry.msgstr, *entry.msgstr_plural.values())):
            found.append(
                f"typography (U+00A0 before : ; ! ? % € and inside « »): {entry.msgstr or entry.msgstr_plural!r}"
            )
    return found


def write(catalogue: polib.POFile) -> None:
    """Keeps the catalogue, sorted, without dates and obsolete entries: a change shows as its own lines only."""
    for entry in catalogue.obsolete_entries():
        catalogue.remove(entry)
    for entry in catalogue.fuzzy_entries():  # a guess from a like sentence is worse than none
        entry.msgstr, entry.flags = "", [flag for flag in entry.flags if flag != "fuzzy"]
        entry.msgstr_plural = dict.fromkeys(entry.msgstr_plural, "")
    catalogue.metadata = {
        "Language": "fr",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n > 1);",
    }
    catalogue.sort(key=lambda entry: (entry.msgid.casefold(), entry.msgctxt or ""))
    catalogue.header = ""
    catalogue.save(str(ROOT / CATALOGUE))


def main(arguments: Sequence[str]) -> int:
    """`--write` brings the catalogue up to date with the source; without it nothing is written. 1 when French lacks."""
    if shutil.which("xgettext") is None:
        print("gettext is not installed: only the catalogue itself is checked, not whether the source outgrew it.")
        catalogue = polib.pofile(str(ROOT / CATALOGUE))
    else:
        with tempfile.TemporaryDirectory(prefix="rempart-translations-") as folder:
            catalogue = extract(Path(folder))
        if "--write" in arguments:
            write(catalogue)
    found = problems(catalogue)
    print("\n".join(found) if found else f"{len(catalogue)} sentences, all in French.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
