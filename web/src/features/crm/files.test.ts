import { expect, it } from "vitest";

import { filesOf } from "./files";

it("leads to a file in each form, with all that decides what is in it", () => {
  const found = filesOf({ q: "a b", sort: "-name", archived: true }, "ru");
  expect(found.map(({ form, href }) => [form, href])).toEqual([
    ["vcard4", "/api/v1/crm/contacts.vcf?q=a%20b&sort=-name&archived=true&version=4.0"],
    ["vcard3", "/api/v1/crm/contacts.vcf?q=a%20b&sort=-name&archived=true&version=3.0"],
    ["csv", "/api/v1/crm/contacts.csv?q=a%20b&sort=-name&archived=true&style=plain"],
    ["google", "/api/v1/crm/contacts.csv?q=a%20b&sort=-name&archived=true&style=google"],
    ["pdf", "/api/v1/crm/contacts.pdf?q=a%20b&sort=-name&archived=true&language=ru"],
  ]);
});

it("names each picked contact", () => {
  expect(filesOf({ id: ["a", "b"], sort: null }, "en")[0]?.href).toBe(
    "/api/v1/crm/contacts.vcf?id=a&id=b&version=4.0",
  );
});
