"""What set-up and probe share: requests to the shop, and how they say why they gave up."""
import base64
import http.client
import json
import sys

SHOP = "shop"


class Refused(Exception):
    """The shop answered with another status than the one asked for."""


def secret(key):
    with open(f"/run/credentials/{key}", encoding="utf-8") as f:
        return f.read()


def call(method, path, body=None, admin=False, want=200):
    """One request; the decoded answer. Raises Refused or OSError."""
    headers = {"Content-Type": "application/json"}
    if admin:
        pair = f"{secret('admin-user')}:{secret('admin-password')}".encode()
        headers["Authorization"] = "Basic " + base64.b64encode(pair).decode()
    connection = http.client.HTTPConnection(SHOP, 80, timeout=10)
    try:
        data = None if body is None else json.dumps(body)
        connection.request(method, path, data, headers)
        answer = connection.getresponse()
        text = answer.read(1 << 20)
    except http.client.HTTPException as e:
        raise OSError(f"broken answer: {type(e).__name__}") from e
    finally:
        connection.close()
    if answer.status != want:
        raise Refused(f"{method} {path} answered {answer.status}, not {want}")
    return json.loads(text) if text else None


def say(line):
    """Where the reconciler reads how a run ended."""
    with open("/dev/termination-log", "w", encoding="utf-8") as f:
        f.write(line[:1000])


def finish(line):
    print(line)
    say(line)
    sys.exit(0)


def give_up(step, what, next_step):
    """One line for whoever reads why the Job failed, and the end."""
    line = f"{step}: {what}; {next_step}"
    print(line, file=sys.stderr)
    say(line)
    sys.exit(1)
