import { expect, it } from "vitest";

import { ApiProblem, NoAnswer } from "./http";
import { askedToWait, isWorthRetrying, retryDelay } from "./retrying";

const refused = (status: number, retryAfter?: number, code = "c") =>
  new ApiProblem({ title: "t", status, code, detail: "d" }, retryAfter);

it("waits as long as the program asks, and a second when it does not say", () => {
  expect(askedToWait(refused(429, 7))).toBe(7000);
  expect(askedToWait(refused(429))).toBe(1000);
  expect(retryDelay(0, refused(429, 7))).toBe(7000);
});

it("waits as long as it is asked to where too much is being asked", () => {
  const busy = refused(503, 3, "overloaded");
  expect([askedToWait(busy), retryDelay(2, busy), isWorthRetrying(2, busy)]).toEqual([3000, 3000, true]);
  expect(askedToWait(refused(503, undefined, "overloaded"))).toBe(1000);
});

it("waits until the virus scanner is back, and does not leave a person before an empty page for it", () => {
  const away = refused(503, 30, "files.scanner_away");
  expect([askedToWait(away), retryDelay(0, away), isWorthRetrying(0, away)]).toEqual([30_000, 30_000, false]);
});

it("is not asked to wait by anything else", () => {
  expect([refused(503, 7), refused(409), new NoAnswer(null), null].map(askedToWait)).toEqual(
    Array(4).fill(undefined),
  );
});

it("tries again after silence, trouble and a short wait, but not for ever", () => {
  const passing = [new NoAnswer(null), refused(503), refused(429, 10)];
  expect(passing.map((failure) => isWorthRetrying(2, failure))).toEqual([true, true, true]);
  expect(passing.map((failure) => isWorthRetrying(3, failure))).toEqual([false, false, false]);
});

it("leaves refusals and long waits to the person", () => {
  expect(
    [refused(404), refused(422), refused(429, 11)].map((failure) => isWorthRetrying(0, failure)),
  ).toEqual([false, false, false]);
});

it("waits longer and longer after silence", () => {
  expect([0, 1, 2, 9].map((count) => retryDelay(count, new NoAnswer(null)))).toEqual([
    1000, 2000, 4000, 30000,
  ]);
});
