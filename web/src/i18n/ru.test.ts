import { expect, it } from "vitest";

import { office as en } from "./en-office";
import { office as ru } from "./ru-office";

it("says in Russian what it says in English of what is deleted with a refusal, and of the margin", () => {
  expect(en.people.refuseHint).toContain("what was given is deleted");
  expect(ru.people.refuseHint).not.toContain("все данные");
  expect(en.rights.right).toContain("the margin");
  expect(ru.rights.right).toContain("и маржу");
});
