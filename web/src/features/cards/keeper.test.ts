import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { Keeper, type KeeperState } from "./keeper";

let sent: [number, string][] = [];
let told: KeeperState[] = [];
let answers: (() => Promise<number>)[] = [];

function keeper(): Keeper<string> {
  return new Keeper<string>(1, {
    keep: (version, work) => {
      sent.push([version, work]);
      return answers.shift()?.() ?? Promise.resolve(version + 1);
    },
    onChange: (state) => told.push(state),
  });
}

beforeEach(() => {
  [sent, told, answers] = [[], [], []];
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

describe("keeping", () => {
  it("waits for a moment of quiet, and keeps the last", async () => {
    const one = keeper();
    one.put("a");
    await vi.advanceTimersByTimeAsync(500);
    one.put("ab");
    await vi.advanceTimersByTimeAsync(500);
    expect(sent).toEqual([]);
    await vi.advanceTimersByTimeAsync(500);
    expect([sent, one.version, told.at(-1)]).toEqual([[[1, "ab"]], 2, "kept"]);
  });

  it("does it at once when it is left", async () => {
    const one = keeper();
    one.put("a");
    await one.flush();
    expect(sent).toEqual([[1, "a"]]);
    await one.flush();
    expect(sent).toHaveLength(1);
  });

  it("sends one thing after the other, each on top of the one before", async () => {
    let arrive: (version: number) => void = () => undefined;
    answers.push(() => new Promise((resolve) => (arrive = resolve)));
    const one = keeper();
    one.put("a");
    const first = one.flush();
    one.put("ab");
    const second = one.flush();
    await vi.advanceTimersByTimeAsync(10);
    expect(sent).toEqual([[1, "a"]]);
    arrive(2);
    await Promise.all([first, second]);
    expect([sent, one.version]).toEqual([
      [
        [1, "a"],
        [2, "ab"],
      ],
      3,
    ]);
  });
});

describe("what could not be kept", () => {
  it("is told, waits, and goes with the next try", async () => {
    answers.push(() => Promise.reject(new Error("no answer")));
    const one = keeper();
    one.put("a");
    await expect(one.flush()).rejects.toThrow("no answer");
    expect(told.at(-1)).toBe("failed");
    await one.flush();
    expect([sent.at(-1), told.at(-1)]).toEqual([[1, "a"], "kept"]);
  });

  it("builds on what somebody else made meanwhile", async () => {
    const one = keeper();
    one.rebase(7);
    one.put("a");
    await one.flush();
    expect(sent).toEqual([[7, "a"]]);
  });

  it("is dropped by a decision that carries it", async () => {
    const one = keeper();
    one.put("a");
    one.drop();
    await vi.advanceTimersByTimeAsync(2000);
    expect(sent).toEqual([]);
  });
});
