import { expect, it } from "vitest";

import { refundsOf } from "@/addresses";
import { connect } from "@/http";

import { refundsExport, refundsWanted } from "./list-state";

it("holds every refund when the address says nothing", () => {
  expect(refundsWanted({})).toEqual({ store_id: null, business_day: null, shift_id: null, q: "" });
});

it("is a file of the same refunds with the columns that are shown", () => {
  connect("http://shop.test");
  const search = { q: "H1-", day: "2026-11-21", store: "s", shift: "x", refund: "open" };
  const { pathname, searchParams } = new URL(refundsOf(refundsExport(search, ["receipt", "amount", "none"])));
  expect([pathname, ...[...searchParams].map(([name, value]) => `${name}=${value}`)]).toEqual([
    "/api/v1/pos/refunds.csv",
    "store_id=s",
    "business_day=2026-11-21",
    "shift_id=x",
    "q=H1-",
    "column=receipt_number",
    "column=payable",
    "column=currency",
  ]);
});
