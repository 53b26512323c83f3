"""A whole shop in one process, with nothing but Python's standard library.

GET  /                 storefront           GET  /products         all products
POST /carts            new cart             PUT  /products         (owner) replaces them
GET  /carts/ID         one cart             GET  /orders           (owner) all orders
POST /carts/ID/items   {sku, quantity}      GET  /orders/ID        (owner) one order
POST /orders           {cart, name, email,  DELETE /orders/ID      (owner) removes it
                        address, payment}   GET  /admin            (owner) orders as a page
GET  /payments         ways of paying       PUT  /payments         (owner) replaces them

Products and orders are files on the volume, written whole; carts live in memory. Pages use
the same handlers with forms; the owner signs in with HTTP Basic.
"""
import base64
import collections
import hmac
import html
import http.server
import json
import os
import re
import secrets
import signal
import threading
import time
import urllib.parse

DATA = os.environ.get("SHOP_DATA", "/data")
CREDENTIALS = os.environ.get("SHOP_CREDENTIALS", "/run/credentials")
NAME = os.environ.get("STORE_NAME", "Shop")
BODY_MAX = 64 * 1024
CARTS_MAX = 1000
CART_LINES_MAX = 50
PRODUCTS_MAX = 1000
ORDERS_SHOWN = 200
PAYMENTS = {"cod": "cash on delivery", "transfer": "bank transfer"}
THREADS = threading.BoundedSemaphore(int(os.environ.get("SHOP_THREADS", "16")))

lock = threading.Lock()
carts = collections.OrderedDict()


class Problem(Exception):
    def __init__(self, status, detail):
        super().__init__(detail)
        self.status, self.detail = status, detail


# --- the volume ---------------------------------------------------------------------------

def write(path, value):
    """The whole file or none of it, and on the disk before this returns."""
    with open(path + ".tmp", "w", encoding="utf-8") as f:
        json.dump(value, f)
        f.flush()
        os.fsync(f.fileno())
    os.replace(path + ".tmp", path)
    sync_folder(path)


def sync_folder(path):
    folder = os.open(os.path.dirname(path), os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def read(path, default=None):
    try:
        with open(path, encoding="utf-8") as f:
            return json.load(f)
    except FileNotFoundError:
        return default


def products():
    return read(f"{DATA}/products.json", [])


def order_path(order_id):
    return f"{DATA}/orders/{order_id}.json"


def orders():
    names = sorted((n for n in os.listdir(f"{DATA}/orders") if n.endswith(".json")), reverse=True)
    found = (read(f"{DATA}/orders/{n}") for n in names[:ORDERS_SHOWN])
    return [o for o in found if o]


# --- the shop -----------------------------------------------------------------------------

def text(body, key, limit=200):
    value = body.get(key)
    if not isinstance(value, str) or not value.strip() or len(value) > limit:
        raise Problem(422, f"{key} must be a text of 1 to {limit} characters")
    return value.strip()


def cents(price):
    if not isinstance(price, str) or not re.fullmatch(r"\d{1,6}(\.\d{2})?", price):
        raise Problem(422, "price must be like 25 or 25.00")
    whole, _, part = price.partition(".")
    return int(whole) * 100 + int(part or 0)


def money(amount):
    return f"{amount // 100}.{amount % 100:02d}"


def products_put(body, _):
    if not isinstance(body, list) or not 1 <= len(body) <= PRODUCTS_MAX:
        raise Problem(422, f"1 to {PRODUCTS_MAX} products, please")
    clean = []
    for p in body:
        if not isinstance(p, dict):
            raise Problem(422, "a product is an object")
        clean.append({"sku": text(p, "sku", 40), "name": text(p, "name"),
                      "price": money(cents(p.get("price"))),
                      "description": text(p, "description", 2000)})
    with lock:
        write(f"{DATA}/products.json", clean)
    return 200, clean


def products_get(_, __):
    return 200, products()


def payments():
    """Those that are on; all until the owner chose."""
    return read(f"{DATA}/payments.json", list(PAYMENTS))


def payments_get(_, __):
    return 200, payments()


def payments_put(body, _):
    if not isinstance(body, list) or any(not isinstance(p, str) or p not in PAYMENTS for p in body):
        raise Problem(422, f"a list of: {', '.join(PAYMENTS)}")
    with lock:
        write(f"{DATA}/payments.json", body)
    return 200, body


def cart_new(_, __):
    cart_id = secrets.token_hex(16)
    with lock:
        carts[cart_id] = {}
        while len(carts) > CARTS_MAX:
            carts.popitem(last=False)
    return 201, cart_view(cart_id)


def cart_view(cart_id):
    with lock:
        if cart_id not in carts:
            raise Problem(404, "no such cart")
        lines = dict(carts[cart_id])
    items = [dict(p, quantity=lines[p["sku"]]) for p in products() if p["sku"] in lines]
    total = sum(cents(i["price"]) * i["quantity"] for i in items)
    return {"id": cart_id, "items": items, "total": money(total)}


def cart_get(_, cart_id):
    return 200, cart_view(cart_id)


def cart_add(body, cart_id):
    sku, quantity = text(body, "sku", 40), body.get("quantity", 1)
    if isinstance(quantity, str) and quantity.isdigit():
        quantity = int(quantity[:4])
    if isinstance(quantity, bool) or not isinstance(quantity, int) or not 1 <= quantity <= 100:
        raise Problem(422, "quantity must be 1 to 100")
    if sku not in (p["sku"] for p in products()):
        raise Problem(422, "no such product")
    with lock:
        cart = carts.get(cart_id)
        if cart is None:
            raise Problem(404, "no such cart")
        if sku not in cart and len(cart) >= CART_LINES_MAX:
            raise Problem(422, "the cart is full")
        cart[sku] = min(100, cart.get(sku, 0) + quantity)
    return 200, cart_view(cart_id)


def order_new(body, _):
    if body.get("payment") not in payments():
        raise Problem(422, f"payment must be one of: {', '.join(payments()) or 'none is on'}")
    buyer = {k: text(body, k) for k in ("name", "email", "address")}
    cart = cart_view(text(body, "cart", 64))
    if not cart["items"]:
        raise Problem(422, "the cart is empty")
    with lock:
        if carts.pop(cart["id"], None) is None:
            raise Problem(409, "this cart has been ordered already")
        # Sortable by time, and nobody can guess a neighbour's.
        order_id = time.strftime("%Y%m%d%H%M%S", time.gmtime()) + "-" + secrets.token_hex(4)
        order = {"id": order_id, "status": "processing", "payment": body["payment"], **buyer,
                 "items": cart["items"], "total": cart["total"]}
        write(order_path(order_id), order)
    return 201, order


def orders_get(_, __):
    return 200, orders()


def order_get(_, order_id):
    order = read(order_path(order_id))
    if order is None:
        raise Problem(404, "no such order")
    return 200, order


def order_delete(_, order_id):
    with lock:
        try:
            os.unlink(order_path(order_id))
        except FileNotFoundError:
            raise Problem(404, "no such order") from None
        sync_folder(order_path(order_id))
    return 204, None


def health(_, __):
    return 200, {"status": "ok"}


# --- pages --------------------------------------------------------------------------------

def page(title, body):
    return f"""<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>{html.escape(title)}</title>
<style>body{{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem}}
li,form{{margin:.6rem 0}}input{{display:block;width:100%;max-width:24rem;margin:.2rem 0 .6rem}}</style>
<h1>{html.escape(title)}</h1>{body}"""


def front(_, cart_id):
    rows = "".join(
        f"<li><form method='post' action='/add'><b>{html.escape(p['name'])}</b> ${p['price']}<br>"
        f"{html.escape(p['description'])}<input type='hidden' name='sku' value='{html.escape(p['sku'])}'>"
        f" <button>Add to cart</button></form>" for p in products())
    return 200, page(NAME, f"<ul>{rows}</ul>" + cart_form(cart_id))


def cart_form(cart_id):
    try:
        cart = cart_view(cart_id)
    except Problem:
        return "<p>Your cart is empty."
    lines = "".join(f"<li>{i['quantity']} × {html.escape(i['name'])}" for i in cart["items"])
    fields = "".join(f"<label>{k.capitalize()}<input name='{k}' required maxlength='200'></label>"
                     for k in ("name", "email", "address"))
    ways = "".join(f"<button name='payment' value='{p}'>Buy with {PAYMENTS[p]}</button> " for p in payments())
    return (f"<h2>Cart: ${cart['total']}</h2><ul>{lines}</ul><form method='post' action='/buy'>"
            f"{fields}{ways}</form>")


def form_add(form, cart_id):
    if cart_id not in carts:
        cart_id = cart_new(None, None)[1]["id"]
    cart_add(form, cart_id)
    return 303, ("/", cart_id)


def form_buy(form, cart_id):
    order = order_new({**form, "cart": cart_id or "-"}, None)[1]
    return 200, page("Order received", f"<p>Order {order['id']}: ${order['total']}, to be paid by {PAYMENTS[order['payment']]}.")


def admin(_, __):
    rows = "".join(f"<li>{o['id']}: {html.escape(o['name'])}, ${o['total']}, {o['status']}" for o in orders())
    return 200, page(f"Orders of {NAME}", f"<ul>{rows or '<li>none yet'}</ul>")


PUBLIC, OWNER, FORM = range(3)
ID = "([0-9a-f-]{1,64})"
ROUTES = [(method, re.compile(pattern), access, handler) for method, pattern, access, handler in (
    ("GET", "/healthz", PUBLIC, health),
    ("GET", "/products", PUBLIC, products_get),
    ("PUT", "/products", OWNER, products_put),
    ("GET", "/payments", PUBLIC, payments_get),
    ("PUT", "/payments", OWNER, payments_put),
    ("POST", "/carts", PUBLIC, cart_new),
    ("GET", f"/carts/{ID}", PUBLIC, cart_get),
    ("POST", f"/carts/{ID}/items", PUBLIC, cart_add),
    ("POST", "/orders", PUBLIC, order_new),
    ("GET", "/orders", OWNER, orders_get),
    ("GET", f"/orders/{ID}", OWNER, order_get),
    ("DELETE", f"/orders/{ID}", OWNER, order_delete),
    ("GET", "/admin/?", OWNER, admin),
    ("GET", "/", FORM, front),
    ("POST", "/add", FORM, form_add),
    ("POST", "/buy", FORM, form_buy))]


class Handler(http.server.BaseHTTPRequestHandler):
    timeout = 10
    server_version, sys_version = "shop", ""

    def log_message(self, format, *args):
        pass

    def is_owner(self):
        given = self.headers.get("Authorization", "")[:512]
        want = []
        for key in ("admin-user", "admin-password"):
            with open(f"{CREDENTIALS}/{key}", encoding="utf-8") as f:
                want.append(f.read())
        right = "Basic " + base64.b64encode(":".join(want).encode()).decode()
        return hmac.compare_digest(given.encode(), right.encode())

    def body(self, access):
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > BODY_MAX:
            raise Problem(413, f"a body has at most {BODY_MAX} bytes")
        raw = self.rfile.read(int(length))
        if access == FORM:
            return dict(urllib.parse.parse_qsl(raw.decode("utf-8", "replace"), max_num_fields=20))
        if not raw:
            return {}
        try:
            value = json.loads(raw)
        except (ValueError, RecursionError):
            raise Problem(400, "the body is not JSON") from None
        if not isinstance(value, (dict, list)) or (isinstance(value, list) and access != OWNER):
            raise Problem(422, "the body must be an object")
        return value

    def cart(self):
        found = re.search(r"(?:^|;\s*)cart=([0-9a-f]{32})(?:;|$)", self.headers.get("Cookie", ""))
        return found.group(1) if found else None

    def answer(self, status, value, headers=()):
        is_page = isinstance(value, str)
        data = b"" if value is None else (value if is_page else json.dumps(value)).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8" if is_page else "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("X-Content-Type-Options", "nosniff")
        for name, text_value in headers:
            self.send_header(name, text_value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def route(self):
        path = self.path.partition("?")[0]
        method = "GET" if self.command == "HEAD" else self.command
        known = [(m, p.fullmatch(path), a, h) for m, p, a, h in ROUTES if p.fullmatch(path)]
        for m, match, access, handler in known:
            if m != method:
                continue
            if access == OWNER and not self.is_owner():
                raise Problem(401, "this is for the shop's owner")
            part = self.cart() if access == FORM else (match.groups() or (None,))[0]
            return handler(self.body(access), part)
        raise Problem(405 if known else 404, "wrong method" if known else "no such page")

    def serve(self):
        with THREADS:
            try:
                status, value = self.route()
                if status == 303:
                    self.answer(303, "", (("Location", value[0]), (
                        "Set-Cookie", f"cart={value[1]}; HttpOnly; SameSite=Lax; Path=/")))
                else:
                    self.answer(status, value)
            except Problem as e:
                extra = (("WWW-Authenticate", 'Basic realm="shop"'),) if e.status == 401 else ()
                self.answer(e.status, {"detail": e.detail}, extra)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = serve


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64


def main():
    os.makedirs(f"{DATA}/orders", exist_ok=True)
    server = Server(("", int(os.environ.get("PORT", "8080"))), Handler)
    # shutdown() waits for the loop, which this very thread runs.
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    server.serve_forever()


if __name__ == "__main__":
    main()
