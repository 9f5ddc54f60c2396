// How far an import is, and what its report shows.
import type { ImportOut } from "@/api";

const ONE_MS = 500;
const LIST_MS = 1000;

const SEPARATORS: Record<string, string> = { ",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe" };

export const isRunning = (one: ImportOut) => one.status === "waiting" || one.status === "running";

/** Return after how many milliseconds to look at an import again; false when nothing changes any more. */
export function lookAgain(one: ImportOut | undefined): number | false {
  return one === undefined || isRunning(one) ? ONE_MS : false;
}

/** Return after how many milliseconds to look at a list of imports again. */
export function lookAtAllAgain(pages: readonly { items: ImportOut[] }[] | undefined): number | false {
  return pages?.some((page) => page.items.some(isRunning)) === true ? LIST_MS : false;
}

/** Return the name of the separator for the message catalogue; an odd one is its own name. */
export function separatorOf(one: ImportOut): string {
  const separator = one.separator ?? "";
  return SEPARATORS[separator] ?? separator;
}

/** Return the figures of the report, by the message that names each. */
export function figuresOf(one: ImportOut) {
  return [
    ["read", one.rows_read],
    ["accepted", one.rows_accepted],
    ["rejected", one.rows_rejected],
    ["warned", one.rows_warned],
    ["createdRows", one.created],
    ["updatedRows", one.updated],
    ["unchangedRows", one.unchanged],
  ] as const;
}

/** Whether somebody may import: files hold costs, which are to be seen as well. */
export function mayImport(may: (right: string) => boolean): boolean {
  return may("catalog.import") && may("catalog.read_cost");
}
