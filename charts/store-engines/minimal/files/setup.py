"""Puts the first products into a new shop. Safe to run again at any point: a shop that has
products keeps its own."""
import json
import sys
import time
from client import Refused, call, give_up

WAIT_S = 180


def wait():
    end = time.monotonic() + WAIT_S
    while True:
        try:
            return call("GET", "/products")
        except (OSError, Refused) as e:
            if time.monotonic() > end:
                give_up("wait", f"the shop did not answer within {WAIT_S} s ({e})",
                        "look at the log of StatefulSet shop")
            time.sleep(0.5)


def main():
    if wait():
        print("products: there already")
        return
    with open("/storeward/products.json", encoding="utf-8") as f:
        products = json.load(f)
    try:
        call("PUT", "/products", products, admin=True)
        seen = call("GET", "/products")
    except (OSError, Refused) as e:
        give_up("products", str(e), "look at the log of StatefulSet shop")
    if len(seen) != len(products):
        give_up("products", f"{len(seen)} of {len(products)} products arrived",
                "look at the log of StatefulSet shop")
    print(f"products: {len(seen)} added")


if __name__ == "__main__":
    sys.exit(main())
