// Telling a scanner from a person: a scanner types a whole code within milliseconds and ends it with Enter.

/** A longer pause than this ends a burst; the keys of a scan follow one another faster than this on average. */
const LONGEST_PAUSE_MS = 150;
const SLOWEST_AVERAGE_MS = 45;
const SHORTEST = 6;
const LONGEST = 64;

export interface Keystroke {
  readonly key: string;
  /** When it was pressed, in milliseconds of any clock. */
  readonly at: number;
  readonly hasModifier: boolean;
}

/** Feed it every keystroke of the page; `feed` returns the code when a burst has ended with Enter, else null. */
export class ScannerDetector {
  private burst = "";
  private first = 0;
  private last = 0;

  /** Whether the last key belongs to a burst: it is part of a code then, and no act of its own. One held key is none. */
  get isInBurst(): boolean {
    const pauses = this.burst.length - 1;
    const isQuick = this.last - this.first <= SLOWEST_AVERAGE_MS * pauses;
    return pauses > 0 && isQuick && new Set(this.burst).size > 1;
  }

  feed({ key, at, hasModifier }: Keystroke): string | null {
    const goesOn = this.burst !== "" && at - this.last <= LONGEST_PAUSE_MS;
    if (!goesOn) this.burst = "";
    if (key === "Enter") {
      const code = this.burst;
      this.burst = "";
      const average = (this.last - this.first) / Math.max(code.length - 1, 1);
      return code.length >= SHORTEST && average <= SLOWEST_AVERAGE_MS ? code : null;
    }
    if (key.length !== 1 || hasModifier) {
      if (key !== "Shift") this.burst = "";
      return null;
    }
    if (this.burst === "" || this.burst.length === LONGEST) {
      this.burst = "";
      this.first = at;
    }
    this.burst += key;
    this.last = at;
    return null;
  }
}

/** Take what a scan typed into a field out again: the code belongs to the ticket, not to the field. */
export function withoutScan(value: string, code: string): string {
  return value.endsWith(code) ? value.slice(0, value.length - code.length) : value;
}
