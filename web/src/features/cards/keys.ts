// Every key of the review: what the list behind `?` shows is what the screen must handle, by type.

export const KEYS = [
  { keys: ["ctrl+Enter"], shown: "Ctrl Enter", label: "keyAccept" },
  { keys: [], shown: "Enter", label: "keyEnter" },
  { keys: ["F4"], shown: "F4", label: "keySkip" },
  { keys: ["PageDown", "PageUp"], shown: "PgDn PgUp", label: "keyNext" },
  { keys: ["F2"], shown: "F2", label: "keyLines" },
  { keys: ["F8"], shown: "F8", label: "keyRead" },
  { keys: ["+", "-"], shown: "+ −", label: "keyZoom" },
  { keys: ["0"], shown: "0", label: "keyFit" },
  { keys: ["ctrl+z"], shown: "Ctrl Z", label: "keyUndo" },
  { keys: ["?"], shown: "?", label: "keyHelp" },
] as const;

export type ReviewKey = (typeof KEYS)[number]["keys"][number];

interface Pressed {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
}

/** Return the key by the name it has in the list; letters with Ctrl by their place, which no keyboard layout moves. */
export function nameOf({ key, code, ctrlKey, metaKey }: Pressed): string {
  if (!ctrlKey && !metaKey) return key === "=" ? "+" : key;
  return `ctrl+${/^Key[A-Z]$/.test(code) ? code.slice(3).toLowerCase() : key}`;
}

/** Whether a key acts while a field has the focus: letters, digits and the field's own undo stay with the field. */
export function actsInField(name: string): boolean {
  return /^(F\d+|PageDown|PageUp|ctrl\+Enter)$/.test(name);
}
