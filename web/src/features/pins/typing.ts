// What keys make of a PIN.

export const LEAST = 4;
export const MOST = 8;

/** Return the PIN after one key more: a digit, or Backspace; others change nothing. */
export function typed(pin: string, key: string): string {
  if (key === "Backspace") return pin.slice(0, -1);
  return /^[0-9]$/.test(key) && pin.length < MOST ? pin + key : pin;
}

type Part = { contains: (other: never) => boolean };

/** Whether a key is for the pad: the focus is on it, or on nothing beside it that takes keys of its own. */
export function isForPad(pad: Part | null, focused: Part | null): boolean {
  return (
    focused === null || (pad !== null && (pad.contains(focused as never) || focused.contains(pad as never)))
  );
}
