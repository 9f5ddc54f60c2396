// What keys make of a PIN.

export const LEAST = 4;
export const MOST = 8;

/** Return the PIN after one key more: a digit, or Backspace; others change nothing. */
export function typed(pin: string, key: string): string {
  if (key === "Backspace") return pin.slice(0, -1);
  return /^[0-9]$/.test(key) && pin.length < MOST ? pin + key : pin;
}
