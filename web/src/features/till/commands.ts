// Codes that mean an act and no product, so that a whole sale can be made with the scanner alone.

export const COMMANDS = { "TILL-CASH": "cash", "TILL-CARD": "card" } as const;

type Command = keyof typeof COMMANDS;

const isCommand = (code: string): code is Command => Object.hasOwn(COMMANDS, code);

/** Return how a scanned code pays what is due, null when it is a product's. */
export function commandOf(code: string): "cash" | "card" | null {
  return isCommand(code) ? COMMANDS[code] : null;
}
