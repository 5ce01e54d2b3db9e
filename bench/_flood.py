"""Run as a program: flood counter and till from many networks, with one core that pays prices.

It is told by one JSON object what to do, and prints one with what it did. Its networks stand in
the header that our web server configurations write (docs/reference/proof-of-work.md).
"""

import json
import queue
import sys
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count
from multiprocessing import Process, Queue
from typing import Any

from bench._visitor import DECLINED, Visitor, declaration, sign_up
from tests import proofs

SENDERS = 8
KEPT = 20  # proofs and prices that wait at most


@dataclass
class Flood:
    """What all senders share: whom they flood, the solver's queues, and what came of it."""

    orders: Mapping[str, Any]
    prices: "Queue[Any]"
    solved: "Queue[Any]"
    done: Counter[str] = field(default_factory=Counter)
    numbers: Any = field(default_factory=count)

    def send(self, until: float) -> None:
        """Send forms until then, each from the next of the networks."""
        one = Visitor(self.orders["counter"], self.orders["till"])
        while time.monotonic() < until:
            n = next(self.numbers)
            one.network = network(n % self.orders["networks"])
            try:
                self._one_form(one, n)
            except OSError:
                self.done["broken"] += 1

    def _one_form(self, one: Visitor, n: int) -> None:
        if self.orders["role"] == "counter":
            kind, fields = "subscribe", sign_up(f"flood{n}@example.org", self.orders["consent"])
        else:
            kind, fields = "declare", declaration()
        fields |= self._proof()
        answer = one.post("counter", f"/en/{kind}", fields)
        self.done["sent"] += 1
        self.done["taken"] += answer.is_taken
        self.done["paid"] += answer.is_taken and bool(fields.get("stamp"))
        price = proofs.asked(answer.text)
        if price is not None and self.prices.qsize() < KEPT:
            self.prices.put((price, fields.get("address", "")))
        if answer.is_taken and answer.location:
            one.post("till", answer.location, {"handle": DECLINED})
        if self.orders["role"] == "till" and n % SENDERS == 0:
            # Past the counter: what anybody can send to the till itself.
            one.call("/begin", {"amount": 500, "currency": "EUR", "interval": "once"})
            one.post("till", "/pay/nothing", {"handle": DECLINED})
            self.done["sent"] += 2

    def _proof(self) -> dict[str, str]:
        try:
            found, address, stamp = self.solved.get_nowait()
        except queue.Empty:
            return {}
        return {"stamp": stamp, **({"address": address} if found == "subscribe" else {})}


def solve(role: str, prices: "Queue[Any]", solved: "Queue[Any]") -> None:
    """Work with one core: pay prices first; where none is asked, make base proofs."""
    for n in count():
        try:
            price, address = prices.get_nowait()
            stamp, kind = proofs.priced(price, address, proofs.today()), price.kind
        except queue.Empty:
            if role == "till":
                time.sleep(0.01)
                continue
            address, kind = f"worker{n}@example.org", "subscribe"
            stamp = proofs.base(kind, address, proofs.today(), random=f"{n:016}")
        while solved.qsize() >= KEPT:
            time.sleep(0.01)
        solved.put((kind, address, stamp))


def network(n: int) -> str:
    """Return a network of the flood: each in a wider network of its own."""
    return f"11.{n}.0.0"


def hashes_a_second(seconds: float = 0.5) -> float:
    """Return how fast the solver's core is now."""
    started, n = time.monotonic(), 0
    while time.monotonic() - started < seconds:
        sha256(n.to_bytes(36, "big")).digest()
        n += 1
    return n / (time.monotonic() - started)


def main() -> None:
    """Flood for as many seconds as were ordered."""
    orders = json.loads(sys.argv[1])
    rate = hashes_a_second()
    flood = Flood(orders, Queue(), Queue())
    solver = Process(target=solve, args=(orders["role"], flood.prices, flood.solved), daemon=True)
    solver.start()
    until = time.monotonic() + orders["seconds"]
    senders = [threading.Thread(target=flood.send, args=(until,)) for _ in range(SENDERS)]
    for each in senders:
        each.start()
    for each in senders:
        each.join()
    solver.terminate()
    flood.prices.cancel_join_thread()
    flood.solved.cancel_join_thread()
    said = {"hashes_a_second": rate, "rate": flood.done["sent"] / orders["seconds"]}
    sys.stdout.write(json.dumps(said | dict(flood.done)))


if __name__ == "__main__":
    main()
