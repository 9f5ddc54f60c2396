// When somebody last touched the till, in whichever of its tabs: they share one session.

const TOUCHED = "tradepost.touched";

export function noteTouch(now: number): void {
  localStorage.setItem(TOUCHED, String(now));
}

/** Return the last touch of any tab; `own` is this one's. What lies ahead of a clock that was set back does not count. */
export function lastTouch(own: number, now: number): number {
  const stored = Number(localStorage.getItem(TOUCHED));
  return stored > own && stored <= now ? stored : own;
}
