import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { CardUploadOut } from "@/api";
import { ApiProblem } from "@/http";

import { type Parcel, UploadQueue } from "./upload-queue";

type Way = {
  parcel: Parcel;
  progress: (share: number) => void;
  arrive: () => void;
  fail: (failure?: Error) => void;
};

let ways: Way[] = [];
let kept: Set<string> = new Set();

function queue(): UploadQueue {
  return new UploadQueue({
    send: (parcel, progress) =>
      new Promise<CardUploadOut>((resolve, reject) => {
        const arrive = () => resolve({ batch_id: parcel.batchId, photos: [], refused: [], is_repeat: false });
        ways.push({ parcel, progress, arrive, fail: (failure = new Error("no answer")) => reject(failure) });
      }),
    keep: ({ id }) => Promise.resolve(void kept.add(id)),
    forget: (id) => Promise.resolve(void kept.delete(id)),
  });
}

const parcel = (id: string): Parcel => ({ id, batchId: "b", file: new File(["x"], `${id}.jpg`) });
const states = (one: UploadQueue) => one.all.map(({ id, state }) => `${id} ${state}`);
const soon = () => new Promise((resolve) => setTimeout(resolve, 0));

beforeEach(() => {
  ways = [];
  kept = new Set();
});

afterEach(() => vi.useRealTimers());

describe("files on their way", () => {
  it("go three at a time, in their order", async () => {
    const one = queue();
    one.add(["1", "2", "3", "4", "5"].map(parcel));
    expect(ways.map((way) => way.parcel.id)).toEqual(["1", "2", "3"]);
    ways[1]?.arrive();
    await soon();
    expect(states(one)).toEqual(["1 sending", "2 sent", "3 sending", "4 sending", "5 waiting"]);
  });

  it("tell how far each is", () => {
    const one = queue();
    let looked = 0;
    one.watch(() => (looked += 1));
    one.add([parcel("1")]);
    ways[0]?.progress(0.4);
    expect(one.all[0]).toMatchObject({ filename: "1.jpg", state: "sending", progress: 0.4 });
    expect(looked).toBeGreaterThan(1);
  });

  it("are not sent twice when they are added again", () => {
    const one = queue();
    one.add([parcel("1")]);
    one.add([parcel("1"), parcel("2")]);
    expect(ways.map((way) => way.parcel.id)).toEqual(["1", "2"]);
  });

  it("wait as long as the program asks, all of them, and go on by themselves", async () => {
    vi.useFakeTimers();
    const one = queue();
    one.add(["1", "2", "3", "4"].map(parcel));
    ways[0]?.fail(new ApiProblem({ title: "", status: 429, code: "too_many_requests", detail: "" }, 12));
    await vi.advanceTimersByTimeAsync(11_999);
    expect(states(one)).toEqual(["1 waiting", "2 sending", "3 sending", "4 waiting"]);
    await vi.advanceTimersByTimeAsync(1);
    expect(states(one)).toEqual(["1 sending", "2 sending", "3 sending", "4 waiting"]);
    expect([...kept]).toEqual(["1", "2", "3", "4"]);
  });

  it("are remembered until they are there", async () => {
    const one = queue();
    one.add([parcel("1"), parcel("2")]);
    expect([...kept]).toEqual(["1", "2"]);
    ways[0]?.arrive();
    ways[1]?.fail();
    await soon();
    expect([...kept]).toEqual(["2"]);
  });
});

describe("a file that did not arrive", () => {
  it("stops no other, and is tried again under the same id", async () => {
    const one = queue();
    one.add(["1", "2", "3", "4"].map(parcel));
    ways[0]?.fail();
    await soon();
    expect(states(one)).toEqual(["1 failed", "2 sending", "3 sending", "4 sending"]);
    ways[1]?.arrive();
    await soon();
    one.retry("1");
    expect(ways.at(-1)?.parcel.id).toBe("1");
    expect(one.all[0]).toMatchObject({ state: "sending", failure: null });
  });

  it("is forgotten when it is put away", async () => {
    const one = queue();
    one.add([parcel("1")]);
    ways[0]?.fail();
    await soon();
    one.dismiss("1");
    expect([one.all, [...kept]]).toEqual([[], []]);
  });
});
