import { describe, expect, it } from "vitest";

import type { LikeContactOut } from "@/api";

import { comparedOf, folded } from "./comparing";

const like = (change: Partial<LikeContactOut>): LikeContactOut => ({
  id: "1",
  kind: "person",
  name: "Anna Petrova",
  company_name: null,
  title: null,
  phones: [],
  emails: [],
  archived_at: null,
  ...change,
});

const standings = (one: Partial<LikeContactOut>, other: Partial<LikeContactOut>, field: string) =>
  comparedOf(like(one), like(other))
    .find((row) => row.field === field)
    ?.sides.map((lines) => lines.map((line) => line.map(({ text, standing }) => `${text}: ${standing}`)));

describe("two contacts side by side", () => {
  it("differ in the words of a name that the other does not have", () => {
    expect(standings({ name: "Anna Petrova" }, { name: "PETROVA, Ann" }, "name")).toEqual([
      [["Anna: other", "Petrova: same"]],
      [["PETROVA,: same", "Ann: other"]],
    ]);
  });

  it("have the same number however it is written, and tell the others apart", () => {
    const one = { phones: [{ written: "+7 912 345-67-89", e164: "+79123456789", kind: "mobile" as const }] };
    const phones = [
      { written: "8 912 345 67 89", e164: "+79123456789", kind: "work" as const },
      { written: "12 34", e164: null, kind: "work" as const },
    ];
    expect(standings(one, { phones }, "phones")).toEqual([
      [["+7 912 345-67-89: same"]],
      [["8 912 345 67 89: same"], ["12 34: other"]],
    ]);
  });

  it("do not differ where only one of them has something", () => {
    const [, title] = comparedOf(like({ title: "Buyer" }), like({}));
    expect(title).toEqual({
      field: "title",
      sides: [[[{ text: "Buyer", standing: "only" }]], []],
      differs: false,
    });
  });

  it("show neither what both lack nor a kind that is the same", () => {
    const fields = (other: LikeContactOut) => comparedOf(like({}), other).map(({ field }) => field);
    expect(fields(like({}))).toEqual(["name"]);
    expect(fields(like({ kind: "company" }))).toEqual(["kind", "name"]);
  });
});

it("folds case, accents and punctuation, and leaves other scripts their letters", () => {
  expect([folded("Zoë,"), folded("O’NEILL"), folded("Йод")]).toEqual(["zoe", "oneill", "иод"]);
});
