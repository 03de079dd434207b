"""django-oauth-toolkit under orders, in a Django project of one file, on a SQLite database in $STATE.

Two accounts: `jane`, whose Django groups an order sets, and `norah`, who is in none. The project puts them into the claim
`groups` under the scope `groups`, as the toolkit's documentation shows for claims of one's own.
"""

import hashlib
import secrets
import threading
from importlib.metadata import version
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIServer, make_server

import django
from django.conf import settings
from jwcrypto.jwk import JWK

from orders import CALLBACK_PORT, PORT, STATE, kept, take, userinfo

CLIENT = "rolecall-desktop"
PASSWORD = "correct horse battery"
issuer = f"http://127.0.0.1:{PORT}/o"
# It does not name itself in its answers (RFC 9207), so the path is the issuer's own, as the window shows it.
own = hashlib.sha256(issuer.encode()).hexdigest()[:20]
redirect = f"http://127.0.0.1:{CALLBACK_PORT}/callback/{own}"

LOGIN = """<!doctype html><title>Sign in</title><form method="post">{% csrf_token %}{{ form.as_p }}
<button type="submit" id="send">Sign in</button></form>"""


def new_key():
    return JWK.generate(kty="RSA", size=2048).export_to_pem(private_key=True, password=None).decode()


settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"],
    SECRET_KEY=kept("secret", secrets.token_hex),
    ROOT_URLCONF=__name__,
    LOGIN_URL="/accounts/login/",
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "oauth2_provider"],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "loaders": [
                    ("django.template.loaders.locmem.Loader", {"registration/login.html": LOGIN}),
                    "django.template.loaders.app_directories.Loader",
                ],
                "context_processors": ["django.template.context_processors.request"],
            },
        }
    ],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": f"{STATE}/django.sqlite"}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    # Hashing is not what is tried here.
    PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    USE_TZ=True,
    OAUTH2_PROVIDER={
        "OIDC_ENABLED": True,
        "OIDC_RSA_PRIVATE_KEY": kept("key.pem", new_key),
        "OIDC_ISS_ENDPOINT": issuer,
        "OIDC_RP_INITIATED_LOGOUT_ENABLED": True,
        "OAUTH2_VALIDATOR_CLASS": f"{__name__}.Validator",
        "SCOPES": {"openid": "Who you are", "profile": "Your name", "email": "Your address", "groups": "Your groups"},
        "REFRESH_TOKEN_REUSE_PROTECTION": True,
    },
)
django.setup()

from django.contrib.auth.models import Group, User  # noqa: E402 - only now can models be had
from django.contrib.auth.views import LoginView  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.urls import include, path  # noqa: E402
from oauth2_provider.models import AccessToken, Application, RefreshToken  # noqa: E402
from oauth2_provider.oauth2_validators import OAuth2Validator  # noqa: E402

class Validator(OAuth2Validator):
    oidc_claim_scope = {**OAuth2Validator.oidc_claim_scope, "groups": "groups"}

    def get_additional_claims(self, request):
        user = request.user
        claims = {"name": user.get_full_name(), "email": user.email}
        groups = sorted(user.groups.values_list("name", flat=True))
        return {**claims, "groups": groups} if groups else claims


urlpatterns = [
    path("accounts/login/", LoginView.as_view()),
    path("o/", include("oauth2_provider.urls", namespace="oauth2_provider")),
]


def populate():
    call_command("migrate", verbosity=0)
    if User.objects.exists():
        return
    for name, given, family in [("jane", "Jane", "Doe"), ("norah", "Norah", "Nothing")]:
        User.objects.create_user(name, f"{name}@example.com", PASSWORD, first_name=given, last_name=family)
    Application.objects.create(
        client_id=CLIENT,
        name="Rolecall",
        client_type="public",
        authorization_grant_type="authorization-code",
        redirect_uris=redirect,
        algorithm="RS256",
    )


def give(roles):
    """Puts jane into these groups and no others."""
    groups = [Group.objects.get_or_create(name=name)[0] for name in roles]
    User.objects.get(username="jane").groups.set(groups)


def end_sessions():
    """What an administrator does who ends a person's access: the tokens are deleted."""
    AccessToken.objects.all().delete()
    RefreshToken.objects.all().delete()


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


populate()
server = make_server("127.0.0.1", int(PORT), get_wsgi_application(), server_class=Server)
threading.Thread(target=server.serve_forever, daemon=True).start()
take(
    {
        "version": version("django-oauth-toolkit"),
        "issuer": issuer,
        "client_id": CLIENT,
        "user": "jane",
        "password": PASSWORD,
    },
    {
        "roles": give,
        "refresh_tokens": lambda: RefreshToken.objects.filter(revoked__isnull=True).count(),
        "end_sessions": end_sessions,
        "userinfo": lambda token: userinfo(f"{issuer}/userinfo/", token),
    },
)
