import { expect, it } from "vitest";

import { refundsOf } from "@/addresses";
import { connect } from "@/http";

import { refundsExport, refundsWanted } from "./list-state";

it("holds every refund when the address says nothing", () => {
  expect(Object.values(refundsWanted({})).filter((value) => value !== null && value !== "")).toEqual([]);
});

it("has an order that the program knows, or none", () => {
  expect([refundsWanted({ sort: "-refunded_at" }).sort, refundsWanted({ sort: "colour" }).sort]).toEqual([
    "-refunded_at",
    null,
  ]);
});

it("is a file of the same refunds with the columns that are shown", () => {
  connect("http://shop.test");
  const search = {
    ...{ q: "H1-", day: "2026-11-21", from: "2026-11-01", to: "2026-11-30", store: "s", shift: "x" },
    ...{ cashier: "c", sort: "receipt_number", refund: "open" },
  };
  const { pathname, searchParams } = new URL(refundsOf(refundsExport(search, ["receipt", "amount", "none"])));
  expect([pathname, ...[...searchParams].map(([name, value]) => `${name}=${value}`)]).toEqual([
    "/api/v1/pos/refunds.csv",
    "store_id=s",
    "business_day=2026-11-21",
    "business_day[gte]=2026-11-01",
    "business_day[lte]=2026-11-30",
    "cashier_id=c",
    "shift_id=x",
    "q=H1-",
    "sort=receipt_number",
    "column=receipt_number",
    "column=payable",
    "column=currency",
  ]);
});
