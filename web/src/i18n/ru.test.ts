import { expect, it } from "vitest";

import { messages as en } from "./en";
import { messages as ru } from "./ru";

it("says in Russian what it says in English of what is deleted with a refusal, and of the margin", () => {
  expect(en.people.refuseHint).toContain("what was given is deleted");
  expect(ru.people.refuseHint).not.toContain("все данные");
  expect(en.rights.right).toContain("the margin");
  expect(ru.rights.right).toContain("и маржу");
});
