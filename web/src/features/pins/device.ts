// Whether this browser was made a shared device: a hint only, so that no other browser has to ask the program.

const HINT = "tradepost.station";

export function isShared(): boolean {
  return localStorage.getItem(HINT) !== null;
}

export function noteShared(isOne: boolean): void {
  if (isOne) localStorage.setItem(HINT, "1");
  else localStorage.removeItem(HINT);
}
