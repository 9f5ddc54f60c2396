// A till that was locked: its session is to end, of which the program may not have heard yet.
import { identityReadSession, identitySignOut } from "@/api";
import { ApiProblem, setCsrfToken } from "@/http";

/** Holds who locked until the program has heard of it: their cookie opens nothing on this device meanwhile. */
const LOCKED = "tradepost.locked";
const TRY_EVERY_MS = 10_000;

export function isLocked(): boolean {
  return localStorage.getItem(LOCKED) !== null;
}

export function noteLocked(personId: string): void {
  localStorage.setItem(LOCKED, personId);
}

export function noteUnlocked(): void {
  localStorage.removeItem(LOCKED);
}

/** End the session of whoever locked, as soon as the program is heard; one that somebody else began since is not ours. */
export async function endLocked(): Promise<void> {
  try {
    const { person, csrf_token } = await identityReadSession();
    if (localStorage.getItem(LOCKED) === person.id) {
      setCsrfToken(csrf_token);
      await identitySignOut();
    }
  } catch (failure) {
    if (!isOver(failure)) return;
  }
  noteUnlocked();
}

/** Try to end it now, as soon as the network returns, and every few seconds until the program has heard; returns how to stop. */
export function keepEnding(): () => void {
  const attempt = () => {
    if (isLocked()) void endLocked();
  };
  attempt();
  const timer = window.setInterval(attempt, TRY_EVERY_MS);
  window.addEventListener("online", attempt);
  return () => {
    window.clearInterval(timer);
    window.removeEventListener("online", attempt);
  };
}

/** Whether the session has ended by itself, or given way to another one. */
function isOver(failure: unknown): boolean {
  return failure instanceof ApiProblem && (failure.status === 401 || failure.code === "csrf_failed");
}
