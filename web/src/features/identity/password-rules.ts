// What can be seen to be wrong with a password, and how strong it is: the same as mainstay's `identity/service/policy`
// says. `password_vectors.json` holds both to it. The list of stolen passwords and the names of the business are asked
// of the server.

export interface Rules {
  min_length: number;
  max_length: number;
  needs_mix: boolean;
}

export type Problem =
  "too_short" | "too_long" | "needs_mix" | "too_simple" | "holds_own_words" | "too_common";

const MIN_DISTINCT = 5;
const MIN_VARIED = 8;
const MIN_OWN_PART = 4;
const STRENGTHS = [1, 17, 22];

/** Count characters as the server does: code points, so that an emoji is one and not two. */
export function lengthOf(password: string): number {
  return Array.from(password).length;
}

export function problemOf(password: string, rules: Rules, own: string[] = []): Problem | null {
  const plain = plainOf(password);
  const length = lengthOf(password);
  if (length < rules.min_length) return "too_short";
  if (length > rules.max_length) return "too_long";
  if (rules.needs_mix && !(/\p{Lu}/u.test(password) && /\p{Nd}/u.test(password))) return "needs_mix";
  if (new Set(plain).size < MIN_DISTINCT || varied(plain) < MIN_VARIED) return "too_simple";
  return partsOf(own).some((part) => plain.includes(part)) ? "holds_own_words" : null;
}

/** The strength of an accepted password: 1 is fair, 2 good, 3 strong. */
export function strengthOf(password: string): number {
  const count = varied(plainOf(password));
  return STRENGTHS.filter((least) => count >= least).length;
}

/** Count the characters of the part that a text repeats, without those that stay or count on from the one before. */
function varied(text: string): number {
  const codes = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  return repeatedPart(codes).filter((code, index, all) => {
    const before = all[index - 1];
    return before === undefined || Math.abs(code - before) > 1;
  }).length;
}

function repeatedPart(codes: number[]): number[] {
  for (let size = 1; size <= codes.length / 2; size += 1) {
    if (codes.every((code, index) => index < size || code === codes[index - size]))
      return codes.slice(0, size);
  }
  return codes;
}

function plainOf(text: string): string {
  return text.normalize("NFKC").trim().toLowerCase();
}

/** The words of names and e-mail addresses that a password must not hold. */
function partsOf(own: string[]): string[] {
  const words = own.flatMap((text) => plainOf(text).replace(/[@.]/g, " ").split(/\s+/));
  return words.filter((word) => lengthOf(word) >= MIN_OWN_PART);
}
