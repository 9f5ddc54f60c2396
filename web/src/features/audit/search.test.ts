import { describe, expect, it } from "vitest";

import { defined, entriesWanted } from "./search";

describe("which entries are asked for", () => {
  it("is all of them when the address says nothing", () => {
    expect(entriesWanted({})).toEqual({
      act: null,
      actor_id: null,
      object_type: null,
      object_id: null,
      since: null,
      until: null,
    });
  });

  it("is what the address says; the open entry and the name of the actor change nothing", () => {
    expect(
      entriesWanted({
        act: "pos.shift_closed",
        actor: "7",
        name: "Ada",
        type: "pos.shift",
        id: "5",
        entry: "1",
      }),
    ).toMatchObject({ act: "pos.shift_closed", actor_id: "7", object_type: "pos.shift", object_id: "5" });
  });

  it("is both days in full, also over the end of a month", () => {
    const { since, until } = entriesWanted({ since: "2026-01-31", until: "2026-01-31" });

    expect(since).toBe(new Date(2026, 0, 31).toISOString());
    expect(until).toBe(new Date(2026, 1, 1).toISOString());
  });

  it("is not narrowed down by a day that is none", () => {
    expect(entriesWanted({ since: "soon" }).since).toBeNull();
  });
});

it("leaves out of the address what is not set", () => {
  expect(defined({ act: "x.y", since: undefined })).toEqual({ act: "x.y" });
});
