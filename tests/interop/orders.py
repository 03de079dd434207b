"""How `cargo xtask interop` talks to a provider written in Python.

The counterpart of `orders.mjs`: one line of JSON says that the provider is up, then each line on standard input is an
order and is answered by one line. The provider ends when standard input closes.
"""

import json
import os
import sys
import traceback
import urllib.error
import urllib.request

PORT = os.environ["PORT"]
STATE = os.environ["STATE"]
CALLBACK_PORT = os.environ["CALLBACK_PORT"]

# Whatever a provider prints must not stand among the answers.
_answers = sys.stdout
sys.stdout = sys.stderr


def _say(value):
    _answers.write(json.dumps(value) + "\n")
    _answers.flush()


def take(facts, orders):
    """Says what the provider is and takes orders: `{"do": NAME, ...}` is handed to `orders[NAME]`."""
    _say(facts)
    for line in sys.stdin:
        order = json.loads(line)
        name = order.pop("do")
        try:
            _say({"answer": orders[name](**order)})
        except Exception:  # noqa: BLE001 - whatever it is, the other side must hear of it
            _say({"error": traceback.format_exc()})
    # Server threads are daemons, but a worker of a library may not be.
    os._exit(0)


def kept(name, make):
    """The text in this file of $STATE, made at the first start."""
    path = os.path.join(STATE, name)
    if not os.path.exists(path):
        with open(path, "w", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            file.write(make())
    with open(path) as file:
        return file.read()


def userinfo(address, token):
    """Userinfo, as the provider answers it to this token."""
    request = urllib.request.Request(address, headers={"authorization": f"Bearer {token}"})
    try:
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        challenge = error.headers.get("www-authenticate")
        return {"status": error.code, "challenge": challenge, "text": error.read().decode(errors="replace")}
