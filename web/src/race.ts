// Who saved too late: what they had read, what they wanted and what is there now, as the program tells it (412).
import type { VersionProblem } from "@/api";

import { ApiProblem } from "./http";

type Facts = { readonly [field: string]: unknown };

export interface Race {
  /** As it was read; null when the program does not know it any more. */
  base: Facts | null;
  mine: Facts;
  theirs: Facts;
  /** The fields that both made something else of. */
  conflicts: readonly string[];
}

/** Return the sides of a race that was lost; null for any other failure, and where nobody knows what is there now. */
export function raceOf(failure: unknown): Race | null {
  if (!(failure instanceof ApiProblem) || failure.code !== "version_conflict") return null;
  const { base, mine, theirs, conflicts } = failure.problem as Partial<VersionProblem>;
  return theirs ? { base: base ?? null, mine: mine ?? {}, theirs, conflicts: conflicts ?? [] } : null;
}

/** Return the version to save upon: what is there now, once it was shown, or else what was read. */
export function versionAfter(failure: unknown, read: number): number {
  const version = raceOf(failure)?.theirs.version;
  return typeof version === "number" ? version : read;
}

/** Return the fields that only they changed: whoever goes on with a form takes these over. */
export function theirsAlone({ base, theirs, conflicts }: Race): string[] {
  if (base === null) return [];
  const isChanged = (field: string) => JSON.stringify(base[field]) !== JSON.stringify(theirs[field]);
  return Object.keys(theirs).filter(
    (field) => field !== "version" && !conflicts.includes(field) && isChanged(field),
  );
}
