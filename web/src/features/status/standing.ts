// How the whole stands, by what its parts say.
import type { ProgramStatusOut, RouteOut } from "@/api";
import type { Tone } from "@/ui/marks";

export type Verdict = "well" | "trouble" | "down";

/** Down when something that is needed is away; in trouble when anything else is, or a promise is broken. */
export function verdictOf({ checks, objectives }: Pick<ProgramStatusOut, "checks" | "objectives">): Verdict {
  const failing = checks.filter((check) => !check.is_ok);
  if (failing.some((check) => check.is_needed)) return "down";
  return failing.length > 0 || objectives.some((one) => one.budget_left < 0) ? "trouble" : "well";
}

export const TONES: Record<Verdict, Tone> = { well: "ok", trouble: "warn", down: "bad" };

/** A budget as it is shown: nothing is left of one that is overdrawn. */
export function shareLeft(budget: number): number {
  return Math.max(0, budget);
}

/** Below a quarter somebody should look; at nothing the promise is broken. */
export function toneOf(budget: number): Tone {
  if (budget <= 0) return "bad";
  return budget < 0.25 ? "warn" : "ok";
}

// The pace of the slower alarm in deploy/prometheus/objectives.yml: a month's budget within five days.
const ALARMING = 6;

/** A budget that burns faster than it may lasts no month; much faster, and the alarm rings. */
export function burnToneOf(rate: number): Tone {
  if (rate > ALARMING) return "bad";
  return rate > 1 ? "warn" : "ok";
}

/** Within which time 95 of 100 answers began: known by buckets, of which the slowest has no end. */
export function answersOf(
  route: Pick<RouteOut, "p95_ms" | "p95_over_ms">,
): { is: "within" | "over"; ms: number } | null {
  if (route.p95_ms !== null) return { is: "within", ms: route.p95_ms };
  return route.p95_over_ms === null ? null : { is: "over", ms: route.p95_over_ms };
}

const SECOND_MS = 1000;

/** A time with no more digits than anybody reads: three of them, and seconds from a second on. */
export function lasting(ms: number): { unit: "ms" | "seconds"; value: number } {
  const [unit, exact] = ms < SECOND_MS ? (["ms", ms] as const) : (["seconds", ms / SECOND_MS] as const);
  return { unit, value: exact < 10 ? Math.round(exact * 10) / 10 : Math.round(exact) };
}
