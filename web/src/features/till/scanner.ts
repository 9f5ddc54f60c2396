// Telling a scanner from a person: a scanner types a whole code within milliseconds and ends it with Enter.

/** The slowest a scanner is taken to type, between two characters. */
const SLOWEST_MS = 35;
const SHORTEST = 6;
const LONGEST = 64;

export interface Keystroke {
  readonly key: string;
  readonly at: number;
  readonly hasModifier: boolean;
}

/** Feed it every keystroke of the page; `feed` returns the code when a burst has ended with Enter, else null. */
export class ScannerDetector {
  private burst = "";
  private last = 0;

  feed({ key, at, hasModifier }: Keystroke): string | null {
    const isFast = this.burst === "" || at - this.last <= SLOWEST_MS;
    this.last = at;
    if (key === "Enter") {
      const code = this.burst;
      this.burst = "";
      return isFast && code.length >= SHORTEST ? code : null;
    }
    if (key.length !== 1 || hasModifier) {
      if (key !== "Shift") this.burst = "";
      return null;
    }
    this.burst = isFast && this.burst.length < LONGEST ? this.burst + key : key;
    return null;
  }

  /** How much of the present burst has been typed: what a scan has left behind in the field that had the focus. */
  get pending(): string {
    return this.burst;
  }
}

/** Take what a scan typed into a field out again: the code belongs to the ticket, not to the field. */
export function withoutScan(value: string, code: string): string {
  return value.endsWith(code) ? value.slice(0, value.length - code.length) : value;
}
