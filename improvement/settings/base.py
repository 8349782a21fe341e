"""What every installation shares. The environment decides the rest; defaults are safe for production."""

import os
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONCE, NONE, SELF

from improvement.settings.messages import *  # noqa: F403
from improvement.settings.watching import *  # noqa: F403

ROOT = Path(__file__).resolve().parent.parent.parent


def listed(name: str) -> list[str]:
    """A comma-separated environment variable as a list; empty when unset."""
    return [item.strip() for item in os.environ.get(name, "").split(",") if item.strip()]


def origin_of(address: str) -> str:
    """The scheme and host of an address, as a Content-Security-Policy names them."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


SECRET_KEY = os.environ.get("SECRET_KEY", "")
SECRET_KEY_FALLBACKS = listed("SECRET_KEY_FALLBACKS")
DEBUG = False
ALLOWED_HOSTS = listed("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = listed("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "trusts.apps.AdministrationConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "crispy_forms",
    "csp",
    "django_guid",
    "django_htmx",
    "django_linear_migrations",
    "pgtrigger",
    "pghistory",
    "rest_framework",
    "drf_spectacular",
    "improvement",
    "ui",
    "snapshots",
    "accounts",
    "trusts",
    "metrics",
    "rpiws",
    "compacts",
    "boards",
    "reflections",
    "dashboards",
    "api",
    "examples",
]

MIDDLEWARE = [
    "django_guid.middleware.guid_middleware",
    "improvement.middleware.Counted",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "ui.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "ui.requests.LimitedRequests",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.SessionLimits",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "accounts.middleware.VisitClock",
    "ui.requests.PrivateAnswers",
    "trusts.middleware.SecondFactorRequired",
    "axes.middleware.AxesMiddleware",
    "improvement.middleware.Named",
]
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")

ROOT_URLCONF = "improvement.urls"
WSGI_APPLICATION = "improvement.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "NAME": "jinja2",
        "DIRS": [ROOT / "templates" / "jinja2"],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "ui.jinja.environment",
            "context_processors": [
                "trusts.access.may_on_page",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "NAME": "django",
        "DIRS": [ROOT / "templates" / "django"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {
    # The application's own role: it owns no table and is no superuser.
    "default": dj_database_url.parse(
        os.environ.get("DATABASE_URL", "postgresql:///improvement"), conn_max_age=600, conn_health_checks=True
    ),
}
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
if owner_url := os.environ.get("DATABASE_OWNER_URL"):
    # The role that owns the tables: `manage.py migrate` uses it, nothing else does.
    DATABASES["owner"] = dj_database_url.parse(owner_url)
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # Ready-made parts of pages (dashboards/ready_made.py): of each web process its own, at most some 40 MB.
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "TIMEOUT": 24 * 60 * 60,
        "OPTIONS": {"MAX_ENTRIES": 300},
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
# E-mail addresses are unique whatever their case: a constraint of the database says so, not the field.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
AUTHENTICATION_BACKENDS = ["axes.backends.AxesBackend", "allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "accounts.passwords.PlainlyCommon"},
    {
        "NAME": "accounts.passwords.KnownFromBreaches",
        "OPTIONS": {"path": os.environ.get("BREACHED_PASSWORDS_FILE")},
    },
]
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "accounts.adapter.ClosedSignUp"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# Tries by password are counted below, over all processes; these are for codes and letters, in each process.
# A trust's staff may share one address: its limit is for machines, and a guesser's is the one of the failures.
ACCOUNT_RATE_LIMITS = {"login": "120/m/ip", "login_failed": "10/5m/key", "reset_password": "20/m/ip,5/5m/key"}
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"

# A second factor by authenticator app or key; production asks it of the roles in accounts/permissions.py.
MFA_ADAPTER = "accounts.adapter.SecondFactor"
# A code that ran out while it was being typed still counts, as does the next one of a clock that is ahead.
MFA_TOTP_TOLERANCE = 1
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True
SECOND_FACTOR_REQUIRED = False

# Signing in with the organisation's own account (NHSmail, Entra): there once OIDC_ISSUER is set.
OIDC_ISSUER = os.environ.get("OIDC_ISSUER", "")
# Where people are sent to sign in, when that is another host than the issuer's.
OIDC_AUTHORIZE_AT = os.environ.get("OIDC_AUTHORIZE_AT", OIDC_ISSUER)
OIDC_NAME = os.environ.get("OIDC_NAME", "your organisation's account")
# The provider's addresses of these domains are the person's own, also where it does not say that it verified them.
OIDC_DOMAINS = [domain.lower() for domain in listed("OIDC_DOMAINS")]
# "provider": whoever signs in there did a second factor there, and is not asked for ours; else ours is asked.
OIDC_SECOND_FACTOR = os.environ.get("OIDC_SECOND_FACTOR", "")
SOCIALACCOUNT_ADAPTER = "accounts.organisation.KnownPeopleOnly"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "organisation",
                "name": OIDC_NAME,
                "client_id": os.environ.get("OIDC_CLIENT_ID", ""),
                "secret": os.environ.get("OIDC_CLIENT_SECRET", ""),
                "settings": {"server_url": OIDC_ISSUER},
            }
        ]
        if OIDC_ISSUER
        else [],
    }
}

# Guessing is slowed by account and network address: a whole hospital may share one address, and is not shut out.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "accounts.accesses.address_tried"
AXES_CLIENT_IP_CALLABLE = "accounts.accesses.address_of"
AXES_LOCKOUT_CALLABLE = "accounts.held_off.too_many_tries"
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# How many proxies stand before the web process: that many entries at the right of X-Forwarded-For are theirs.
TRUSTED_PROXIES = int(os.environ.get("TRUSTED_PROXIES", "0"))

# A session ends after a time without use, warned of shortly before, and in any case after the longest time.
SESSION_IDLE = timedelta(minutes=float(os.environ.get("SESSION_IDLE_MINUTES", "30")))
SESSION_LONGEST = timedelta(hours=float(os.environ.get("SESSION_LONGEST_HOURS", "12")))
SESSION_WARNING = min(timedelta(minutes=2), SESSION_IDLE / 2)
SESSION_COOKIE_AGE = int(SESSION_LONGEST.total_seconds())

# The longest body of a request in bytes; the largest form, a grid pasted full with notes, is a tenth of it.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
# One page takes a file (ui.requests.takes_a_file).
DATA_UPLOAD_MAX_NUMBER_FILES = 1

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = True
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True

# NHS.UK's own style sheet asks for /assets/..., so that is where static files live.
STATIC_URL = "/assets/"
STATIC_ROOT = ROOT / "var" / "static"
STATICFILES_DIRS = [ROOT / "static", ROOT / "var" / "frontend"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "ui.static_files.HashedFilesStorage"},
}

CRISPY_ALLOWED_TEMPLATE_PACKS = ("nhsuk",)
CRISPY_TEMPLATE_PACK = "nhsuk"
CRISPY_FAIL_SILENTLY = False

# What the header says; a room above may register livelier words (ui.navigation).
PRODUCT_NAME = os.environ.get("PRODUCT_NAME", "Improvement partnership")
PRODUCT_TAGLINE = os.environ.get("PRODUCT_TAGLINE", "")

CSRF_FAILURE_VIEW = "ui.errors.csrf_failure"

# Scripts and style sheets run by nonce alone; Plotly's pictures are data and blobs.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        # The sign-in button's form is answered by a redirect to the provider.
        "form-action": [SELF, *([origin_of(OIDC_AUTHORIZE_AT)] if OIDC_AUTHORIZE_AT else [])],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = os.environ.get("EMAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("EMAIL_USE_TLS", "") == "1"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "improvement@localhost")
SITE_ADDRESS = os.environ.get("SITE_ADDRESS", "http://127.0.0.1:8000")

REST_FRAMEWORK = {
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_SCHEMA_CLASS": "api.schema.Schema",
}
API_REQUESTS_A_MINUTE = int(os.environ.get("API_REQUESTS_A_MINUTE", "600"))
SPECTACULAR_SETTINGS = {
    "TITLE": "Improvement partnership",
    "DESCRIPTION": (
        "Released trust summaries for the regulator's systems, and a trust's own detail for the trust's systems. "
        "No route ranks trusts."
    ),
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "RpiwState": "rpiws.models.State",
        "Checkpoint": "rpiws.models.Checkpoint",
    },
    "SORT_OPERATIONS": False,
}
EXAMPLE_SIGN_INS = False
