// Every key of the selling screen: what the list behind `?` shows is what the screen must handle, by type.

export const KEYS = [
  { keys: ["F2"], shown: "F2", label: "keyFind" },
  { keys: ["ArrowUp", "ArrowDown"], shown: "↑ ↓", label: "keySelect" },
  { keys: ["+", "-"], shown: "+ −", label: "keyMoreLess" },
  { keys: ["*"], shown: "*", label: "keyQuantity" },
  { keys: ["Delete"], shown: "Del", label: "keyRemove" },
  { keys: ["ctrl+z"], shown: "Ctrl Z", label: "keyPutBack" },
  { keys: ["F4"], shown: "F4", label: "keyDiscountLine" },
  { keys: ["F6"], shown: "F6", label: "keyDiscountTicket" },
  { keys: ["F9"], shown: "F9", label: "keyCash" },
  { keys: ["F8"], shown: "F8", label: "keyCard" },
  { keys: ["Enter"], shown: "Enter", label: "keyEnter" },
  { keys: ["Escape"], shown: "Esc", label: "keyBack" },
  { keys: ["F7"], shown: "F7", label: "keyRefund" },
  { keys: ["F10"], shown: "F10", label: "keyClose" },
  { keys: ["?"], shown: "?", label: "keyHelp" },
] as const;

export type TillKey = (typeof KEYS)[number]["keys"][number];

interface Pressed {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
}

/** Return the key by the name it has in the list; with Ctrl by its place, which no keyboard layout moves. */
export function nameOf({ key, code, ctrlKey }: Pressed): string {
  if (!ctrlKey) return key;
  return `ctrl+${/^Key[A-Z]$/.test(code) ? code.slice(3).toLowerCase() : key.toLowerCase()}`;
}

const IN_FIELDS = /^(F\d+|Escape|ArrowUp|ArrowDown)$/;

/** Whether a key acts while a field has the focus; in the empty finder all do, as no product begins with them. */
export function actsInField(name: string, isEmptyFinder: boolean): boolean {
  return isEmptyFinder || IN_FIELDS.test(name);
}
