import { describe, expect, it } from "vitest";

import type { CardBox, CardOut } from "@/api";

import {
  assign,
  begin,
  confirm,
  edit,
  fieldsOf,
  isUnsure,
  merge,
  placesWith,
  retype,
  split,
  unsurePlaces,
} from "./work";

function box(id: number, text: string, confidence = 0.95): CardBox {
  const quad: CardBox["quad"] = [
    [0, id * 20],
    [100, id * 20],
    [100, id * 20 + 10],
    [0, id * 20 + 10],
  ];
  return { id, text, quad, confidence };
}

const CARD: Pick<CardOut, "boxes" | "fields" | "contact"> = {
  boxes: [
    box(1, "Anna Kern"),
    box(2, "Buyer", 0.6),
    box(3, "Tel. +49 30 1"),
    box(4, "Mobil +49 30 2"),
    box(5, "Hafen 1"),
    box(6, "24103 Kiel"),
    box(7, "Since 1987"),
  ],
  fields: [
    { kind: "name", index: 0, value: "Anna Kern", confidence: 0.95, box_ids: [1] },
    { kind: "title", index: 0, value: "Buyer", confidence: 0.6, box_ids: [2] },
    { kind: "phone", index: 0, value: "+49 30 1", confidence: 0.9, box_ids: [3] },
    { kind: "phone", index: 1, value: "+49 30 2", confidence: 0.9, box_ids: [4] },
    { kind: "address", index: 0, value: "Hafen 1, 24103 Kiel", confidence: 0.9, box_ids: [5, 6] },
  ],
  contact: {
    kind: "person",
    name: "Anna Kern",
    title: "Buyer",
    phones: [
      { written: "+49 30 1", kind: "work" },
      { written: "+49 30 2", kind: "mobile" },
    ],
    addresses: [{ text: "Hafen 1, 24103 Kiel", postcode: "24103" }],
  },
};
const WORK = begin(CARD);
const source = (id: number) => {
  const line = WORK.boxes.find((one) => one.id === id);
  return { text: line?.text ?? "", confidence: line?.confidence ?? 0, box: id };
};

describe("a card that begins", () => {
  it("links each field to its lines and says which are unsure", () => {
    expect(placesWith(WORK, 6)).toEqual(["addresses.0"]);
    expect(placesWith(WORK, 7)).toEqual([]);
    expect(unsurePlaces(WORK)).toEqual(["title"]);
  });

  it("finds a row by what it says where a code put others before it", () => {
    const phones = [{ written: "+49 40 9" }, ...(CARD.contact.phones ?? [])];
    const coded = begin({ ...CARD, contact: { ...CARD.contact, phones } });
    expect(placesWith(coded, 3)).toEqual(["phones.1"]);
  });

  it("is kept as it was read", () => {
    expect(fieldsOf(WORK)).toEqual(CARD.fields);
  });

  it("may be one that says nothing", () => {
    const empty = begin({ boxes: [], fields: [], contact: {} });
    expect([empty.draft.name, empty.draft.kind, fieldsOf(empty)]).toEqual(["", "person", []]);
  });
});

describe("typing into the form", () => {
  it("makes the field the reviewer's own and sure", () => {
    const typed = edit(WORK, { title: "Head buyer" });
    expect(isUnsure(typed, "title")).toBe(false);
    expect(fieldsOf(typed)[1]).toEqual({
      kind: "title",
      index: 0,
      value: "Head buyer",
      confidence: 1,
      box_ids: [2],
    });
  });

  it("moves the lines up when a row is taken out", () => {
    const typed = edit(WORK, { phones: WORK.draft.phones.slice(1) });
    expect(placesWith(typed, 4)).toEqual(["phones.0"]);
    expect(placesWith(typed, 3)).toEqual([]);
  });

  it("counts rows without the empty ones", () => {
    const typed = edit(WORK, { phones: [{ written: " ", kind: "work" }, ...WORK.draft.phones.slice(1)] });
    expect(fieldsOf(typed).filter((one) => one.kind === "phone")).toMatchObject([{ index: 0, box_ids: [4] }]);
  });

  it("is not needed where the field is right", () => {
    expect(unsurePlaces(confirm(WORK, "title"))).toEqual([]);
    expect(confirm(WORK, "title").draft).toEqual(WORK.draft);
  });
});

describe("a line that is put somewhere", () => {
  it("replaces what is there and leaves where it was", () => {
    const put = assign(WORK, source(2), "department", "replace");
    expect([put.draft.department, put.draft.title]).toEqual(["Buyer", ""]);
    expect(placesWith(put, 2)).toEqual(["department"]);
    expect(isUnsure(put, "department")).toBe(true);
  });

  it("takes its row along when it was all of it", () => {
    const put = assign(WORK, source(3), "company", "replace");
    expect(put.draft.company.name).toBe("Tel. +49 30 1");
    expect(put.draft.phones).toEqual([{ written: "+49 30 2", kind: "mobile" }]);
    expect(placesWith(put, 4)).toEqual(["phones.0"]);
  });

  it("takes only itself out of a field of several lines", () => {
    const put = assign(WORK, source(6), "department", "replace");
    expect(put.draft.addresses[0]).toMatchObject({ text: "Hafen 1", postcode: "" });
    expect(placesWith(put, 5)).toEqual(["addresses.0"]);
  });

  it("is added after what is there", () => {
    const put = assign(WORK, source(7), "title", "add");
    expect(put.draft.title).toBe("Buyer Since 1987");
    expect(put.links.title).toMatchObject({ boxes: [2, 7], confidence: 0.6 });
  });

  it("makes a new row of the number in it", () => {
    const put = assign(WORK, { text: "Fax: +49 30 3", confidence: 1, box: null }, "phones.2", "replace");
    expect(put.draft.phones.map((one) => one.written)).toEqual(["+49 30 1", "+49 30 2", "+49 30 3"]);
  });

  it("leaves alone what the reviewer wrote where it was", () => {
    const typed = edit(WORK, { title: "Head buyer" });
    const put = assign(typed, source(2), "department", "replace");
    expect([put.draft.title, put.draft.department]).toEqual(["Head buyer", "Buyer"]);
    expect(placesWith(put, 2)).toEqual(["department"]);
  });

  it("stays in the fields that it fills when there are several", () => {
    const both = {
      ...WORK,
      links: { ...WORK.links, "phones.1": { boxes: [3], confidence: 0.9, isOwn: false } },
    };
    const put = assign(both, source(3), "company", "replace");
    expect(placesWith(put, 3)).toEqual(["company", "phones.0", "phones.1"]);
  });
});

describe("lines that are changed", () => {
  it("stay in their field when they are split", () => {
    const done = split(WORK, 1, 1);
    expect(done.links.name?.boxes).toEqual([8, 9]);
    expect(done.draft).toEqual(WORK.draft);
  });

  it("are one in both their fields when they are merged", () => {
    const done = merge(WORK, 5);
    expect(done.links["addresses.0"]?.boxes).toEqual([8]);
    expect(done.boxes.at(-2)?.text).toBe("Hafen 1 24103 Kiel");
  });

  it("correct their field when they are retyped", () => {
    const done = retype(WORK, 3, "Tel. +49 30 7");
    expect(done.draft.phones[0]).toEqual({ written: "+49 30 7", kind: "work" });
    expect(done.links["phones.0"]).toEqual({ boxes: [8], confidence: 1, isOwn: true });
  });

  it("correct nothing that the reviewer wrote, and put nothing twice", () => {
    const typed = edit(WORK, { title: "Head buyer" });
    expect(retype(typed, 2, "Byer").draft.title).toBe("Head buyer");
    expect(retype(WORK, 2, "Buyer")).toBe(WORK);
    expect(split(WORK, 2, 1)).toBe(WORK);
    expect(merge(WORK, 7)).toBe(WORK);
  });
});
