import { describe, expect, it } from "vitest";

import { EMPTY } from "@/features/crm/draft";

import {
  joined,
  kindAt,
  type Place,
  placeOf,
  placesOf,
  textAt,
  valueFor,
  withoutRow,
  withTextAt,
} from "./places";

const DRAFT = {
  ...EMPTY,
  name: "Anna Kern",
  company: { id: "c1", name: "Kern AG" },
  phones: [{ written: "+49 30 1", kind: "mobile" as const }],
  addresses: [
    {
      text: "Hafen 1",
      street: "Hafen 1",
      postcode: "",
      city: "",
      region: "",
      country: "",
      kind: "home" as const,
    },
  ],
};

describe("the places of the form", () => {
  it("are the single fields and each row", () => {
    expect(placesOf(DRAFT)).toEqual(["name", "company", "title", "department", "phones.0", "addresses.0"]);
  });

  it("are called by the program as kinds and numbers, there and back", () => {
    for (const place of placesOf(DRAFT)) {
      const index = Number(place.split(".")[1] ?? 0);
      expect(placeOf(kindAt(place), index)).toBe(place);
    }
  });

  it("give back what was written into them", () => {
    for (const place of [...placesOf(DRAFT), "emails.0", "websites.0", "phones.1"] as Place[])
      expect(textAt(withTextAt(DRAFT, place, "text"), place)).toBe("text");
  });

  it("keep the kind of a row, and forget what was true of the text before", () => {
    expect(withTextAt(DRAFT, "phones.0", "+49 30 2").phones).toEqual([
      { written: "+49 30 2", kind: "mobile" },
    ]);
    expect(withTextAt(DRAFT, "addresses.0", "Markt 2").addresses[0]).toMatchObject({
      kind: "home",
      street: "",
    });
    expect(withTextAt(DRAFT, "company", "Korn AG").company).toEqual({ id: null, name: "Korn AG" });
  });

  it("lose a row", () => {
    expect(withoutRow(DRAFT, "phones", 0).phones).toEqual([]);
  });
});

describe("a printed line", () => {
  it.each([
    ["phones.0", "Tel.: +49 (0)30 1234-5", "+49 (0)30 1234-5"],
    ["phones.0", "моб. +7 912 345-67-89", "+7 912 345-67-89"],
    ["phones.0", "ask at the desk", "ask at the desk"],
    ["emails.0", "E-Mail: anna@kern.example", "anna@kern.example"],
    ["emails.0", "почта: anna(at)kern", "anna(at)kern"],
    ["websites.0", "Web: www.kern.example/de", "www.kern.example/de"],
    ["addresses.0", " Hafen 1, Kiel ", "Hafen 1, Kiel"],
    ["name", "Dr. Anna Kern", "Dr. Anna Kern"],
  ] as [Place, string, string][])("gives %s of %j: %j", (place, text, value) => {
    expect(valueFor(place, text)).toBe(value);
  });

  it("is put after what is there as the field has it", () => {
    expect(joined("addresses.0", "Hafen 1", "24103 Kiel")).toBe("Hafen 1\n24103 Kiel");
    expect(joined("company", "Kern", "AG")).toBe("Kern AG");
    expect(joined("title", " ", "Buyer")).toBe("Buyer");
  });
});
