#!/usr/bin/env python3
"""fake_kubernetes.py PORT: a Kubernetes API that has one answer for each namespace, to see how answers are understood.
Namespace store-0000000N gets the answer N of those that fake_kubernetes.py (without a port) lists, from 0. "hunter2" in
them is what must never be told."""
import base64
import http.server
import json
import sys


def secret(**data):
    values = {k.replace("_", "-"): v if isinstance(v, str) else base64.b64encode(v).decode() for k, v in data.items()}
    return 200, {"kind": "Secret", "apiVersion": "v1", "metadata": {"name": "store-credentials"}, "data": values}


def status(code, reason, **details):
    return code, {"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": code, "reason": reason,
                  "message": f"said by the fake: {reason}", "details": details}


ANSWERS = {
    "good": secret(admin_user=b"admin", admin_password=b'p\xc3\xa4ss "w\\ord" </script>\n', database_password=b"hunter2"),
    "part": secret(admin_user=b"admin"),
    "odd": secret(admin_user=b"a\0hunter2", admin_password="not base64: hunter2"),
    "empty": (200, {"kind": "Secret", "metadata": {}}),
    "notext": (200, {"kind": "Secret", "data": {"admin-user": 7, "admin-password": ["hunter2"]}}),
    "list": (200, ["hunter2"]),
    "html": (200, "<html>hunter2</html>"),
    "twice": (200, '{"kind": "Secret", "data": {"admin-user": "hunter2", "admin-user": "hunter2"}}'),
    "proxy": (404, "<html>hunter2 not found</html>"),
    "gone": status(404, "NotFound", name="store-credentials", kind="secrets"),
    "forbidden": status(403, "Forbidden", name="store-credentials", kind="secrets"),
    "stranger": status(401, "Unauthorized"),
    "broken": status(500, "InternalError"),
    "moved": (302, ""),
    "failure": (200, status(503, "ServiceUnavailable")[1]),
}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        parts = self.path.split("/")
        fits = parts[:4] == ["", "api", "v1", "namespaces"] and parts[5:] == ["secrets", "store-credentials"]
        code, body = list(ANSWERS.values())[int(parts[4].removeprefix("store-"), 16)] if fits else (500, "what?")
        if self.headers.get("Authorization") != "Bearer api-token":
            code, body = 500, "no token"
        data = (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(code)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args):
        pass


if len(sys.argv) == 1:
    sys.exit(print("\n".join(ANSWERS)))
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
