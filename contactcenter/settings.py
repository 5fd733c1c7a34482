"""One settings file; every difference between places is an environment variable, each told in `.env.example`.

Any name may also be given as `NAME_FILE`, the path of a file that holds the value, as Docker and systemd do.
"""

from ipaddress import ip_network
from pathlib import Path

import environ
from django.templatetags.static import static

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.FileAwareEnv()
env.read_env(BASE_DIR / ".env")

# --- Place ------------------------------------------------------------------------------------------------------------

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
PORT = env.int("PORT", default=8000)
PUBLIC_BASE_URL = env.str("PUBLIC_BASE_URL").rstrip("/")
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var")))
SIMULATOR_URL = env.str("SIMULATOR_URL", default="")

# --- Application ------------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.forms",
    "contactcenter",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "telephony",
    "agents",
    "contacts",
    "calls",
    "compliance",
    "dialing",
    "conferences",
    "queues",
    "recordings",
    "messaging",
    "ivr",
    "outbound",
    "crm",
    "retention",
    "dashboard",
]

MIDDLEWARE = [
    "telephony.middleware.WellFormedRequests",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "contactcenter.zones.persons_time_zone",
    "contactcenter.policy.content_security",
    "compliance.middleware.HoldsAreTold",
]

ROOT_URLCONF = "contactcenter.urls"
WSGI_APPLICATION = "contactcenter.wsgi.application"
APPEND_SLASH = False  # a redirect is followed without the form fields
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# --- Database and broker ----------------------------------------------------------------------------------------------

DATABASES = {"default": env.db("DATABASE_URL")}
_pool_size = env.int("DATABASE_POOL_SIZE", default=0)  # wsgi.py asks for a pool; a forked worker cannot share one
DATABASES["default"] |= {
    "CONN_MAX_AGE": 0 if _pool_size else 600,
    "CONN_HEALTH_CHECKS": not _pool_size,
    "OPTIONS": DATABASES["default"].get("OPTIONS", {})  # a socket's folder arrives as the option `host`
    | {
        "connect_timeout": 1,  # a caller waits: better the emergency text than silence
        "tcp_user_timeout": 3000,  # milliseconds; the same for a host that falls silent in the middle
        "application_name": "contactcenter",
        **({"pool": {"min_size": 1, "max_size": _pool_size, "timeout": 0.8}} if _pool_size else {}),
    },
}

# The streams' one connection that listens. A pooler in transaction mode would swallow what it listens for.
LIVE_DATABASE_URL = env.str("LIVE_DATABASE_URL", default="") or env.str("DATABASE_URL")

CELERY_BROKER_URL = env.str("CELERY_BROKER_URL")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # A killed worker's tasks come back within this many seconds; countdowns stay shorter, long schedules are rows.
    "visibility_timeout": 30,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 1,
    # Who announces a task tries twice at once and gives up: a webhook's thread must not wait for a broker that is away.
    "max_retries": 1,
    "interval_start": 0,
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_PUBLISH_RETRY = False  # the sweeps pick up what could not be announced
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
# What moves media has workers of its own: nobody who is rung waits for it.
CELERY_TASK_ROUTES = {
    "ivr.tasks.ask_source": {"queue": "look-ups"},  # waits for computers of others while callers wait for it
    "ivr.tasks.replay": {"queue": "media"},
    "messaging.tasks.fetch": {"queue": "media"},
    "recordings.tasks.work": {"queue": "media"},
    "recordings.tasks.tidy_spool": {"queue": "media"},
    "recordings.tasks.purge": {"queue": "media"},
    "crm.tasks.deliver": {"queue": "events"},  # waits for addresses of others
    "retention.tasks.carry_out": {"queue": "media"},
    "retention.tasks.erase": {"queue": "media"},
    "retention.tasks.compare": {"queue": "media"},
}
_each_minute = {"schedule": 60, "options": {"expires": 60}}  # what no worker has begun by then, the next one does
_each_heartbeat = {"schedule": 10, "options": {"expires": 10}}
_each_hour = {"schedule": 3600, "options": {"expires": 3600}}
CELERY_BEAT_SCHEDULE = {
    "sweep-agents": {"task": "agents.tasks.sweep"} | _each_heartbeat,
    "sweep-conferences": {"task": "conferences.tasks.sweep"} | _each_heartbeat,
    "keep-time-of-queues": {"task": "queues.tasks.keep_time", "schedule": 5, "options": {"expires": 5}},
    "sweep-queues": {"task": "queues.tasks.sweep"} | _each_minute,
    "sweep-calls": {"task": "calls.tasks.sweep"} | _each_minute,
    "sweep-recorders": {"task": "recordings.tasks.sweep_recorders"} | _each_heartbeat,
    "sweep-recordings": {"task": "recordings.tasks.sweep"} | _each_minute,
    "sweep-texts": {"task": "messaging.tasks.sweep"} | _each_minute,
    "catch-up-with-texts": {"task": "messaging.tasks.catch_up", "schedule": 600, "options": {"expires": 600}},
    "tidy-spool": {"task": "recordings.tasks.tidy_spool"} | _each_hour,
    "purge-recordings": {"task": "recordings.tasks.purge"} | _each_minute,
    "count-callers": {"task": "ivr.tasks.count_callers", "schedule": 120, "options": {"expires": 120}},
    "sweep-replays": {"task": "ivr.tasks.sweep_replays"} | _each_minute,
    "tidy-replays": {"task": "ivr.tasks.tidy_replays"} | _each_hour,
    "remember-emergencies": {"task": "ivr.tasks.remember_emergencies"} | _each_minute,
    "remind-of-closures": {"task": "ivr.tasks.remind_of_closures"} | _each_minute,
    "synchronize-numbers": {"task": "telephony.tasks.synchronize_numbers"} | _each_hour,
    "complete-events": {"task": "crm.tasks.complete", "schedule": 5, "options": {"expires": 5}},
    "deliver-events": {"task": "crm.tasks.deliver", "schedule": 5, "options": {"expires": 5}},
    "sweep-subscriptions": {"task": "crm.tasks.sweep"} | _each_minute,
    "number-events": {"task": "crm.tasks.number", "schedule": 5, "options": {"expires": 5}},
    "sweep-releases": {"task": "ivr.tasks.sweep_releases"} | _each_heartbeat,
    "work-on-orders": {"task": "outbound.tasks.work"} | _each_heartbeat,
    "ask-prices-of-calls": {"task": "dialing.tasks.ask_prices"} | _each_minute,
    "tidy-orders": {"task": "outbound.tasks.tidy"} | _each_hour,
    "tidy-attempts": {"task": "dialing.tasks.tidy"} | _each_hour,
    "keep-retention-rules": {"task": "retention.tasks.keep"} | _each_hour,
    "begin-comparison": {"task": "retention.tasks.begin_comparison"} | _each_hour,
    "sweep-retention": {"task": "retention.tasks.sweep"} | _each_minute,
    "forget-answers": {"task": "crm.tasks.forget_answers"} | _each_hour,
}

# --- Twilio -----------------------------------------------------------------------------------------------------------

TWILIO_ACCOUNT_SID = env.str("TWILIO_ACCOUNT_SID", default="")
TWILIO_AUTH_TOKEN = env.str("TWILIO_AUTH_TOKEN", default="")
TWILIO_AUTH_TOKEN_SECONDARY = env.str("TWILIO_AUTH_TOKEN_SECONDARY", default="")
TWILIO_WEBHOOK_KEYS = env.dict("TWILIO_WEBHOOK_KEYS", default={})
TWILIO_API_KEY = env.str("TWILIO_API_KEY", default="")
TWILIO_API_SECRET = env.str("TWILIO_API_SECRET", default="")
TWILIO_TOKEN_MINUTES = env.int("TWILIO_TOKEN_MINUTES", default=10)
TWILIO_API_BASE_URL = env.str("TWILIO_API_BASE_URL", default="").rstrip("/")
TWILIO_EDGE = env.str("TWILIO_EDGE", default="")
TWILIO_REGION = env.str("TWILIO_REGION", default="")
TWILIO_CALLER_ID = env.str("TWILIO_CALLER_ID", default="")
TWILIO_CALLS_PER_SECOND = env.float("TWILIO_CALLS_PER_SECOND", default=1.0)
TWILIO_CONCURRENCY = env.int("TWILIO_CONCURRENCY", default=20)
TWILIO_DELIVERY_DAYS = env.int("TWILIO_DELIVERY_DAYS", default=14)
DEFAULT_COUNTRY = env.str("DEFAULT_COUNTRY", default="US")

# --- Conversations ----------------------------------------------------------------------------------------------------

REJOIN_SECONDS = env.int("REJOIN_SECONDS", default=30)
HOLD_MUSIC_URL = env.str("HOLD_MUSIC_URL", default="")
ONE_MOMENT_TEXT = env.str("ONE_MOMENT_TEXT", default="One moment please. We are connecting you again.")
SUPERVISION_IS_TOLD = env.bool("SUPERVISION_IS_TOLD", default=True)

# --- Texts ------------------------------------------------------------------------------------------------------------

TEXT_PRICE_PER_SEGMENT = env.str("TEXT_PRICE_PER_SEGMENT", default="")
TEXT_CURRENCY = env.str("TEXT_CURRENCY", default="USD")

# --- Recordings and prompts -------------------------------------------------------------------------------------------

RECORDINGS_BUCKET = env.str("RECORDINGS_BUCKET", default="")
RECORDINGS_ENDPOINT_URL = env.str("RECORDINGS_ENDPOINT_URL", default="") or None
RECORDINGS_KEYS = env.str("RECORDINGS_KEYS", default="")
RECORDINGS_KMS_KEY = env.str("RECORDINGS_KMS_KEY", default="")
RECORDINGS_CLEAR = env.bool("RECORDINGS_CLEAR", default=False)
RECORDING_FETCHES = env.int("RECORDING_FETCHES", default=10)
RETENTION_FIRST_RUN_LIMIT = env.int("RETENTION_FIRST_RUN_LIMIT", default=1000)
TRANSCRIPTION_PROVIDER = env.str("TRANSCRIPTION_PROVIDER", default="")
TRANSCRIPTIONS_AT_ONCE = env.int("TRANSCRIPTIONS_AT_ONCE", default=1)
TRANSCRIPTION_MODEL_DIR = env.str("TRANSCRIPTION_MODEL_DIR", default="")
TRANSCRIPTION_API_URL = env.str("TRANSCRIPTION_API_URL", default="").rstrip("/")
TRANSCRIPTION_API_KEY = env.str("TRANSCRIPTION_API_KEY", default="")
TRANSCRIPTION_MODEL = env.str("TRANSCRIPTION_MODEL", default="")
TRANSCRIPTION_WEBHOOK_SECRET = env.str("TRANSCRIPTION_WEBHOOK_SECRET", default="")
TRANSCRIPTION_TIMEOUT = env.float("TRANSCRIPTION_TIMEOUT", default=300.0)
TRANSCRIPTION_PRICE_PER_MINUTE = env.str("TRANSCRIPTION_PRICE_PER_MINUTE", default="")

_folder = {
    "BACKEND": "recordings.storage.Folder",
    "OPTIONS": {
        "location": DATA_DIR / "media",
        "base_url": None,
        "allow_overwrite": True,  # a second try writes over what a killed one left behind
    },
}
_bucket = {
    "BACKEND": "recordings.bucket.Bucket",
    "OPTIONS": {
        "bucket_name": RECORDINGS_BUCKET,
        "endpoint_url": RECORDINGS_ENDPOINT_URL,
        "default_acl": None,
        "file_overwrite": True,
        "object_parameters": {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": RECORDINGS_KMS_KEY}
        if RECORDINGS_KMS_KEY
        else {},
    },
}
STORAGES = {
    "default": _bucket if RECORDINGS_BUCKET else _folder,
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    if not DEBUG
    else {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "static-collected"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_MIMETYPES = {".wav": "audio/wav"}  # Twilio plays nothing that is not said to be sound
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# --- People -----------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "agents.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
AGENT_COOL_OFF_SECONDS = env.int("AGENT_COOL_OFF_SECONDS", default=15)
AGENT_MOST_MISSES = env.int("AGENT_MOST_MISSES", default=3)
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
LANGUAGE_CODE = "en-us"
FORMAT_MODULE_PATH = ["contactcenter.formats"]
TIME_ZONE = env.str("TIME_ZONE", default="UTC")  # of screens whose browser tells none; storage is UTC
USE_TZ = True
USE_I18N = True

vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="contactcenter@localhost")

# --- REST API ---------------------------------------------------------------------------------------------------------

API_REQUESTS_PER_MINUTE = env.int("API_REQUESTS_PER_MINUTE", default=600)
EVENT_DAYS = env.int("EVENT_DAYS", default=90)
EVENT_LOG_DAYS = env.int("EVENT_LOG_DAYS", default=30)
EVENT_DELIVERIES_AT_ONCE = env.int("EVENT_DELIVERIES_AT_ONCE", default=32)
API_WRITES_ONCE = "crm.repeats.once"
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "crm.authentication.ByKey",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest.scopes.Allowed"],
    "DEFAULT_THROTTLE_CLASSES": ["crm.throttling.PerMinute"],
    "DEFAULT_PARSER_CLASSES": ["rest.parsers.Json"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "rest.schema.Schema",
    "EXCEPTION_HANDLER": "compliance.problems.answered",
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Contact center",
    "VERSION": "1.0.0",
    "DESCRIPTION": (BASE_DIR / "contactcenter" / "api.md").read_text(),
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "SERVE_INCLUDE_SCHEMA": False,
    # enumerations stay where they are used: no names to make up, none to collide
    "POSTPROCESSING_HOOKS": ["rest.schema.without_remarks"],
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "SERVE_PUBLIC": True,
    "AUTHENTICATION_WHITELIST": ["crm.authentication.ByKey"],  # the session of our own pages is no way in for others
}

# --- Security ---------------------------------------------------------------------------------------------------------

_public_https = PUBLIC_BASE_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [PUBLIC_BASE_URL]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _public_https
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=0)
X_FRAME_OPTIONS = "SAMEORIGIN"

# Our requests to addresses that people name (look-ups of flows, subscribers to events) go to public addresses only,
# except into these networks, and only there without encryption.
OUTGOING_PRIVATE_NETWORKS = [str(ip_network(one)) for one in env.list("OUTGOING_PRIVATE_NETWORKS", default=[])]

# --- Logs -------------------------------------------------------------------------------------------------------------

LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"call": {"()": "telephony.logs.CallContext"}},
    "formatters": {
        "json": {"()": "telephony.logs.JsonFormatter"},
        "line": {"()": "telephony.logs.LineFormatter"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "filters": ["call"],
            "formatter": env.str("LOG_FORMAT", default="line" if DEBUG else "json"),
        }
    },
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {"django.server": {"handlers": ["console"], "propagate": False}},
}
LOGGING_CONFIG = "logging.config.dictConfig"

# --- Admin ------------------------------------------------------------------------------------------------------------

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"  # so that templates/ may replace a widget's template

UNFOLD = {
    "SITE_TITLE": "Contact center",
    "SITE_HEADER": "Contact center",
    "SITE_ICON": lambda _request: static("favicon.svg"),
    "SHOW_VIEW_ON_SITE": False,
    "BORDER_RADIUS": "6px",
    "DASHBOARD_CALLBACK": "contactcenter.home.dashboard",
    "SIDEBAR": {"navigation": "contactcenter.navigation.sections"},
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda _request: static("favicon.svg")},
    ],
    "STYLES": [lambda _request: static("css/admin.css")],
    "SCRIPTS": [lambda _request: static("js/time-zone.js"), lambda _request: static("js/landmarks.js")],
    "COLORS": {
        "primary": {
            "50": "#eff6ff",
            "100": "#dbeafe",
            "200": "#bfdbfe",
            "300": "#93c5fd",
            "400": "#60a5fa",
            "500": "#3b82f6",
            "600": "#1d4ed8",
            "700": "#1e40af",
            "800": "#1e3a8a",
            "900": "#1c3376",
            "950": "#172554",
        }
    },
}
