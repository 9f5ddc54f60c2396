import { describe, expect, it } from "vitest";

import type { ContactOut } from "@/api";

import {
  begin,
  changedFields,
  EMPTY,
  enter,
  madeOf,
  othersOf,
  patchOf,
  rebase,
  sentIndex,
  settle,
  withLabel,
} from "./draft";

const ANNA: ContactOut = {
  id: "0198c0de-0000-7000-8000-000000000001",
  kind: "person",
  name: "Анна Петрова",
  given: null,
  family: null,
  middle: null,
  prefix: null,
  suffix: null,
  company_id: "0198c0de-0000-7000-8000-000000000002",
  company_name: "Ромашка",
  title: "Buyer",
  department: null,
  language: "ru",
  notes: "",
  source: "manual",
  owner_id: null,
  owner_name: null,
  has_owner_left: false,
  phones: [{ written: "8 912 345-67-89", e164: "+79123456789", kind: "mobile" }],
  emails: [{ address: "anna@shop.example", kind: "work" }],
  websites: [],
  addresses: [],
  tags: [{ id: "t", name: "VIP", colour: "red" }],
  groups: [],
  version: 3,
  hides_personal: false,
  archived_at: null,
  created_at: "2026-01-01T00:00:00Z",
  updated_at: "2026-01-01T00:00:00Z",
};

describe("what is saved", () => {
  it("is nothing as long as nothing has another meaning", () => {
    const editing = enter(begin(ANNA), {
      title: " Buyer ",
      phones: [...begin(ANNA).draft.phones, { written: " ", kind: "work" }],
    });
    expect(changedFields(editing)).toEqual([]);
    expect(patchOf(editing)).toEqual({ version: 3 });
  });

  it("is what was changed, and nothing else", () => {
    const editing = enter(begin(ANNA), { title: "", emails: [{ address: " a@b.example ", kind: "home" }] });
    expect(patchOf(editing)).toEqual({
      version: 3,
      title: null,
      emails: [{ address: "a@b.example", kind: "home" }],
    });
  });

  it("frees a person of a company by its name too", () => {
    const editing = enter(begin(ANNA), { company: { id: null, name: " " } });
    expect(patchOf(editing)).toEqual({ version: 3, company_id: null, company_name: null });
  });

  it("links a company by its id alone", () => {
    const editing = enter(begin(ANNA), { company: { id: "other", name: "Лютик" } });
    expect(patchOf(editing)).toEqual({ version: 3, company_id: "other", company_name: null });
  });

  it("is everything of a new contact, tidied", () => {
    const draft = { ...EMPTY, name: " Bob ", company: { id: null, name: "Acme " }, tags: ["new"] };
    expect(madeOf("id", draft)).toMatchObject({
      id: "id",
      kind: "person",
      name: "Bob",
      given: null,
      company_id: null,
      company_name: "Acme",
      phones: [],
      tags: ["new"],
      notes: "",
    });
  });
});

describe("somebody else's change", () => {
  const theirs = { ...ANNA, version: 4, title: "Head buyer", notes: "Calls on Mondays" };

  it("is taken over where this person changed nothing", () => {
    const editing = rebase(enter(begin(ANNA), { language: "en" }), theirs);
    expect(editing.clashes).toEqual([]);
    expect(editing.draft).toMatchObject({ title: "Head buyer", notes: "Calls on Mondays", language: "en" });
    expect(patchOf(editing)).toEqual({ version: 4, language: "en" });
  });

  it("clashes where both changed the same field, until the person chooses", () => {
    const editing = rebase(enter(begin(ANNA), { title: "Chief" }), theirs);
    const [clash] = editing.clashes;
    expect(editing.clashes).toHaveLength(1);
    if (clash === undefined) return;
    expect([clash.base.title, clash.mine.title, clash.theirs.title]).toEqual([
      "Buyer",
      "Chief",
      "Head buyer",
    ]);
    expect(patchOf(settle(editing, clash, false))).toEqual({ version: 4, title: "Chief" });
    expect(patchOf(settle(editing, clash, true))).toEqual({ version: 4 });
    expect(settle(editing, clash, true).clashes).toEqual([]);
  });

  it("is no clash where both wanted the same", () => {
    const editing = rebase(enter(begin(ANNA), { title: "Head buyer" }), theirs);
    expect(editing.clashes).toEqual([]);
    expect(patchOf(editing)).toEqual({ version: 4 });
  });
});

it("finds the row that a refusal means, where empty rows were not sent", () => {
  const rows = [{ written: "" }, { written: "1" }, { written: " " }, { written: "2" }];
  expect(sentIndex(rows, 1)).toBe(0);
  expect(sentIndex(rows, 3)).toBe(1);
});

it("puts a label on once, however it is written", () => {
  expect(withLabel(["VIP"], " vip ")).toEqual(["VIP"]);
  expect(withLabel(["VIP"], " ")).toEqual(["VIP"]);
  expect(withLabel(["VIP"], " новый ")).toEqual(["VIP", "новый"]);
});

it("tells who changed a contact meanwhile, each once with the latest time, the latest first", () => {
  const since = [
    { actor_name: "Olga", happened_at: "2026-11-29T10:00:00Z" },
    { actor_name: "Ivan", happened_at: "2026-11-29T11:00:00Z" },
    { actor_name: "Olga", happened_at: "2026-11-29T12:00:00Z" },
    "nobody",
  ];
  expect(othersOf(since)).toEqual([
    { name: "Olga", at: "2026-11-29T12:00:00Z" },
    { name: "Ivan", at: "2026-11-29T11:00:00Z" },
  ]);
  expect(othersOf(undefined)).toEqual([]);
});
