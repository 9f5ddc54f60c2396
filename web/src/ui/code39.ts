// Code 39 (ISO/IEC 16388): letters, digits and the hyphen as bars and spaces.

/** Nine elements each, bar first and bars and spaces in turn; w is wide. Three of nine are. */
const ELEMENTS: Record<string, string> = {
  "0": "nnnwwnwnn",
  "1": "wnnwnnnnw",
  "2": "nnwwnnnnw",
  "3": "wnwwnnnnn",
  "4": "nnnwwnnnw",
  "5": "wnnwwnnnn",
  "6": "nnwwwnnnn",
  "7": "nnnwnnwnw",
  "8": "wnnwnnwnn",
  "9": "nnwwnnwnn",
  A: "wnnnnwnnw",
  B: "nnwnnwnnw",
  C: "wnwnnwnnn",
  D: "nnnnwwnnw",
  E: "wnnnwwnnn",
  F: "nnwnwwnnn",
  G: "nnnnnwwnw",
  H: "wnnnnwwnn",
  I: "nnwnnwwnn",
  J: "nnnnwwwnn",
  K: "wnnnnnnww",
  L: "nnwnnnnww",
  M: "wnwnnnnwn",
  N: "nnnnwnnww",
  O: "wnnnwnnwn",
  P: "nnwnwnnwn",
  Q: "nnnnnnwww",
  R: "wnnnnnwwn",
  S: "nnwnnnwwn",
  T: "nnnnwnwwn",
  U: "wwnnnnnnw",
  V: "nwwnnnnnw",
  W: "wwwnnnnnn",
  X: "nwnnwnnnw",
  Y: "wwnnwnnnn",
  Z: "nwwnwnnnn",
  "-": "nwnnnnwnw",
};
const GUARD = "nwnnwnwnn";
const WIDE = 3;

export interface Bar {
  /** Place and width in modules, the width of the narrowest bar. */
  readonly at: number;
  readonly width: number;
}

/** Return the bars of a text between its guards; throws RangeError for a sign that the code does not have. */
export function bars(text: string): Bar[] {
  let at = 0;
  return [GUARD, ...Array.from(text, elementsOf), GUARD].flatMap((elements) => {
    const found: Bar[] = [];
    Array.from(elements, (element, index) => {
      const width = element === "w" ? WIDE : 1;
      if (index % 2 === 0) found.push({ at, width });
      at += width;
    });
    // A narrow space parts the characters.
    at += 1;
    return found;
  });
}

function elementsOf(sign: string): string {
  const elements = ELEMENTS[sign];
  if (elements === undefined) throw new RangeError(`Code 39 has no ${JSON.stringify(sign)}`);
  return elements;
}

/** Return the width of a text's code in modules, without the quiet zone of ten on either side. */
export function widthOf(text: string): number {
  const last = bars(text).at(-1);
  return last === undefined ? 0 : last.at + last.width;
}
