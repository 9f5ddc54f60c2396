import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { rejectedRowsOf, streamOf } from "./addresses";
import {
  catalogImportFile,
  catalogListVariants,
  identityInvitePerson,
  identitySignOut,
  posScanCode,
  shopGetShop,
  stockListLevels,
} from "./api";
import {
  ApiProblem,
  connect,
  NoAnswer,
  sendBytes,
  setCsrfToken,
  whenFactorIsStale,
  whenSignedOut,
  whenTokenIsOld,
} from "./http";

const ORIGIN = "http://shop.test";
let asked: Request[] = [];

function answer(status: number, body: string | null, type = "application/json"): void {
  vi.stubGlobal("fetch", (request: Request) => {
    asked.push(request);
    return Promise.resolve(new Response(body, { status, headers: { "Content-Type": type } }));
  });
}

const failureOf = (call: Promise<unknown>) =>
  call.then(
    () => null,
    (failure: unknown) => failure,
  );

beforeEach(() => {
  asked = [];
  connect(ORIGIN);
  setCsrfToken("token-1");
});
afterEach(() => vi.unstubAllGlobals());

describe("a call on its way out", () => {
  it("carries its reference, and the token when it writes", async () => {
    answer(200, "{}");
    await identityInvitePerson({ body: { id: "i1", name: "A", email: "a@b.example", role: "cashier" } });
    await shopGetShop();
    expect(asked.map((one) => one.headers.get("X-CSRF-Token"))).toEqual(["token-1", null]);
    expect(asked[0]?.headers.get("X-Request-ID")).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    expect(asked[0]?.headers.get("X-Request-ID")).not.toBe(asked[1]?.headers.get("X-Request-ID"));
    expect(asked[0]?.headers.get("Content-Type")).toBe("application/json");
    expect(asked[0]?.credentials).toBe("same-origin");
  });

  it("is announced once, however often the client is connected", async () => {
    connect(ORIGIN);
    const signedOut = vi.fn();
    whenSignedOut(signedOut);
    answer(401, JSON.stringify({ status: 401, code: "identity.not_signed_in", title: "", detail: "" }));
    await failureOf(shopGetShop());
    expect(signedOut).toHaveBeenCalledTimes(1);
  });

  it("writes lists, letters of every script and absent values as the program reads them", async () => {
    answer(200, '{"items":[]}');
    await stockListLevels({ query: { store_id: "s1", variant_id: ["a", "b"] } });
    await catalogListVariants({ query: { q: "чай & 5%", sort: null, cursor: null } });
    await posScanCode({ path: { code: "A/1 #ü" }, query: { store_id: "s1" } });
    expect(asked.map((one) => one.url.slice(`${ORIGIN}/api/v1`.length))).toEqual([
      "/stock/levels?store_id=s1&variant_id=a&variant_id=b",
      `/catalog/variants?q=${encodeURIComponent("чай & 5%")}`,
      `/pos/find/by-code/${encodeURIComponent("A/1 #ü")}?store_id=s1`,
    ]);
  });

  it("sends a file as it is", async () => {
    answer(202, "{}");
    await catalogImportFile({
      query: { id: "i1", filename: "a.csv", store_id: "s1" },
      body: new Blob(["sku;price\n1;2"]),
      headers: { "Content-Type": "application/octet-stream" },
    });
    expect(asked[0]?.headers.get("Content-Type")).toBe("application/octet-stream");
    expect(await asked[0]?.text()).toBe("sku;price\n1;2");
  });
});

describe("what comes back", () => {
  it("is the answer itself", async () => {
    answer(200, '{"business":null,"stores":[],"tax_rates":[]}');
    expect(await shopGetShop()).toEqual({ business: null, stores: [], tax_rates: [] });
    answer(204, null);
    await expect(identitySignOut()).resolves.toBeDefined();
  });

  it("is a problem with its code, its reference and its facts", async () => {
    const problem = { status: 409, code: "pos.total_changed", title: "t", detail: "d", total_minor: 5 };
    answer(409, JSON.stringify({ ...problem, request_id: "r1" }), "application/problem+json");
    const failure = await failureOf(shopGetShop());
    expect(failure).toBeInstanceOf(ApiProblem);
    expect(failure).toMatchObject({ code: "pos.total_changed", status: 409, message: "d" });
    expect((failure as ApiProblem).problem).toMatchObject({ request_id: "r1", total_minor: 5 });
  });

  it("is a problem too when somebody between us answers in another language", async () => {
    answer(502, "<html>bad gateway</html>", "text/html");
    const failure = await failureOf(shopGetShop());
    expect(failure).toMatchObject({ code: "unreadable", status: 502 });
    answer(502, "[]");
    expect(await failureOf(shopGetShop())).toMatchObject({ code: "unreadable", status: 502 });
  });

  it.each([
    ["12", 12],
    ["Wed, 21 Oct 2026 07:28:00 GMT", undefined],
    ["-1", undefined],
  ])("says how long to wait: %s", async (header, seconds) => {
    const body = JSON.stringify({ title: "", status: 429, code: "too_many_requests", detail: "" });
    const reply = new Response(body, { status: 429, headers: { "Retry-After": header } });
    vi.stubGlobal("fetch", () => Promise.resolve(reply));
    expect(((await failureOf(shopGetShop())) as ApiProblem).retryAfter).toBe(seconds);
  });

  it("is no answer when nobody is there, or when it breaks off", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("network")));
    expect(await failureOf(shopGetShop())).toBeInstanceOf(NoAnswer);
    answer(200, '{"business":');
    expect(await failureOf(shopGetShop())).toBeInstanceOf(NoAnswer);
  });

  it("is the caller's own doing when the call was given up", async () => {
    vi.stubGlobal("fetch", (request: Request) => fetchUntilAborted(request));
    const failure = await failureOf(shopGetShop({ signal: AbortSignal.timeout(5) }));
    expect(failure).toMatchObject({ name: "TimeoutError" });
  });

  it("tells that nobody is signed in, and nothing else with that status", async () => {
    const signedOut = vi.fn();
    whenSignedOut(signedOut);
    answer(401, JSON.stringify({ status: 401, code: "identity.wrong_credentials", title: "", detail: "" }));
    await failureOf(shopGetShop());
    expect(signedOut).not.toHaveBeenCalled();
    answer(401, JSON.stringify({ status: 401, code: "identity.not_signed_in", title: "", detail: "" }));
    await failureOf(shopGetShop());
    expect(signedOut).toHaveBeenCalledTimes(1);
  });

  it("tells nothing about the session that has followed the one it was asked in", async () => {
    const signedOut = vi.fn();
    whenSignedOut(signedOut);
    vi.stubGlobal("fetch", () => {
      setCsrfToken("token-2");
      return Promise.resolve(new Response(NOBODY, { status: 401 }));
    });
    expect(await failureOf(shopGetShop())).toMatchObject({ status: 401 });
    expect(signedOut).not.toHaveBeenCalled();
    await failureOf(shopGetShop());
    expect(signedOut).toHaveBeenCalledTimes(1);
  });
});

const NOBODY = JSON.stringify({ status: 401, code: "identity.not_signed_in", title: "", detail: "" });

function fetchUntilAborted(request: Request): Promise<Response> {
  return new Promise((_resolve, reject) =>
    request.signal.addEventListener("abort", () => reject(request.signal.reason as Error)),
  );
}

it("gives the browser whole addresses", () => {
  expect(rejectedRowsOf("i 1")).toBe(`${ORIGIN}/api/v1/catalog/imports/i%201/rejected.csv`);
  expect(streamOf(undefined)).toBe(`${ORIGIN}/api/v1/insight/today/stream`);
  expect(streamOf("s1")).toBe(`${ORIGIN}/api/v1/insight/today/stream?store_id=s1`);
});

describe("a file on its way", () => {
  /** The parts of a browser's XMLHttpRequest that are used. */
  class Sent {
    static last: Sent;
    status = 0;
    statusText = "";
    responseText = "";
    retryAfter: string | null = null;
    upload: { onprogress: (event: { loaded: number; total: number }) => void } = {
      onprogress: () => undefined,
    };
    onload: () => void = () => undefined;
    onerror: () => void = () => undefined;
    address = "";
    headers: Record<string, string> = {};
    body: unknown;
    open(method: string, address: string): void {
      this.address = `${method} ${address}`;
    }
    setRequestHeader(name: string, value: string): void {
      this.headers[name] = value;
    }
    getResponseHeader(name: string): string | null {
      return name === "Retry-After" ? this.retryAfter : null;
    }
    send(body: unknown): void {
      this.body = body;
      Sent.last = this;
    }
    reply(status: number, text: string): void {
      Object.assign(this, { status, responseText: text });
      this.onload();
    }
  }
  const file = new Blob(["picture"]);

  beforeEach(() => vi.stubGlobal("XMLHttpRequest", Sent));

  it("carries the token and its reference, tells how much is there, and gives the answer back", async () => {
    const shares: number[] = [];
    const sent = sendBytes("/somewhere", file, (share) => shares.push(share));
    const { last } = Sent;
    last.upload.onprogress({ loaded: 1, total: 4 });
    last.upload.onprogress({ loaded: 0, total: 0 });
    last.reply(201, '{"batch_id":"b"}');
    expect(await sent).toEqual({ batch_id: "b" });
    expect([shares, last.address, last.body]).toEqual([[0.25, 1], "POST /somewhere", file]);
    expect(last.headers).toMatchObject({
      "X-CSRF-Token": "token-1",
      "Content-Type": "application/octet-stream",
    });
    expect(last.headers["X-Request-ID"]).toMatch(/^[0-9a-f]{8}-/);
  });

  it("is refused with the program's own words, also where a page stands in for them", async () => {
    const failed = failureOf(sendBytes("/somewhere", file, () => undefined));
    Sent.last.reply(
      422,
      JSON.stringify({ title: "", status: 422, code: "crm.picture_wrong_kind", detail: "No." }),
    );
    expect(await failed).toMatchObject({ code: "crm.picture_wrong_kind", message: "No." });
    const proxied = failureOf(sendBytes("/somewhere", file, () => undefined));
    Sent.last.reply(502, "<html>");
    expect(await proxied).toMatchObject({ status: 502, code: "unreadable" });
  });

  it("is told how long to wait", async () => {
    const failed = failureOf(sendBytes("/somewhere", file, () => undefined));
    Sent.last.retryAfter = "7";
    Sent.last.reply(429, JSON.stringify({ title: "", status: 429, code: "too_many_requests", detail: "" }));
    expect(await failed).toMatchObject({ status: 429, retryAfter: 7 });
  });

  it("tells of a session that has ended only while it is still the present one", async () => {
    const signedOut = vi.fn();
    whenSignedOut(signedOut);
    const late = failureOf(sendBytes("/somewhere", file, () => undefined));
    setCsrfToken("token-2");
    Sent.last.reply(401, NOBODY);
    await late;
    expect(signedOut).not.toHaveBeenCalled();
    const present = failureOf(sendBytes("/somewhere", file, () => undefined));
    Sent.last.reply(401, NOBODY);
    await present;
    expect(signedOut).toHaveBeenCalledTimes(1);
  });

  it("may find nobody there", async () => {
    const failed = failureOf(sendBytes("/somewhere", file, () => undefined));
    Sent.last.onerror();
    expect(await failed).toBeInstanceOf(NoAnswer);
  });
});

describe("a write that needs more than the right", () => {
  const refused = (code: string) =>
    new Response(JSON.stringify({ title: "t", status: 403, code, detail: "d" }), { status: 403 });
  const invitation = {
    id: "01926e6a-0000-7000-8000-000000000001",
    name: "Grace",
    email: "grace@shop.example",
    role: "owner",
  } as const;

  /** Refuse the first call with `code`, and tell what each call carried. */
  function refuseOnce(code: string): { token: string | null; body: string }[] {
    const calls: { token: string | null; body: string }[] = [];
    vi.stubGlobal("fetch", async (request: Request) => {
      calls.push({ token: request.headers.get("X-CSRF-Token"), body: await request.text() });
      return calls.length === 1 ? refused(code) : new Response("{}", { status: 201 });
    });
    return calls;
  }

  afterEach(() => {
    whenFactorIsStale(() => Promise.resolve(false));
    whenTokenIsOld(() => Promise.resolve(false));
  });

  it("is repeated as it was, with the new token, after the factor was given", async () => {
    const calls = refuseOnce("fresh_factor_needed");
    whenFactorIsStale(() => {
      setCsrfToken("token-2");
      return Promise.resolve(true);
    });
    await identityInvitePerson({ body: invitation });
    expect(calls.map((call) => call.token)).toEqual(["token-1", "token-2"]);
    expect(calls[1]?.body).toBe(calls[0]?.body);
    expect(calls[0]?.body).toContain("Grace");
  });

  it("tells when the session has ended that it was repeated in", async () => {
    const signedOut = vi.fn();
    whenSignedOut(signedOut);
    const answers = [refused("csrf_failed"), new Response(NOBODY, { status: 401 })];
    vi.stubGlobal("fetch", () => Promise.resolve(answers.shift()));
    whenTokenIsOld(() => {
      setCsrfToken("token-4");
      return Promise.resolve(true);
    });
    await failureOf(identityInvitePerson({ body: invitation }));
    expect(signedOut).toHaveBeenCalledTimes(1);
  });

  it("stays refused when the person does not want to", async () => {
    const calls = refuseOnce("fresh_factor_needed");
    const failure = await failureOf(identityInvitePerson({ body: invitation }));
    expect(failure).toBeInstanceOf(ApiProblem);
    expect(calls).toHaveLength(1);
  });

  it("is repeated after the token was read anew", async () => {
    const calls = refuseOnce("csrf_failed");
    whenTokenIsOld(() => {
      setCsrfToken("token-3");
      return Promise.resolve(true);
    });
    await identityInvitePerson({ body: invitation });
    expect(calls.map((call) => call.token)).toEqual(["token-1", "token-3"]);
  });

  it("is not repeated for any other refusal", async () => {
    const calls = refuseOnce("not_allowed");
    whenFactorIsStale(() => Promise.resolve(true));
    whenTokenIsOld(() => Promise.resolve(true));
    expect(await failureOf(identityInvitePerson({ body: invitation }))).toBeInstanceOf(ApiProblem);
    expect(calls).toHaveLength(1);
  });
});
