"""Credentials lie encrypted, open with every key of the settings, move to the newest, and are quoted nowhere."""

import logging
import subprocess
import sys
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.management import CommandError, call_command
from django_tenants.utils import schema_context

from agency import checks, vault
from agency.models import Client
from clients.models import InboundAddress, Source
from tests.conftest import NOW, MakePerson

OLD, NEW = "ancienne clé de trente-deux signes", "nouvelle clé de trente-deux signes"
SECRETS = {"token": "tok-0123456789", "session": {"jwt": "eyJhbGciOi"}}


def rotate(*options: str) -> str:
    out = StringIO()
    call_command("rotate_vault", *options, stdout=out)
    return out.getvalue()


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def test_what_is_sealed_is_unreadable_and_opens_with_every_key(settings):
    settings.VAULT_KEYS = [OLD]
    sealed = vault.seal(SECRETS)
    assert "tok-0123456789" not in sealed
    settings.VAULT_KEYS = [NEW, OLD]
    assert vault.unseal(sealed) == SECRETS
    settings.VAULT_KEYS = [NEW]
    with pytest.raises(vault.Unsealable):
        vault.unseal(sealed)


def test_what_was_sealed_before_there_were_keys_still_opens(settings):
    settings.VAULT_KEYS = []
    sealed = vault.seal(SECRETS)
    settings.VAULT_KEYS = [NEW]
    assert vault.unseal(sealed) == SECRETS


def test_an_altered_text_does_not_open():
    sealed = vault.seal(SECRETS)
    with pytest.raises(vault.Unsealable):
        vault.unseal(sealed[:-4] + ("aaaa" if sealed[-4:] != "aaaa" else "bbbb"))


def test_rotation_reaches_every_client_and_the_old_key_can_go(
    settings, aldane: Client, tramontel: Client, person: MakePerson
):
    settings.VAULT_KEYS = [OLD]
    for client in (aldane, tramontel):
        with schema_context(client.schema_name):
            source = Source.objects.create(name="Boîte", kind="mailbox", sealed=vault.seal(SECRETS))
            InboundAddress.objects.create(
                source=source, digest=client.schema_name, sealed=vault.seal({"signing": "s"}), made_at=NOW
            )
    TOTP.activate(person("lead", aldane), generate_totp_secret())
    settings.VAULT_KEYS = [NEW, OLD]
    assert "maison_aldane: 2 to seal anew" in rotate("--dry-run")
    assert "second factors: 1 sealed anew" in rotate()
    settings.VAULT_KEYS = [NEW]
    for client in (aldane, tramontel):
        with schema_context(client.schema_name):
            assert vault.unseal(Source.objects.get().sealed) == SECRETS
            assert vault.unseal(InboundAddress.objects.get().sealed) == {"signing": "s"}
    assert vault.unseal_text(Authenticator.objects.get().data["secret"])


def test_a_rehearsal_writes_nothing_and_a_lost_key_is_said(settings, aldane: Client):
    settings.VAULT_KEYS = [OLD]
    source = Source.objects.create(name="Boîte", kind="mailbox", sealed=vault.seal(SECRETS))
    settings.VAULT_KEYS = [NEW, OLD]
    rotate("--dry-run")
    assert Source.objects.get().sealed == source.sealed
    settings.VAULT_KEYS = [NEW]
    with pytest.raises(CommandError, match="Keep the old key"):
        rotate()
    assert Source.objects.get().sealed == source.sealed


def test_second_factors_lie_encrypted_and_still_open(settings, aldane: Client, person: MakePerson):
    secret, somebody = generate_totp_secret(), person("lead", aldane)
    factor = TOTP.activate(somebody, secret)
    kept = Authenticator.objects.get(user=somebody).data["secret"]
    assert secret not in kept and factor.validate_code(code_of(secret))
    codes = RecoveryCodes.activate(somebody)
    assert len(codes.generate_codes()) == 10
    assert codes.instance.data["seed"].startswith("gAAAA")


def test_a_second_factor_of_before_the_vault_still_opens_and_is_sealed(aldane: Client, person: MakePerson):
    secret, somebody = generate_totp_secret(), person("lead", aldane)
    Authenticator.objects.create(user=somebody, type=Authenticator.Type.TOTP, data={"secret": secret})
    assert TOTP(Authenticator.objects.get()).validate_code(code_of(secret))
    rotate()
    assert secret not in Authenticator.objects.get().data["secret"]
    assert vault.unseal_text(Authenticator.objects.get().data["secret"]) == secret


@pytest.mark.parametrize(
    ("said", "quoted"),
    [
        ("GET https://h.test/x?access_token=abc&q=panne", "GET https://h.test/x?access_token=•••&q=panne"),
        ("https://h.test/?api_key=k-1#f", "https://h.test/?api_key=•••#f"),
        ("https://lou:mot@h.test/fil", "https://•••@h.test/fil"),
        (
            "https://api.telegram.org/bot123456:AAE-abcdefghijklmnopqrstuv/getUpdates",
            "https://api.telegram.org/bot•••/getUpdates",
        ),
        ("https://h.test/?keyword=panne&monkey=3&author=lou", "https://h.test/?keyword=panne&monkey=•••&author=lou"),
        ("Not Found: /api/inbound/aZ_9-aZ_9-aZ_9/", "Not Found: /api/inbound/•••/"),
        ("rien à cacher : 3=4", "rien à cacher : 3=4"),
    ],
)
def test_addresses_are_quoted_without_what_opens_doors(said, quoted):
    assert vault.hide_in_addresses(said) == quoted


def test_a_log_line_and_its_exception_hide_it_too():
    out = StringIO()
    handler = logging.StreamHandler(out)
    handler.addFilter(vault.DiscreetFilter())
    log = logging.getLogger("rempart.test.discreet")
    log.addHandler(handler)
    log.propagate = False
    try:
        raise ValueError("no answer from https://h.test/?token=abc")
    except ValueError:
        log.exception("reading %s broke", "https://h.test/?token=abc")
    assert "abc" not in out.getvalue() and "ValueError" in out.getvalue() and "?token=•••" in out.getvalue()


def test_a_line_whose_values_do_not_fit_breaks_nobody():
    out = StringIO()
    handler = logging.StreamHandler(out)
    handler.addFilter(vault.DiscreetFilter())
    handler.handle(logging.LogRecord("a", logging.INFO, "", 1, "%d of %s", ("https://h.test/?token=abc",), None))
    assert "?token=•••" in out.getvalue()


def test_the_handlers_that_a_worker_makes_are_discreet_too():
    """In a process of its own, where Celery sets up its logging as a worker does."""
    program = (
        "import django, logging; django.setup()\n"
        "from agency.config.celery import app\n"
        "from celery.utils.log import get_task_logger\n"
        "app.log.setup(loglevel='INFO')\n"
        "for log in (logging.getLogger('celery.worker'), get_task_logger('rempart')):\n"
        "    log.error('said by %s', 'https://h.test/?token=abc')\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert ran.stderr.count("?token=•••") == 2 and "abc" not in ran.stderr


def test_the_handlers_of_the_house_are_discreet(settings):
    assert all("discreet" in one["filters"] for one in settings.LOGGING["handlers"].values())


@pytest.mark.parametrize(("keys", "found"), [([], ["rempart.E003"]), (["court"], ["rempart.E003"]), ([NEW], [])])
def test_outside_the_demo_credentials_have_a_key_of_their_own(settings, keys, found):
    settings.DEMO, settings.VAULT_KEYS = False, keys
    assert [one.id for one in checks.credentials_have_keys_of_their_own(None)] == found
    settings.DEMO = True
    assert checks.credentials_have_keys_of_their_own(None) == []
