"""Goes through the checkout as a customer would. PROBE_MODE says how far:
create  buys with cash on delivery, sees the order as the owner, removes it, checks that it is gone
order   the same, or no further than browse where the owner has switched cash on delivery off
browse  up to the ways of paying, without placing an order"""
import os
from client import Refused, call, finish, give_up

MODE = os.environ.get("PROBE_MODE", "create")
BUYER = {"name": "Checkout Probe", "email": "probe@storeward.invalid",
         "address": "1 Main Street, San Francisco", "payment": "cod"}


def leftovers():
    """Orders of an earlier probe that was killed."""
    for order in call("GET", "/orders", admin=True):
        if order["email"] == BUYER["email"]:
            call("DELETE", f"/orders/{order['id']}", admin=True, want=204)


def buy(cart, product):
    order = call("POST", "/orders", {"cart": cart["id"], **BUYER}, want=201)
    seen = call("GET", f"/orders/{order['id']}", admin=True)
    if seen["total"] != product["price"] or seen["payment"] != "cod":
        give_up("order", f"the order says {seen['total']} by {seen['payment']}, not {product['price']} by cod",
                "look at the log of StatefulSet shop")
    call("DELETE", f"/orders/{order['id']}", admin=True, want=204)
    call("GET", f"/orders/{order['id']}", admin=True, want=404)


def main():
    step, hint = "products", "run the set-up again"
    try:
        leftovers()
        product = call("GET", "/products")[0]
        step, hint = "cart", "look at the log of StatefulSet shop"
        cart = call("POST", "/carts", {}, want=201)
        call("POST", f"/carts/{cart['id']}/items", {"sku": product["sku"], "quantity": 1})
        step, hint = "payment", "switch a way of paying on (PUT /payments)"
        payments = call("GET", "/payments")
        if not payments or (MODE == "create" and "cod" not in payments):
            give_up(step, "the checkout offers no way of paying" if not payments else "cash on delivery is off", hint)
        if MODE == "browse" or "cod" not in payments:
            finish(f"Went through the checkout with {product['name']} without placing an order.")
        step, hint = "checkout", "look at the log of StatefulSet shop"
        buy(cart, product)
    except IndexError:
        give_up(step, "the shop has no product", hint)
    except (OSError, Refused, KeyError, ValueError) as e:
        give_up(step, f"{type(e).__name__}: {e}", hint)
    finish(f"Bought {product['name']} for {product['price']} with cash on delivery and removed the order again.")


if __name__ == "__main__":
    main()
