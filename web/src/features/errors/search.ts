// Which errors are looked at, as the URL keeps it.
import type { ErrorOut } from "@/api";

export type State = ErrorOut["state"];
export type Role = ErrorOut["role"];

export interface ErrorsSearch {
  state?: string;
  role?: string;
  error?: string;
}

/** What is open comes first: it is what somebody has to look at. */
export const STATES: readonly State[] = ["open", "resolved", "ignored"];
export const ROLES: readonly Role[] = ["api", "worker", "browser", "supervisor"];

export function stateOf(search: ErrorsSearch): State {
  return STATES.find((state) => state === search.state) ?? "open";
}

/** Return the part of the program that is looked at; none is all of them. */
export function roleOf(search: ErrorsSearch): Role | undefined {
  return ROLES.find((role) => role === search.role);
}

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Return the id of the error that is open. */
export function errorOf(search: ErrorsSearch): string | undefined {
  return search.error !== undefined && ID.test(search.error) ? search.error : undefined;
}

/** What one may do with an error in a state. */
export const ACTS: Record<State, readonly ("resolve" | "ignore" | "reopen")[]> = {
  open: ["resolve", "ignore"],
  resolved: ["reopen"],
  ignored: ["reopen"],
};

/** Return what went wrong in one word: the kind without its package, or what the log says. */
export function nameOf({ kind, event }: Pick<ErrorOut, "kind" | "event">): string {
  return kind === null ? event : kind.slice(kind.lastIndexOf(".") + 1);
}

/** Return the last part of a place, which tells most of it: file and function without the folders. */
export function shortPlace(place: string): string {
  return place.slice(place.lastIndexOf("/") + 1);
}
