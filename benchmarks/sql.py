"""The SQL of a three-line checkout for pgbench: the very statements that the till sends, on the same database."""

import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.shop import Till
from mainstay.db.embedded import EmbeddedPostgres, postgres_bin
from tradepost.pos.repository import sales

_PREPARE = """
CREATE SCHEMA bench;
CREATE TABLE bench.variant (n int PRIMARY KEY, id uuid NOT NULL);
CREATE TABLE bench.till (n int PRIMARY KEY, register_id uuid NOT NULL, shift_id uuid NOT NULL);
"""

_DRAWN = """
SELECT
    gen_random_uuid() AS sale, till.register_id AS register, till.shift_id AS shift,
    zero.id AS id0, one.id AS id1, two.id AS id2
FROM bench.till AS till, bench.variant AS zero, bench.variant AS one, bench.variant AS two
WHERE till.n = :client_id AND zero.n = :v0 AND one.n = :v1 AND two.n = :v2
"""
_SALE = """
SELECT pos_checkout(
    jsonb_build_object(
        'id', :sale::uuid, 'register_id', :register::uuid, 'shift_id', :shift::uuid, 'content_hash', repeat('0', 64),
        'cashier_id', :sale::uuid, 'cashier_name', 'Bench', 'sold_at', now(), 'device_at', now(),
        'business_day', current_date, 'currency', 'EUR', 'prices_include_tax', true, 'rounding_level', 'document',
        'rounding_mode', 'half_up', 'negative_stock', 'allow', 'lines_count', 3, 'subtotal_minor', 3 * 249,
        'discount_minor', 0, 'net_minor', 3 * 249 - 125, 'tax_minor', 125, 'total_minor', 3 * 249,
        'cash_rounding_minor', 0, 'payable_minor', 3 * 249, 'cash_minor', 3 * 249, 'card_minor', 0, 'change_minor', 0,
        'lines', jsonb_build_array({lines}),
        'taxes', '[{{"rate": "20", "net_minor": 622, "tax_minor": 125, "gross_minor": 747}}]'::jsonb,
        'tenders', jsonb_build_array(
            jsonb_build_object('position', 0, 'id', gen_random_uuid(), 'kind', 'cash', 'amount_minor', 3 * 249)
        ),
        'stock', jsonb_build_array({stock})
    ),
    jsonb_build_array(
        jsonb_build_object(
            'id', gen_random_uuid(), 'name', 'pos.sale_completed',
            'payload', jsonb_build_object('sale_id', :sale::uuid),
            'actor_id', NULL, 'request_id', 'bench', 'happened_at', now(), 'jobs', '[]'::jsonb
        )
    )
)
"""
_LINE = """jsonb_build_object(
    'position', {n}, 'id', gen_random_uuid(), 'variant_id', :id{n}::uuid,
    'name', 'Bench', 'quantity', '1', 'unit', 'piece', 'unit_price', '2.49', 'tax_rate', '20', 'list_minor', 249,
    'discount_minor', 0, 'ticket_discount_minor', 0, 'total_minor', 249, 'net_minor', {net}, 'tax_minor', {tax}
)"""
_STOCK = "jsonb_build_object('variant_id', :id{n}::uuid, 'quantity', '-1')"


def connection(data_dir: Path) -> Mapping[str, str]:
    """Return libpq's environment for the program's embedded database."""
    conninfo = EmbeddedPostgres(data_dir, database="tradepost").conninfo()
    names = {"host": "PGHOST", "user": "PGUSER", "dbname": "PGDATABASE", "port": "PGPORT"}
    pairs = dict(re.findall(r"(\w+)=(\S+)", conninfo))
    return {names[key]: value.strip("'") for key, value in pairs.items() if key in names}


def prepare(conninfo: Mapping[str, str], variants: Sequence[str], tills: Sequence[Till]) -> None:
    """Lay the ids that the script draws from into a schema of their own."""
    copied = [f"{n}\t{variant}" for n, variant in enumerate(variants)]
    opened = [f"{n}\t{till.register_id}\t{till.shift_id}" for n, till in enumerate(tills)]
    script = [
        _PREPARE,
        "COPY bench.variant FROM stdin;",
        *copied,
        "\\.",
        "COPY bench.till FROM stdin;",
        *opened,
        "\\.",
        "",
    ]
    command = [str(postgres_bin("psql")), "-q", "-v", "ON_ERROR_STOP=1"]
    subprocess.run(command, input="\n".join(script), env=dict(conninfo), text=True, check=True)


def script(folder: Path, products: int) -> Path:
    """Write the pgbench script over `products` rows: the read of the facts, then the statement that writes the sale.

    Before them the ids are drawn, which takes some microseconds; drawn inside of the statements, they would have the
    server plan for other queries than the till's, such as one that looks for a sale with a fresh id on every row.
    """
    facts = sales.CHECKOUT_FACTS.replace("$1", ":sale::uuid").replace("$2", ":register::uuid")
    facts = facts.replace("$3", "ARRAY[:id0::uuid, :id1::uuid, :id2::uuid]")
    # Taxes of the lines: 747 at 20 % carved out once is 125, shared out as 42, 42 and 41.
    lines = ", ".join(_LINE.format(n=n, tax=tax, net=249 - tax) for n, tax in enumerate((42, 42, 41)))
    stock = ", ".join(_STOCK.format(n=n) for n in range(3))
    draws = "".join(f"\\set v{n} random(0, {products - 1})\n" for n in range(3))
    path = folder / "checkout.sql"
    sale = _SALE.format(lines=lines, stock=stock)
    statements = f"{_on_one_line(_DRAWN)} \\gset\n{_on_one_line(facts)};\n{_on_one_line(sale)};\n"
    path.write_text(draws + statements)
    return path


def _on_one_line(statement: str) -> str:
    """Return a statement as pgbench wants it."""
    return re.sub(r"\s+", " ", statement).strip()
