// Why two contacts may be the same, in an order that people can weigh: what speaks for it, then what speaks against it.
import type { ReasonOut } from "@/api";

/** A reason as it is put into words: `value` is what both have, `alike` how alike two names are. */
export interface Said {
  code: string;
  value: string;
  alike: number;
  how: string;
  isFor: boolean;
}

/** What is said already by another reason, or by the verdict. */
const IMPLIED: Record<string, readonly string[]> = {
  same_email: ["same_website"],
  same_company: ["same_website"],
  different_person_same_office: ["different_mobile", "different_email"],
};

/** Return the reasons to say, the weightiest of each side first. */
export function saidOf(reasons: readonly ReasonOut[]): Said[] {
  const codes = reasons.map(({ code }) => code);
  const said = codes.flatMap((code) => IMPLIED[code] ?? []);
  const kept = reasons.filter(({ code }) => !said.includes(code));
  return [...kept.filter(({ points }) => points >= 0), ...kept.filter(({ points }) => points < 0)].map(
    ({ code, value, similarity, how, transliterated, points }) => ({
      code,
      value: shown(code, value),
      alike: similarity ?? 1,
      how: transliterated ? "transliterated" : (how ?? "same"),
      isFor: points >= 0,
    }),
  );
}

/** Numbers, addresses and pages are what people know; the normal form of a company or a street is not. */
function shown(code: string, value: string): string {
  return /^same_(mobile|phone|phone_ending|email|shared_email|website)$/.test(code) ? value : "";
}
