import { describe, expect, it } from "vitest";

import type { ReasonOut } from "@/api";

import { saidOf } from "./reasons";

const reason = (code: string, points: number, more: Partial<ReasonOut> = {}): ReasonOut => ({
  code,
  points,
  value: "",
  similarity: null,
  how: null,
  transliterated: false,
  ...more,
});

describe("the reasons that are said", () => {
  it("are those for it before those against it, the weightiest first", () => {
    const said = saidOf([
      reason("same_mobile", 8),
      reason("name_different", -4),
      reason("same_city", 1),
      reason("different_address", -1),
    ]);
    expect(said.map(({ code }) => code)).toEqual([
      "same_mobile",
      "same_city",
      "name_different",
      "different_address",
    ]);
    expect(said.map(({ isFor }) => isFor)).toEqual([true, true, false, false]);
  });

  it("tell the number that both have, and not the folded words of a company", () => {
    const [phone, company] = saidOf([
      reason("same_mobile", 8, { value: "+79123456789" }),
      reason("same_company", 2.5, { value: "romashka" }),
    ]);
    expect([phone?.value, company?.value]).toEqual(["+79123456789", ""]);
  });

  it("say of names by what they are alike, and that another script is in the way before all else", () => {
    const [plain, script] = saidOf([
      reason("name_similar", 6, { similarity: 0.94, how: "nickname" }),
      reason("name_similar", 6, { similarity: 0.91, how: "spelling", transliterated: true }),
    ]);
    expect([plain?.how, plain?.alike]).toEqual(["nickname", 0.94]);
    expect([script?.how, script?.alike]).toEqual(["transliterated", 0.91]);
  });

  it("leave out what another one has said: the domain of an address that is the same", () => {
    const said = saidOf([reason("same_email", 9), reason("same_website", 1)]);
    expect(said.map(({ code }) => code)).toEqual(["same_email"]);
  });
});
