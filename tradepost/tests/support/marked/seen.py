"""What a program tells of itself, received: traces by a collector and errors by a tracker; and a sale to tell of."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
from shopfloor import created, line_in, product_factory, sale_in, tender_in, till_factory

from mainstay import crypto, ids
from mainstay.testing.client import Client
from mainstay.testing.collector import Collector, listening_aside, until
from mainstay.testing.process import ProgramProcess
from mainstay.testing.receiver import Receiver
from marked import Kept, Output

SALES: Final = "/api/v1/pos/sales"
LOST: Final = "/api/v1/elsewhere"
# A test card of the networks, which no bank has given to anybody.
CARD: Final = "4111111111111111"
PHONE: Final = "+4930123456789"
# What the database says of a payment, as the driver tells it in its exception; the server's own log leaves it out.
CRASH: Final = """
CREATE FUNCTION refuse_payment() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    RAISE EXCEPTION 'refused' USING DETAIL = NEW.reference || ' with {card} by {phone}, token={token}';
END $$;
CREATE TRIGGER refused BEFORE INSERT ON pos_payment FOR EACH ROW EXECUTE FUNCTION refuse_payment()
"""

# A request by its route and how it was answered.
Step = tuple[str | None, int]


@dataclass
class Seen:
    """Who receives what a program tells of itself, and whose data it was shown: nobody outside may be told of it."""

    collector: Collector = field(default_factory=Collector)
    tracker: Receiver = field(default_factory=Receiver)
    people: Kept = field(default_factory=Kept)

    @contextmanager
    def listening(self) -> Iterator["Seen"]:
        """Receive inside the block."""
        with ExitStack() as stack:
            stack.enter_context(self.collector.aside())
            stack.enter_context(listening_aside(self.tracker))
            yield self

    def dsn(self, key: str) -> str:
        """Return what a program is told of the tracker."""
        return f"http://{key}@127.0.0.1:{self.tracker.port}/7"

    def outputs(self, program: ProgramProcess) -> list[Output]:
        """Return all that the program has told: by what it logs, its traces and its errors."""
        return [
            Output("stdout", program.log_path.read_bytes()),
            *(Output("traces", got.body) for got in list(self.collector.receiver.got)),
            *(Output("errors", got.body) for got in list(self.tracker.got)),
        ]

    def in_log(self, program: ProgramProcess) -> set[Step]:
        """Return the requests that the log has."""
        return {(line["route"], line["status"]) for line in program.log() if line["event"] == "request"}

    def in_traces(self) -> set[Step]:
        """Return the requests that have come as traces."""
        found = [each.attributes for each in list(self.collector.spans) if each.kind == "server"]
        return {(each.get("http.route"), each["http.response.status_code"]) for each in found}

    def in_errors(self) -> set[str]:
        """Return the routes whose errors have come."""
        events: list[dict[str, Any]] = [orjson.loads(got.body.split(b"\n")[2]) for got in list(self.tracker.got)]
        return {event["transaction"] for event in events}


async def pay(owner: Client, program: ProgramProcess, seen: Seen, kept: Kept) -> None:
    """Look for a customer, sell by card with the customer's address on the payment, and have that crash once."""
    mail = seen.people.mark("a customer's address", f"payer-{ids.new_id().hex}@customers.example")
    seen.people.mark("a customer's card", CARD)
    seen.people.mark("a customer's phone", PHONE)
    till = await till_factory(owner)()
    product = await product_factory(owner, till)(stock="5")
    assert (await owner.get("/api/v1/crm/contacts", params={"q": mail})).status_code == 200
    assert (await owner.get(f"{LOST}/{mail}/{CARD}")).status_code == 404

    def sale() -> dict[str, Any]:
        return sale_in(
            till, [line_in(product)], 249, tenders=[tender_in(249, "card", reference=mail, card_last4="1111")]
        )

    await created(owner, SALES, sale())
    token = kept.mark("a token in an exception", crypto.new_token(9))
    program.ask(CRASH.format(card=CARD, phone=PHONE, token=token))
    assert (await owner.post(SALES, json=sale())).status_code == 500
    program.ask("DROP TRIGGER refused ON pos_payment")
    program.ask("DROP FUNCTION refuse_payment")


async def arrived(seen: Seen, steps: set[Step], errors: set[str]) -> None:
    """Wait until the collector has the requests and the tracker the errors. Raises TimeoutError."""
    await until(lambda: steps <= seen.in_traces() and errors <= seen.in_errors())
