"""Dockerfile, compose.yaml and .ci/run cannot be run here: they are read, and held to what a deployment needs."""

import importlib.util
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from pytest_django import Settings

from agency.config import env, up
from agency.config.servers.postgres import EXTENSIONS
from clients.tasks import LISTENING, MEANING

ROOT = Path(__file__).resolve().parents[2]
INSTRUCTIONS = {"FROM", "ENV", "WORKDIR", "ARG", "COPY", "RUN", "USER", "VOLUME", "EXPOSE", "HEALTHCHECK", "CMD"}


def dockerfile() -> list[tuple[str, str]]:
    """(instruction, arguments) of each line, continuations joined and comments dropped."""
    text = re.sub(r"^\s*#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE)
    lines = re.sub(r"\\\n\s*", " ", text).splitlines()
    return [(name, rest.strip()) for name, _, rest in (line.partition(" ") for line in lines if line.strip())]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
    return document


def test_the_dockerfile_has_only_known_instructions_and_begins_with_its_base() -> None:
    names = [name for name, _ in dockerfile()]
    assert names[0] == "FROM"
    assert set(names) == INSTRUCTIONS


def test_what_is_copied_into_the_image_exists() -> None:
    for name, rest in dockerfile():
        for source in rest.split()[:-1] if name == "COPY" else []:
            assert (ROOT / source).exists(), source


def test_the_image_installs_by_hash_and_runs_as_nobody_special() -> None:
    instructions = dockerfile()
    assert any("--require-hashes" in rest for name, rest in instructions if name == "RUN")
    user = instructions.index(("USER", "rempart"))
    assert user > max(at for at, (name, _) in enumerate(instructions) if name in {"RUN", "COPY"})


def test_the_commands_of_the_image_name_modules_that_exist() -> None:
    for rest in (rest for name, rest in dockerfile() if name in {"CMD", "HEALTHCHECK"}):
        command = json.loads(rest[rest.index("[") :])
        assert command[:2] == ["python", "-m"]
        assert importlib.util.find_spec(command[2]) is not None


def test_every_service_is_watched_and_comes_back(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert set(services) == {"web", "worker", "listener", "meaning", "beat", "migrations", "postgres", "valkey"}
    for name in set(services) - {"migrations"}:
        assert services[name]["restart"] == "unless-stopped"
        assert name == "web" or services[name]["healthcheck"]["test"]  # the image brings web's


def test_services_wait_for_healthy_servers_and_for_the_migrations(compose: dict[str, Any]) -> None:
    for name in ("web", "worker", "listener", "meaning", "beat"):
        waits = {one: how["condition"] for one, how in compose["services"][name]["depends_on"].items()}
        assert waits == {
            "migrations": "service_completed_successfully",
            "postgres": "service_healthy",
            "valkey": "service_healthy",
        }


def test_the_sources_have_a_worker_of_their_own_with_as_many_threads_as_the_settings_say(
    compose: dict[str, Any], settings: Settings
) -> None:
    places = ["--concurrency", str(settings.LISTENING_THREADS)]
    for command in (compose["services"]["listener"]["command"], up.LISTENER):
        at = command.index("--concurrency")
        assert command[at : at + 2] == places
        assert {"threads", LISTENING} <= set(command)
    assert LISTENING not in compose["services"]["worker"]["command"]


def test_reading_by_meaning_has_one_process_and_is_asked_for(compose: dict[str, Any]) -> None:
    service = compose["services"]["meaning"]
    for command in (service["command"], up.MEANING):
        at = command.index("--concurrency")
        assert command[at + 1] == "1" and MEANING in command and "threads" not in command
    assert service["profiles"] == ["meaning"] and service["build"]["args"] == {"MEANING": "${REMPART_MEANING:-0}"}
    assert not any(MEANING in compose["services"][name]["command"] for name in ("worker", "listener"))


def test_what_must_be_kept_lies_in_named_volumes(compose: dict[str, Any]) -> None:
    used = {entry.split(":")[0] for one in compose["services"].values() for entry in one.get("volumes", [])}
    assert used == set(compose["volumes"]) == {"database", "broker", "media"}


def test_no_secret_has_a_default(compose: dict[str, Any]) -> None:
    variables = re.findall(r"(?<!\$)\$\{(\w+)(:\?|:-\w*)?", (ROOT / "compose.yaml").read_text())
    defaults = {name: said.removeprefix(":-") for name, said in variables if said != ":?"}
    assert {name for name, default in defaults.items() if default} == {"REMPART_MEANING", "REMPART_REPLIES_SIGN_IN"}
    assert defaults["REMPART_REPLIES_SIGN_IN"] == "password"  # the word: how one signs in
    assert {"REMPART_SECRET_KEY", "POSTGRES_PASSWORD", "REMPART_DATABASE_PASSWORD"} <= {name for name, _ in variables}
    assert not {"REMPART_SECRET_KEY", "POSTGRES_PASSWORD", "REMPART_DATABASE_PASSWORD"} & set(defaults)


def test_the_broker_of_the_deployment_never_evicts_and_keeps_its_tasks(compose: dict[str, Any]) -> None:
    command = " ".join(compose["services"]["valkey"]["command"])
    assert "--maxmemory-policy noeviction" in command
    assert "--appendonly yes" in command


def test_the_database_of_the_deployment_has_the_same_role_and_extensions(compose: dict[str, Any]) -> None:
    first_start = compose["configs"]["first-start"]["content"]
    assert "SUPERUSER" not in first_start
    assert set(re.findall(r"CREATE EXTENSION (\w+)", first_start)) == set(EXTENSIONS)


def test_the_settings_understand_the_urls_of_the_deployment(
    compose: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    url = compose["services"]["web"]["environment"]["DATABASE_URL"]
    monkeypatch.setenv("DATABASE_URL", re.sub(r"\$\{[^}]*\}", "secret", url))
    found = env.database("DATABASE_URL")
    assert (found["HOST"], found["PORT"], found["USER"], found["NAME"]) == ("postgres", "5432", "rempart", "rempart")


def test_the_run_of_the_ci_is_valid_bash_and_ends_in_the_readmes_command() -> None:
    script = ROOT / ".ci/run"
    subprocess.run(["bash", "-n", script], check=True)
    assert script.stat().st_mode & 0o111
    assert script.read_text().strip().endswith("exec python3 manage.py test")


def test_the_image_leaves_the_state_and_the_history_out() -> None:
    left_out = (ROOT / ".dockerignore").read_text().split()
    assert {".git", ".venv*", ".rempart"} <= set(left_out)
