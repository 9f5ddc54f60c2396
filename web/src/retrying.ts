// When to try again: after silence and trouble on the other side, and after the time that the program asks for.
import { ApiProblem, OVERLOADED, SCANNER_AWAY } from "./http";

const MOST_RETRIES = 3;
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;
/** Longer than this nobody looks at an empty page: the person is told instead, and may try again. */
const LONGEST_QUIET_MS = 10_000;

const TOO_MANY_REQUESTS = 429;
/** What passes by itself, and was not begun: the same is to be sent again after a while. */
const PASSING: ReadonlySet<string> = new Set([OVERLOADED, SCANNER_AWAY]);

/**
 * Return how long the program asks to wait, in milliseconds; undefined when it did not refuse for the number of calls,
 * be they this caller's own or everybody's together, or because its virus scanner is away.
 */
export function askedToWait(failure: unknown): number | undefined {
  if (!(failure instanceof ApiProblem)) return undefined;
  if (failure.status !== TOO_MANY_REQUESTS && !PASSING.has(failure.code)) return undefined;
  return (failure.retryAfter ?? 1) * 1000;
}

/** Whether a read that failed is worth another try without asking the person: a refusal stays a refusal. */
export function isWorthRetrying(count: number, failure: unknown): boolean {
  if (count >= MOST_RETRIES) return false;
  const wait = askedToWait(failure);
  if (wait !== undefined) return wait <= LONGEST_QUIET_MS;
  return !(failure instanceof ApiProblem && failure.status < 500);
}

/** Return how long to wait before the next try, in milliseconds. */
export function retryDelay(count: number, failure: unknown): number {
  return askedToWait(failure) ?? Math.min(FIRST_WAIT_MS * 2 ** count, LONGEST_WAIT_MS);
}
