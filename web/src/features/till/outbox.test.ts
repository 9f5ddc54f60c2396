import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { connect } from "@/http";

import { dropFromOutbox, keepInOutbox, readOutbox, type SaleBody, sendSale, waitBefore } from "./outbox";

const sale: SaleBody = {
  id: "s1",
  register_id: "r1",
  shift_id: "f1",
  device_at: "2026-11-21T10:00:00Z",
  lines: [],
  discount: null,
  tenders: [],
  expected_total_minor: 0,
};

beforeEach(() => {
  connect("http://shop.test");
  const kept = new Map<string, string>();
  vi.stubGlobal("localStorage", {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => kept.set(name, value),
    removeItem: (name: string) => kept.delete(name),
  });
});
afterEach(() => vi.unstubAllGlobals());

const answering = (status: number, body: unknown) => () =>
  Promise.resolve(
    new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } }),
  );

describe("the outbox", () => {
  it("keeps a sale once, until it is dropped", () => {
    keepInOutbox("r1", sale);
    keepInOutbox("r1", { ...sale, expected_total_minor: 5 });
    expect(readOutbox("r1").map((one) => one.expected_total_minor)).toEqual([5]);
    dropFromOutbox("r1", "s1");
    expect(readOutbox("r1")).toEqual([]);
  });

  it("waits longer and longer, but never more than 15 seconds", () => {
    expect([1, 2, 3, 4, 5, 9].map(waitBefore)).toEqual([1000, 2000, 4000, 8000, 15000, 15000]);
  });

  it("takes silence and trouble on the other side for unheard", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("network")));
    expect((await sendSale(sale)).kind).toBe("unheard");
    vi.stubGlobal("fetch", answering(503, { status: 503, code: "service_unavailable", detail: "" }));
    expect((await sendSale(sale)).kind).toBe("unheard");
  });

  it("waits as long as it is asked to, and loses nothing", async () => {
    const busy = new Response(JSON.stringify({ status: 429, code: "too_many_requests", detail: "" }), {
      status: 429,
      headers: { "Content-Type": "application/problem+json", "Retry-After": "12" },
    });
    vi.stubGlobal("fetch", () => Promise.resolve(busy));
    keepInOutbox("r1", sale);
    expect(await sendSale(sale)).toEqual({ kind: "later", waitMs: 12_000 });
    expect(readOutbox("r1")).toHaveLength(1);
  });

  it("keeps a sale while nothing can be changed, without taking the program for unreachable", async () => {
    const problem = JSON.stringify({ status: 503, code: "read_only", detail: "" });
    const answer = (retryAfter: string) =>
      new Response(problem, {
        status: 503,
        headers: { "Content-Type": "application/problem+json", "Retry-After": retryAfter },
      });
    keepInOutbox("r1", sale);
    vi.stubGlobal("fetch", () => Promise.resolve(answer("10")));
    expect(await sendSale(sale)).toEqual({ kind: "later", waitMs: 10_000 });
    vi.stubGlobal("fetch", () => Promise.resolve(answer("3600")));
    expect(await sendSale(sale)).toEqual({ kind: "later", waitMs: 15_000 });
    expect(readOutbox("r1")).toHaveLength(1);
  });

  it("keeps a sale while too much is being asked, and comes again when it is told to", async () => {
    const problem = JSON.stringify({ status: 503, code: "overloaded", detail: "" });
    const headers = { "Content-Type": "application/problem+json", "Retry-After": "2" };
    vi.stubGlobal("fetch", () => Promise.resolve(new Response(problem, { status: 503, headers })));
    keepInOutbox("r1", sale);
    expect(await sendSale(sale)).toEqual({ kind: "later", waitMs: 2000 });
    expect(readOutbox("r1")).toEqual([sale]);
    vi.stubGlobal("fetch", answering(201, { id: "s1", receipt_number: "H1-000001" }));
    const [kept] = readOutbox("r1");
    expect(kept && (await sendSale(kept)).kind).toBe("sold");
  });

  it("takes a clear refusal for one", async () => {
    vi.stubGlobal("fetch", answering(409, { status: 409, code: "pos.total_changed", detail: "" }));
    const outcome = await sendSale(sale);
    expect(outcome.kind === "refused" && outcome.failure.code).toBe("pos.total_changed");
  });

  it("keeps a sale for whoever signs in next, when nobody is any more", async () => {
    for (const [status, code] of [
      [401, "identity.not_signed_in"],
      [403, "csrf_failed"],
    ] as const) {
      vi.stubGlobal("fetch", answering(status, { status, code, detail: "" }));
      expect((await sendSale(sale)).kind).toBe("unheard");
    }
    vi.stubGlobal("fetch", answering(403, { status: 403, code: "not_allowed", detail: "" }));
    expect((await sendSale(sale)).kind).toBe("refused");
  });

  it("carries the approval of a sale that needed one", async () => {
    const carried: (string | null)[] = [];
    vi.stubGlobal("fetch", (request: Request) => {
      carried.push(request.headers.get("X-Approval"));
      return answering(201, { id: "s1" })();
    });
    await sendSale(sale, "let-it-be");
    await sendSale(sale);
    expect(carried).toEqual(["let-it-be", null]);
  });

  it("returns the sale that was made", async () => {
    vi.stubGlobal("fetch", answering(201, { id: "s1", receipt_number: "H1-000001" }));
    const outcome = await sendSale(sale);
    expect(outcome.kind === "sold" && outcome.sale.receipt_number).toBe("H1-000001");
  });
});
