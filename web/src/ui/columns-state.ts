// Which columns a list shows, as its address has it: the hidden ones; "-" when none is.

/** Return the hidden columns; `usual` are hidden until somebody chooses. */
export function readHidden(text: string | undefined, usual: readonly string[] = []): Set<string> {
  return new Set(text === undefined ? usual : text.split(",").filter((key) => key !== "" && key !== "-"));
}

export function writeHidden(hidden: ReadonlySet<string>): string {
  return [...hidden].join(",") || "-";
}

/** Return the keys of the columns that are shown, in their order. */
export function shownKeys(columns: readonly { key: string }[], hidden: ReadonlySet<string>): string[] {
  return columns.map((column) => column.key).filter((key) => !hidden.has(key));
}
