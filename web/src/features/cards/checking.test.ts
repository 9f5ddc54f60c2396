import { beforeEach, describe, expect, it } from "vitest";

import type { CardOut } from "@/api";
import { ApiProblem } from "@/http";

import { Checking, type Sent, sentOf } from "./checking";

const CARD: CardOut = {
  id: "c1",
  photo_id: "p1",
  batch_id: "b1",
  number: 1,
  state: "draft",
  version: 1,
  photo_width: 100,
  photo_height: 60,
  place: [
    [0, 0],
    [100, 0],
    [100, 60],
    [0, 60],
  ],
  boxes: [],
  fields: [{ kind: "name", index: 0, value: "Anna", confidence: 0.7, box_ids: [] }],
  contact: { name: "Anna", title: "Buyer" },
  contact_id: null,
  joined_to: null,
  sides: [],
  code: "",
  decided_at: null,
};

let stored: CardOut;
let sent: [number, Sent][] = [];

const clash = () => new ApiProblem({ title: "", status: 412, code: "version_conflict", detail: "" });

function checking(): Checking {
  return new Checking(stored, {
    keep: (version, body) => {
      sent.push([version, body]);
      if (version !== stored.version) return Promise.reject(clash());
      stored = { ...stored, ...body, version: version + 1 };
      return Promise.resolve(stored);
    },
    present: () => Promise.resolve(stored),
  });
}

beforeEach(() => {
  stored = CARD;
  sent = [];
});

describe("a card under review", () => {
  it("keeps what is typed, and tells the version to decide on", async () => {
    const one = checking();
    one.type({ name: "Anna Kern" });
    await one.flush();
    expect(sent).toEqual([[1, sentOf(one.work)]]);
    expect(await one.ready()).toBe(2);
    expect(one.state.kept).toBe("kept");
  });

  it("undoes, and keeps that too", async () => {
    const one = checking();
    one.type({ name: "Anna Kern" });
    one.undo();
    await one.flush();
    expect(sent.at(-1)?.[1].contact.name).toBe("Anna");
  });

  it("does not send what a decision carries", async () => {
    const one = checking();
    one.type({ name: "Anna Kern" });
    expect(await one.ready()).toBe(1);
    expect(sent).toEqual([]);
  });
});

describe("a card that somebody else changes too", () => {
  it("takes over other fields, and goes on from there", async () => {
    const one = checking();
    stored = { ...stored, version: 5, contact: { ...stored.contact, title: "Head buyer" } };
    one.type({ name: "Anna Kern" });
    await one.flush();
    await one.meet();
    expect([one.work.draft.name, one.work.draft.title]).toEqual(["Anna Kern", "Head buyer"]);
    expect(one.state).toMatchObject({ isTakenOver: true, clashes: [], failure: null });
    await one.flush();
    expect([stored.version, stored.contact.name]).toEqual([6, "Anna Kern"]);
  });

  it("asks about the same field, and does what is chosen", async () => {
    const one = checking();
    stored = { ...stored, version: 5, contact: { ...stored.contact, name: "Anne" } };
    one.type({ name: "Anna Kern" });
    await one.flush();
    await one.meet();
    const [first] = one.state.clashes;
    if (first === undefined) throw new Error("a clash is expected");
    expect([first.field, first.theirs.name, first.mine.name]).toEqual(["name", "Anne", "Anna Kern"]);
    one.settle(first, true);
    expect([one.work.draft.name, one.state.clashes]).toEqual(["Anne", []]);
  });

  it("puts nothing on top of theirs before it is settled, and then what was kept", async () => {
    const one = checking();
    stored = { ...stored, version: 5, contact: { ...stored.contact, name: "Anne" } };
    one.type({ name: "Anna Kern" });
    await one.flush();
    await one.meet();
    one.type({ title: "Head buyer" });
    await one.flush();
    expect([stored.version, stored.contact.name]).toEqual([5, "Anne"]);
    const [first] = one.state.clashes;
    if (first === undefined) throw new Error("a clash is expected");
    one.settle(first, false);
    await one.flush();
    expect(stored.contact).toMatchObject({ name: "Anna Kern", title: "Head buyer" });
  });

  it("is nobody's any more when it was decided", async () => {
    const one = checking();
    stored = { ...stored, version: 5, state: "accepted" };
    await one.meet();
    expect(one.state.isDecided).toBe(true);
  });
});
