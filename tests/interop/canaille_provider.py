"""Canaille under orders, on a SQLite database in $STATE, so that it survives a restart.

Two accounts: `jane`, whose groups are set by an order, and `norah`, who is in no group. Canaille knows groups and no roles.
"""

import datetime
import secrets
import threading
from importlib.metadata import version

from canaille import create_app
from canaille.app import models
from canaille.backends import Backend
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

from orders import CALLBACK_PORT, PORT, STATE, kept, take, userinfo

CLIENT = "rolecall-desktop"
PASSWORD = "correct horse battery"
issuer = f"http://127.0.0.1:{PORT}"

key = kept("key.pem", lambda: RSAKey.generate_key(2048).as_pem(private=True).decode())
app = create_app(
    {
        "SECRET_KEY": kept("secret", secrets.token_hex),
        "SERVER_NAME": f"127.0.0.1:{PORT}",
        "PREFERRED_URL_SCHEME": "http",
        "CANAILLE": {
            "DATABASE": "sql",
            "JAVASCRIPT": False,
            "HTMX": False,
            "CAPTCHA_ENABLED": False,
            "SMTP": None,
            "ACL": {"DEFAULT": {"PERMISSIONS": ["use_oidc"], "READ": ["user_name"], "WRITE": []}},
        },
        "CANAILLE_SQL": {
            "DATABASE_URI": f"sqlite:///{STATE}/canaille.sqlite",
            # Hashing is not what is tried here.
            "PASSWORD_HASH_PARAMS": {"pbkdf2_sha512__rounds": 1000},
        },
        # Nobody is trusted, so that consent is asked for.
        "CANAILLE_OIDC": {"ACTIVE_JWKS": [key], "TRUSTED_DOMAINS": ["example.invalid"]},
    },
    init_backend=True,
)


def inside(function):
    """Runs a function with a connection to the database."""

    def run(*arguments, **named):
        with app.app_context(), Backend.instance.session():
            return function(*arguments, **named)

    return run


@inside
def populate():
    if Backend.instance.get(models.User, user_name="jane"):
        return
    for name, given, family in [("jane", "Jane", "Doe"), ("norah", "Norah", "Nothing")]:
        user = models.User(
            user_name=name,
            given_name=given,
            family_name=family,
            formatted_name=f"{given} {family}",
            emails=[f"{name}@example.com"],
        )
        Backend.instance.save(user)
        Backend.instance.set_user_password(user, PASSWORD)
    client = models.Client(
        client_id=CLIENT,
        client_name="Rolecall",
        client_id_issued_at=datetime.datetime.now(datetime.timezone.utc),
        redirect_uris=[f"http://127.0.0.1:{CALLBACK_PORT}/callback"],
        grant_types=["authorization_code", "refresh_token"],
        response_types=["code"],
        scope=["openid", "profile", "email", "groups", "offline_access"],
        token_endpoint_auth_method="none",
        application_type="native",
    )
    Backend.instance.save(client)
    client.audience = [client]
    Backend.instance.save(client)


@inside
def give(roles):
    """Puts jane into these groups and no others; a group without members can't be, so it goes."""
    jane = Backend.instance.get(models.User, user_name="jane")
    for group in Backend.instance.query(models.Group):
        if group.display_name not in roles:
            Backend.instance.delete(group)
    for name in roles:
        if not Backend.instance.get(models.Group, display_name=name):
            Backend.instance.save(models.Group(display_name=name, members=[jane]))


def live():
    return [token for token in Backend.instance.query(models.Token) if token.is_refresh_token_active()]


@inside
def end_sessions():
    """What an administrator does who ends a person's access: every token is revoked, and the consents with them."""
    now = datetime.datetime.now(datetime.timezone.utc)
    for kind in (models.Token, models.Consent):
        for each in Backend.instance.query(kind):
            each.revokation_date = now
            Backend.instance.save(each)


populate()
server = make_server("127.0.0.1", int(PORT), app, threaded=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
take(
    {"version": version("canaille"), "issuer": issuer, "client_id": CLIENT, "user": "jane", "password": PASSWORD},
    {
        "roles": give,
        "refresh_tokens": inside(lambda: len(live())),
        "end_sessions": end_sessions,
        "userinfo": lambda token: userinfo(f"{issuer}/oauth/userinfo", token),
    },
)
