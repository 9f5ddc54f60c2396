// A switch while it is written: what its fields hold, and what is sent of them.
import type { FlagOut, RuleIn } from "@/api";

export type Value = boolean | string;

export interface RuleDraft {
  value: Value;
  roles: string[];
  places: string[];
  actors: string[];
  /** As typed. */
  percent: string;
  /** As the browser's field has them: local time, without a zone. */
  since: string;
  until: string;
}

export const textOf = (value: Value | null): string => (value === null ? "" : String(value));

/** Return the value that a choice stands for; the empty one leaves a switch as it was declared. */
export function valueOf(flag: FlagOut, text: string): Value | null {
  return flag.values.find((value) => String(value) === text) ?? null;
}

export const newRule = (flag: FlagOut): RuleDraft => ({
  value: flag.values.find((value) => value !== flag.default) ?? flag.default,
  roles: [],
  places: [],
  actors: [],
  percent: "",
  since: "",
  until: "",
});

export const draftOf = (rule: RuleIn): RuleDraft => ({
  value: rule.value,
  roles: rule.roles ?? [],
  places: rule.places ?? [],
  actors: rule.actors ?? [],
  percent: rule.percent === null || rule.percent === undefined ? "" : String(rule.percent),
  since: localOf(rule.since),
  until: localOf(rule.until),
});

export const ruleOf = (draft: RuleDraft): RuleIn => ({
  value: draft.value,
  roles: draft.roles,
  places: draft.places,
  actors: draft.actors,
  percent: draft.percent.trim() === "" ? null : Number(draft.percent),
  since: momentOf(draft.since),
  until: momentOf(draft.until),
});

/** Return a moment as the browser's field for local times has it. */
export function localOf(moment: string | null | undefined): string {
  if (moment === null || moment === undefined) return "";
  const at = new Date(moment);
  const two = (part: number) => String(part).padStart(2, "0");
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join("-");
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

const momentOf = (local: string): string | null => (local === "" ? null : new Date(local).toISOString());
