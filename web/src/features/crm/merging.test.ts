import { describe, expect, it } from "vitest";

import type { ContactOut } from "@/api";

import {
  beginMerge,
  entriesOf,
  idsOf,
  listsOf,
  mergeOf,
  type Merging,
  pickOf,
  resultOf,
  singlesOf,
  tooLong,
} from "./merging";

const contact = (id: string, change: Partial<ContactOut> = {}): ContactOut => ({
  id,
  kind: "person",
  name: `Anna ${id}`,
  given: null,
  family: null,
  middle: null,
  prefix: null,
  suffix: null,
  company_id: null,
  company_name: null,
  title: null,
  department: null,
  language: null,
  notes: "",
  source: "manual",
  owner_id: null,
  owner_name: null,
  has_owner_left: false,
  phones: [],
  emails: [],
  websites: [],
  addresses: [],
  tags: [],
  groups: [],
  version: 1,
  hides_personal: false,
  archived_at: null,
  created_at: "2026-01-01T00:00:00Z",
  updated_at: "2026-01-01T00:00:00Z",
  ...change,
});

const phone = (written: string, e164: string | null) => ({ written, e164, kind: "mobile" as const });
const merging = (change: Partial<Merging> = {}): Merging => ({
  survivorId: "a",
  chosen: {},
  off: new Set(),
  ...change,
});

describe("whose value is taken", () => {
  const contacts = [
    contact("a", { title: "Buyer" }),
    contact("b", { title: "Head buyer", department: "Tea" }),
    contact("c", { department: "Tea and coffee" }),
  ];

  it("is the survivor's where it has one, and the longest of the others where it has none", () => {
    expect(pickOf("title", contacts, merging())).toBe("a");
    expect(pickOf("department", contacts, merging())).toBe("c");
  });

  it("follows the survivor", () => {
    expect(pickOf("title", contacts, merging({ survivorId: "b" }))).toBe("b");
  });

  it("is what was chosen, even nothing", () => {
    expect(pickOf("title", contacts, merging({ chosen: { title: "c" } }))).toBe("c");
    expect(resultOf(contacts, merging({ chosen: { title: "c" } })).title).toBe("");
  });

  it("is the usual one again when whom it was chosen from is left out", () => {
    expect(pickOf("title", contacts.slice(0, 2), merging({ chosen: { title: "c" } }))).toBe("a");
  });
});

describe("lists of all", () => {
  const contacts = [
    contact("a", { phones: [phone("+7 912 345-67-89", "+79123456789")], notes: "Mondays" }),
    contact("b", {
      phones: [phone("8 912 345 67 89", "+79123456789"), phone("12-34", null)],
      tags: [{ id: "t", name: "VIP", colour: "red" }],
      notes: "Likes tea",
    }),
    contact("c", { tags: [{ id: "u", name: "vip", colour: "red" }], websites: [{ url: "http://X.org/" }] }),
    contact("d", { websites: [{ url: "https://x.org" }] }),
  ];

  it("are united, each entry once, as the survivor writes it", () => {
    const result = resultOf(contacts, merging());
    expect(result.phones.map(({ written }) => written)).toEqual(["+7 912 345-67-89", "12-34"]);
    expect(result.tags).toEqual(["VIP"]);
    expect(result.websites).toEqual([{ url: "http://X.org/" }]);
    expect(resultOf(contacts, merging({ survivorId: "b" })).phones[0]?.written).toBe("8 912 345 67 89");
  });

  it("keep the notes of all, one after the other", () => {
    expect(resultOf(contacts, merging()).notes).toBe("Mondays\n\nLikes tea");
  });

  it("lack what was switched off, whoever has it", () => {
    const off = new Set(["phones +79123456789", "notes likes tea"]);
    const result = resultOf(contacts, merging({ off }));
    expect(result.phones.map(({ written }) => written)).toEqual(["12-34"]);
    expect(result.notes).toBe("Mondays");
  });

  it("are those that somebody has something on", () => {
    expect(listsOf(contacts)).toEqual(["phones", "websites", "tags", "notes"]);
  });

  it("say when they become longer than the program takes", () => {
    const phones = Array.from({ length: 11 }, (_, at) => phone(`1${at}`, null));
    const more = Array.from({ length: 10 }, (_, at) => phone(`2${at}`, null));
    const both = [contact("a", { phones }), contact("b", { phones: more })];
    expect(tooLong(resultOf(both, merging()))).toEqual([{ list: "phones", most: 20 }]);
    expect(tooLong(resultOf(both, merging({ off: new Set(["phones 10"]) })))).toEqual([]);
  });
});

it("takes no company over to what becomes a company", () => {
  const contacts = [contact("a", { kind: "company" }), contact("b", { company_name: "Mill" })];
  expect(resultOf(contacts, merging()).company.name).toBe("");
  expect(resultOf(contacts, merging({ chosen: { kind: "b" } })).company.name).toBe("Mill");
});

it("offers a choice where values differ, and shows what all have", () => {
  const contacts = [contact("a", { name: "Anna", title: "Buyer" }), contact("b", { name: "Anna" })];
  expect(singlesOf(contacts)).toEqual([
    { field: "name", isChoice: false },
    { field: "title", isChoice: true },
  ]);
  expect(singlesOf([contact("a"), contact("b", { kind: "company" })]).map(({ field }) => field)).toContain(
    "kind",
  );
});

it("lets whoever is known longest survive", () => {
  const later = contact("b", { created_at: "2026-02-01T00:00:00Z" });
  expect(beginMerge([later, contact("a")]).survivorId).toBe("a");
});

it("sends every contact with the version that was seen", () => {
  const contacts = [contact("a", { version: 3 }), contact("b", { version: 7 })];
  expect(mergeOf("m", contacts, merging())).toMatchObject({
    id: "m",
    survivor_id: "a",
    versions: { a: 3, b: 7 },
    result: { name: "Anna a", notes: "" },
  });
});

it("tells entries apart by their list", () => {
  const one = contact("a", { notes: "VIP", tags: [{ id: "t", name: "VIP", colour: "red" }] });
  expect(entriesOf("tags", one)[0]?.key).not.toBe(entriesOf("notes", one)[0]?.key);
});

it("reads ids of an address, each once and no more than can be merged", () => {
  const id = (at: number) => `0198c0de-0000-7000-8000-${String(at).padStart(12, "0")}`;
  expect(idsOf(`${id(1)},nonsense,${id(2)},${id(1).toUpperCase()}`)).toEqual([id(1), id(2)]);
  expect(idsOf(Array.from({ length: 30 }, (_, at) => id(at)).join())).toHaveLength(20);
  expect(idsOf(undefined)).toEqual([]);
});
