import { describe, expect, it } from "vitest";

import { askedOf } from "./asked";
import { type Draft, EMPTY } from "./draft";

const ID = "01890000-0000-7000-8000-000000000001";
const draft = (change: Partial<Draft>): Draft => ({ ...EMPTY, ...change });

describe("what is asked about a draft", () => {
  it.each<[string, Partial<Draft>]>([
    ["nothing", {}],
    ["two letters of a name", { name: " Jo " }],
    ["the beginning of a phone", { phones: [{ written: "+7 912", kind: "mobile" }] }],
    ["half an e-mail address", { emails: [{ address: "jo@", kind: "work" }] }],
    ["what tells nobody apart", { title: "Buyer", notes: "Called twice", tags: ["VIP"] }],
  ])("is nothing while there is only %s", (_what, change) => {
    expect(askedOf(ID, draft(change))).toBeNull();
  });

  it.each<[string, Partial<Draft>]>([
    ["a name", { name: "Ida" }],
    ["a phone", { phones: [{ written: "912 345", kind: "mobile" }] }],
    ["an e-mail address", { emails: [{ address: "i@x.org", kind: "work" }] }],
    ["a website", { websites: [{ url: "x.org" }] }],
  ])("is asked when there is %s", (_what, change) => {
    expect(askedOf(ID, draft(change))).not.toBeNull();
  });

  it("gives a name without letters where there is none, which is like no other", () => {
    const asked = askedOf(ID, draft({ emails: [{ address: "i@x.org", kind: "work" }] }));
    expect(asked).toMatchObject({ id: ID, name: "·", emails: [{ address: "i@x.org" }] });
  });

  it("leaves out what says nothing of who somebody is, so that it cannot be refused for it", () => {
    const asked = askedOf(ID, draft({ name: "Ida", language: "no such", notes: "n", tags: ["t"] }));
    expect(asked).toMatchObject({ name: "Ida", language: null, notes: "", tags: [] });
  });

  it("names no company of a company, which the program would refuse", () => {
    const company = { id: null, name: "Holding" };
    expect(askedOf(ID, draft({ kind: "company", name: "Works", company }))).toHaveProperty(
      "company_name",
      null,
    );
    expect(askedOf(ID, draft({ name: "Ida", company }))).toHaveProperty("company_name", "Holding");
  });
});
