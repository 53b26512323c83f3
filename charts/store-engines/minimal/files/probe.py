"""Buys a product with cash on delivery as a customer would, sees the order as the owner,
removes it, and checks that it is gone."""
import sys
from client import Refused, call, give_up

BUYER = {"name": "Checkout Probe", "email": "probe@storeward.invalid",
         "address": "1 Main Street, San Francisco", "payment": "cod"}


def leftovers():
    """Orders of an earlier probe that was killed."""
    for order in call("GET", "/orders", admin=True):
        if order["email"] == BUYER["email"]:
            call("DELETE", f"/orders/{order['id']}", admin=True, want=204)


def main():
    step, hint = "products", "run the set-up again"
    try:
        leftovers()
        product = call("GET", "/products")[0]
        step, hint = "cart", "look at the log of StatefulSet shop"
        cart = call("POST", "/carts", {}, want=201)
        call("POST", f"/carts/{cart['id']}/items", {"sku": product["sku"], "quantity": 1})
        step = "checkout"
        order = call("POST", "/orders", {"cart": cart["id"], **BUYER}, want=201)
        step = "order"
        seen = call("GET", f"/orders/{order['id']}", admin=True)
        if seen["total"] != product["price"] or seen["payment"] != "cod":
            give_up(step, f"the order says {seen['total']} by {seen['payment']}, "
                    f"not {product['price']} by cod", hint)
        step = "remove"
        call("DELETE", f"/orders/{order['id']}", admin=True, want=204)
        call("GET", f"/orders/{order['id']}", admin=True, want=404)
    except IndexError:
        give_up(step, "the shop has no product", hint)
    except (OSError, Refused, KeyError, ValueError) as e:
        give_up(step, f"{type(e).__name__}: {e}", hint)
    print(f"bought {product['name']} for {seen['total']}, order {order['id']} seen and removed")


if __name__ == "__main__":
    sys.exit(main())
