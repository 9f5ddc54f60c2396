import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { connect } from "@/http";

import { endLocked, isLocked, keepEnding, noteLocked } from "./lock";

let ended: (string | null)[] = [];

beforeEach(() => {
  connect("http://shop.test");
  ended = [];
  const kept = new Map<string, string>();
  vi.stubGlobal("localStorage", {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => kept.set(name, value),
    removeItem: (name: string) => kept.delete(name),
  });
  noteLocked("grace");
});
afterEach(() => vi.unstubAllGlobals());

const problem = (status: number, code: string) =>
  new Response(JSON.stringify({ title: "", status, code, detail: "" }), { status });

/** Answer as a program where `personId` is signed in; note with which token a session is ended. */
function signedIn(personId: string, ending: () => Response): void {
  vi.stubGlobal("fetch", (request: Request) => {
    if (request.method === "GET") {
      const body = JSON.stringify({ person: { id: personId }, csrf_token: `token of ${personId}` });
      return Promise.resolve(new Response(body, { headers: { "Content-Type": "application/json" } }));
    }
    ended.push(request.headers.get("X-CSRF-Token"));
    return Promise.resolve(ending());
  });
}
const done = () => new Response(null, { status: 204 });

describe("a locked till", () => {
  it("ends the session of whoever locked it, of which a page just loaded has no token", async () => {
    signedIn("grace", done);
    await endLocked();
    expect([ended, isLocked()]).toEqual([["token of grace"], false]);
  });

  it("leaves the session alone that somebody else has begun", async () => {
    signedIn("joan", done);
    await endLocked();
    expect([ended, isLocked()]).toEqual([[], false]);
  });

  it("is nobody's any more when somebody else begins in the same moment", async () => {
    signedIn("grace", () => problem(403, "csrf_failed"));
    await endLocked();
    expect(isLocked()).toBe(false);
  });

  it("is nobody's any more when the session has ended by itself", async () => {
    vi.stubGlobal("fetch", () => Promise.resolve(problem(401, "identity.not_signed_in")));
    await endLocked();
    expect(isLocked()).toBe(false);
  });

  it("stays locked as long as the program is not heard", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("network")));
    await endLocked();
    signedIn("grace", () => problem(503, "service_unavailable"));
    await endLocked();
    expect(isLocked()).toBe(true);
  });
});

describe("a till that was locked without a network", () => {
  const browser = new EventTarget();
  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal("window", Object.assign(browser, { setInterval, clearInterval }));
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("network")));
  });
  afterEach(() => vi.useRealTimers());

  it("is ended when the network returns", async () => {
    const stop = keepEnding();
    await vi.advanceTimersByTimeAsync(100);
    signedIn("grace", done);
    browser.dispatchEvent(new Event("online"));
    await vi.waitFor(() => expect(isLocked()).toBe(false));
    stop();
    expect(ended).toEqual(["token of grace"]);
  });

  it("is ended when the program answers again, and is left alone from then on", async () => {
    const stop = keepEnding();
    await vi.advanceTimersByTimeAsync(25_000);
    expect(isLocked()).toBe(true);
    signedIn("grace", done);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(isLocked()).toBe(false);
    await vi.advanceTimersByTimeAsync(60_000);
    stop();
    expect(ended).toEqual(["token of grace"]);
  });

  it("is not asked for any more once the page is left", async () => {
    keepEnding()();
    await vi.advanceTimersByTimeAsync(100);
    signedIn("grace", done);
    browser.dispatchEvent(new Event("online"));
    await vi.advanceTimersByTimeAsync(60_000);
    expect([ended, isLocked()]).toEqual([[], true]);
  });
});
