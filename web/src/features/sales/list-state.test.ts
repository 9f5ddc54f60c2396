import { beforeEach, describe, expect, it } from "vitest";

import { salesOf, shiftsOf } from "@/addresses";
import { connect } from "@/http";

import { salesExport, salesWanted, shiftsExport } from "./list-state";

beforeEach(() => connect("http://shop.test"));

const parts = (address: string) => {
  const { pathname, searchParams } = new URL(address);
  return [pathname, ...[...searchParams].map(([name, value]) => `${name}=${value}`)];
};

describe("what the list of sales holds", () => {
  it("is everything when the address says nothing", () => {
    expect(salesWanted({})).toEqual({
      store_id: null,
      business_day: null,
      shift_id: null,
      variant_id: null,
      "business_day[gte]": null,
      "business_day[lte]": null,
      cashier_id: null,
      hour: null,
      q: "",
      sort: null,
    });
  });

  it("is what the address says; the open sale and the columns change nothing", () => {
    expect(
      salesWanted({
        q: "H1-",
        day: "2026-11-21",
        from: "2026-11-01",
        to: "2026-11-30",
        cashier: "c",
        sort: "-total_minor",
        store: "s",
        shift: "f",
        variant: "v",
        hour: "10",
        sale: "x",
        columns: "lines",
      }),
    ).toEqual({
      store_id: "s",
      business_day: "2026-11-21",
      shift_id: "f",
      variant_id: "v",
      "business_day[gte]": "2026-11-01",
      "business_day[lte]": "2026-11-30",
      cashier_id: "c",
      hour: 10,
      q: "H1-",
      sort: "-total_minor",
    });
  });

  it("has the order of the program when the address says one that is not known", () => {
    expect(salesWanted({ sort: "cashier_name" }).sort).toBeNull();
  });
});

describe("a file", () => {
  it("is asked for with the days between which it lies and in the order that is shown", () => {
    expect(
      parts(salesOf(salesExport({ from: "2026-11-01", to: "2026-11-30", sort: "-total_minor" }, []))),
    ).toEqual([
      "/api/v1/pos/sales.csv",
      "business_day[gte]=2026-11-01",
      "business_day[lte]=2026-11-30",
      "q=",
      "sort=-total_minor",
    ]);
  });

  it("holds the same sales, with the columns that are shown", () => {
    expect(parts(salesOf(salesExport({ q: "H1", day: "2026-11-21" }, ["receipt", "total", "time"])))).toEqual(
      [
        "/api/v1/pos/sales.csv",
        "business_day=2026-11-21",
        "q=H1",
        "column=receipt_number",
        "column=total",
        "column=currency",
        "column=sold_at",
      ],
    );
  });

  it("holds the same shifts, with the columns that are shown", () => {
    expect(parts(shiftsOf(shiftsExport({ register: "r" }, ["register", "difference", "unknown"])))).toEqual([
      "/api/v1/pos/shifts.csv",
      "register_id=r",
      "column=register_name",
      "column=store_name",
      "column=difference",
    ]);
  });
});
