// The rules of passwords, held to the same vectors as the server's.
import { describe, expect, it } from "vitest";

import raw from "../../../../mainstay/src/mainstay/modules/identity/password_vectors.json?raw";
import { lengthOf, type Problem, problemOf, type Rules, strengthOf } from "./password-rules";

interface Vector {
  text: string;
  own: string[];
  rules: Rules;
  problem: Problem | null;
  strength: number;
}

const vectors = JSON.parse(raw) as Vector[];

describe("the rules of passwords", () => {
  it.each(vectors)("judges as the server does: %j", ({ text, own, rules, problem, strength }) => {
    const found = problemOf(text, rules, own);

    expect(found).toBe(problem);
    expect(found === null ? strengthOf(text) : 0).toBe(strength);
  });

  it("counts what people see as one character as one", () => {
    expect(lengthOf("🦊🐻🐼")).toBe(3);
  });
});
