#!/usr/bin/env python3
"""Every route as everybody: role x whose id x credential. What is expected follows from the route's row (storeward-api
--routes) and from EXPECT alone; a route that is not in EXPECT fails.  Prints a line per route.
usage: matrix.py PORT ROUTES_FILE PSQL...: PSQL is the command that reads SQL from its standard input."""
import hashlib
import http.client
import itertools
import json
import subprocess
import sys
import uuid
import zlib

V = "/api/v1"
ROLES = ["viewer", "operator", "admin", "owner", "platform"]
RANKS = {"viewer": 1, "operator": 2, "admin": 3, "owner": 4, "platform": 4}
UNKNOWN = "00000000-0000-4000-8000-000000000000"
serial = itertools.count(1)


def store_body():
    return {"name": f"matrix-{next(serial)}", "engine": "shop"}


def row(allowed, body=None, query="", target=None):
    """allowed: what who may gets for the own id; for a foreign or unknown one it is 404."""
    return {"allowed": allowed, "body": body, "query": query, "target": target}


EXPECT = {
    "GET /health": row({200}), "GET /livez": row({200}), "GET /readyz": row({200}), "GET /version": row({200}),
    "GET /metrics": row({200}),
    f"POST {V}/session": row({422}, {}),
    f"PATCH {V}/session": row({200}, {"tenant": "a"}),
    f"DELETE {V}/session": row({204}),
    f"GET {V}/me": row({200}),
    f"POST {V}/me/password": row({422}, {"current": "x", "password": "short"}),
    f"GET {V}/me/sessions": row({200}),
    f"DELETE {V}/me/sessions/{{id}}": row({204}, target="session"),
    f"GET {V}/me/tokens": row({200}),
    f"POST {V}/me/tokens": row({201}, {"name": "matrix"}),
    f"DELETE {V}/me/tokens/{{id}}": row({204}, target="token"),
    f"GET {V}/tenants": row({200}),
    f"GET {V}/incidents": row({200}),
    f"GET {V}/engines": row({200}), f"GET {V}/plans": row({200}),
    f"GET {V}/stores": row({200}),
    f"POST {V}/stores": row({202}, store_body),
    f"GET {V}/stores/summary": row({200}),
    f"GET {V}/stores/name-check": row({200}, query="?name=some-name"),
    f"GET {V}/stores/audit-logs": row({200}),
    f"GET {V}/stores/{{id}}": row({200}, target="store"),
    f"PATCH {V}/stores/{{id}}": row({202}, {"plan": "large"}, target="store"),
    f"DELETE {V}/stores/{{id}}": row({202}, target="store"),
    f"POST {V}/stores/{{id}}/retry": row({202}, {}, target="store"),
    f"POST {V}/stores/{{id}}/check": row({202}, {}, target="store"),
    f"GET {V}/stores/{{id}}/events": row({200}, target="store"),
    f"GET {V}/stores/{{id}}/logs": row({200}, target="store"),
    f"POST {V}/stores/{{id}}/credentials/reveal": row({409, 503}, {}, target="store"),
    f"POST {V}/stores/{{id}}/credentials/rotate": row({202}, {}, target="store"),
    f"GET {V}/audit-logs": row({200}),
    f"GET {V}/observability/health": row({200}), f"GET {V}/observability/metrics": row({200}),
    f"GET {V}/observability/history": row({200}, query="?hours=24"),
}

port, routes_file, psql = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
web = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
database = subprocess.Popen(psql, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def sql(text):
    """Returns the lines of the answer."""
    database.stdin.write(text + "\n\\echo done\n")
    database.stdin.flush()
    lines = []
    while line := database.stdout.readline():
        if line == "done\n":
            return lines
        lines.append(line)
    sys.exit("not ok matrix: the database is gone")


def token_of(name):
    base = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    text = "storeward_pat_" + name.ljust(32, "x")
    crc, check = zlib.crc32(text.encode()), ""
    for _ in range(6):
        crc, check = crc // 62, base[crc % 62] + check
    return text + check


def cookie_of(name):
    return name.ljust(32, "x")


def sha(text):
    return "'\\x" + hashlib.sha256(text.encode()).hexdigest() + "'"


def seed():
    """The people, in tenant a; and one of tenant b, whose things are the foreign ones."""
    sql("""set search_path = storeward; update tenant set max_stores = 100000, max_creates_per_minute = 100000;
        update engine set spec = '{"credentials": [{"rotate": true}]}' where name = 'shop';""")
    for role in ROLES:
        sql(f"""insert into app_user (email, platform_admin) values ('{role}@matrix.test', {role == 'platform'});
        insert into membership select t.id, u.id, '{'viewer' if role == 'platform' else role}' from tenant t, app_user u
            where t.name = 'a' and u.email = '{role}@matrix.test';""")
    sql("""insert into app_user (email) values ('foreign@matrix.test');
        insert into membership select t.id, u.id, 'owner' from tenant t, app_user u where t.name = 'b' and u.email = 'foreign@matrix.test';""")


def insert_token(user, tenant, name, expires="null", revoked="null", token_id=None):
    return f"""insert into api_token (id, tenant_id, user_id, name, hash, expires_at, revoked_at)
        select '{token_id or uuid.uuid4()}', t.id, u.id, '{name}', {sha(token_of(name))}, {expires}, {revoked}
        from app_user u, tenant t where u.email = '{user}@matrix.test' and t.name = '{tenant}';"""


def insert_session(user, tenant, name, expires="now() + interval '1 hour'", session_id=None):
    return f"""insert into session (id, hash, user_id, tenant_id, expires_at)
        select '{session_id or uuid.uuid4()}', {sha(cookie_of(name))}, u.id, t.id, {expires}
        from app_user u, tenant t where u.email = '{user}@matrix.test' and t.name = '{tenant}';"""


def insert_store(tenant, store_id):
    return f"""insert into store (id, tenant_id, name, base_domain, engine, engine_version, plan, cluster_id)
        select '{store_id}', t.id, 'target-{next(serial)}', c.base_domain, 'shop', '2', 'small', c.id
        from tenant t, cluster c where t.name = '{tenant}' and c.name = 'local';"""


def fresh(role):
    """New credentials and targets, as the request before may have used them up. Returns the ids of each target."""
    ids = {kind: {"own": str(uuid.uuid4()), "foreign": str(uuid.uuid4()), "unknown": UNKNOWN} for kind in ("store", "session", "token")}
    sql("delete from rate_limit; delete from session; delete from api_token where name not in ('a', 'b'); "
        + insert_session(role, "a", "good") + insert_session(role, "a", "late", "now()")
        + insert_token(role, "a", "good") + insert_token(role, "a", "late", "now()") + insert_token(role, "a", "gone", revoked="now()")
        + insert_session(role, "a", "target", session_id=ids["session"]["own"]) + insert_token(role, "a", "target", token_id=ids["token"]["own"])
        + insert_session("foreign", "b", "foreign", session_id=ids["session"]["foreign"])
        + insert_token("foreign", "b", "foreign", token_id=ids["token"]["foreign"])
        + insert_store("a", ids["store"]["own"]) + insert_store("b", ids["store"]["foreign"])
        + f"update store_status set phase = 'failed', observed_generation = 1, provisioning_completed_at = now(), reason = 'HelmFailed', message = 'x' where store_id in ('{ids['store']['own']}', '{ids['store']['foreign']}');")
    return ids


def state():
    """What a request that is refused must leave as it was."""
    return sql("""select (select count(*) from audit_log), (select array[count(*), sum(generation)] from store), (select count(*) from session),
        (select array[count(*), count(revoked_at)] from api_token), (select count(*) from idempotency_key), (select count(*) from rate_limit);""")


CREDENTIALS = {
    "session": {"Cookie": f"__Host-storeward={cookie_of('good')}"},
    "token": {"Authorization": f"Bearer {token_of('good')}"},
    "none": {},
    "expired session": {"Cookie": f"__Host-storeward={cookie_of('late')}"},
    "ended session": {"Cookie": f"__Host-storeward={cookie_of('gone')}"},
    "no session's cookie": {"Cookie": "__Host-storeward=%00' or true --"},
    "expired token": {"Authorization": f"Bearer {token_of('late')}"},
    "revoked token": {"Authorization": f"Bearer {token_of('gone')}"},
    "unknown token": {"Authorization": f"Bearer {token_of('never')}"},
    "no token's text": {"Authorization": "Bearer storeward_pat_nothing"},
}


def ask(method, path, headers, body):
    headers = {**headers, "X-Request-Id": "matrix", "X-Storeward-CSRF": "1"}
    if body is not None:
        headers["Content-Type"] = "application/json"
    web.request(method, path, json.dumps(body) if body is not None else None, headers)
    answer = web.getresponse()
    return answer.status, answer.read()


def expected(needed, session_only, role, credential, whose, want):
    """The statuses that fit."""
    if needed == "anyone":
        return want["allowed"]
    if session_only and "token" in credential:
        # A text that cannot be a token is none of ours; of the others nobody is told whether they are good.
        return {401} if credential == "no token's text" else {403}
    if credential not in ("session", "token"):
        return {401}
    rank = 1 if role == "platform" and credential == "token" else RANKS[role]
    if needed == "platform":
        return want["allowed"] if role == "platform" and credential == "session" else {403}
    if rank < RANKS[needed]:
        return {403}
    return want["allowed"] if whose == "own" else {404}


def try_route(method, path, needed, session_only, want):
    problems, count = [], 0
    kinds = ["own", "foreign", "unknown"] if "{id}" in path else ["own"]
    for role, credential in itertools.product(ROLES, CREDENTIALS):
        if credential in ("session", "token", "none") or role == ROLES[0]:
            ids = fresh(role)	# bad credentials change nothing
        bodies, before, may = {}, state(), False
        for whose in kinds:
            url = path.replace("{id}", ids[want["target"]][whose] if want["target"] else "") + want["query"]
            body = want["body"]() if callable(want["body"]) else want["body"]
            status, text = ask(method, url, CREDENTIALS[credential], body)
            bodies[whose] = status, text
            count += 1
            fits = expected(needed, session_only, role, credential, whose, want)
            may = may or not fits <= {401, 403}
            if status not in fits:
                problems.append(f"{role}, {credential}, {whose}: {status}, not {sorted(fits)}: {text[:160]}")
        if not may and state() != before:
            problems.append(f"{role}, {credential}: refused, and yet something was changed: {before} {state()}")
        if "foreign" in bodies and bodies["foreign"] != bodies["unknown"]:
            problems.append(f"{role}, {credential}: foreign and unknown differ: {bodies['foreign']} {bodies['unknown']}")
    return problems, count


def main():
    seed()
    failed = total = 0
    listed = set()
    for line in open(routes_file):
        method, path, needed, who = line.split()
        name = f"{method} {path}"
        listed.add(name)
        if name not in EXPECT:
            print(f"not ok matrix: {name} has no expectation in {sys.argv[0].split('/')[-1]}")
            failed += 1
            continue
        problems, count = try_route(method, path, needed, who == "session", EXPECT[name])
        for problem in problems[:6]:
            print("#", problem)
        print(f"{'not ok' if problems else 'ok'} matrix: {name}, {needed}{', session only' if who == 'session' else ''}: {count} requests")
        failed += bool(problems)
        total += count
    for name in set(EXPECT) - listed:
        print(f"not ok matrix: {name} is no route")
        failed += 1
    print(f"# {total} requests")
    return failed > 0


sys.exit(main())
