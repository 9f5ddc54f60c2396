import { expect, it } from "vitest";

import { asChosen, chosen, countriesIn, isChoice, partsOf } from "./import-state";

const COLUMNS = ["name", "-", "email::2"].map((field) => ({ heading: "", samples: [], field, guess: field }));

it("changes the field of one column and keeps those of the others", () => {
  expect(chosen(COLUMNS, 1, "phone:mobile")).toEqual(["name", "phone:mobile", "email::2"]);
});

it("shows what was chosen before the program has answered", () => {
  expect(asChosen(COLUMNS, ["-", "name", "-"]).map(({ field }) => field)).toEqual(["-", "name", "-"]);
  expect(asChosen(COLUMNS, null)).toEqual(COLUMNS);
});

it("takes a field apart", () => {
  expect(partsOf("phone:mobile")).toEqual({ field: "phone", kind: "mobile", slot: "" });
  expect(partsOf("email::2")).toEqual({ field: "email", kind: "", slot: "2" });
});

it("knows which fields a person chooses", () => {
  expect(["-", "name", "street:home", "email::2", "phone_label"].map(isChoice)).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
});

it("names the countries in a language, in its order", () => {
  const names = countriesIn("ru").map(({ name }) => name);
  expect(names[0]).toBe("Австралия");
  expect(names).toContain("Германия");
  expect(countriesIn("en").find(({ code }) => code === "FR")?.name).toBe("France");
});
