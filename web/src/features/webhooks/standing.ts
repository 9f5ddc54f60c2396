// How a webhook stands, told from what the program says of it.
import type { SubscriptionOut } from "@/api";
import type { Tone } from "@/ui/marks";

export type Standing = "active" | "failing" | "paused" | "disabled";

export const TONES: Record<Standing, Tone> = {
  active: "ok",
  failing: "warn",
  paused: "plain",
  disabled: "bad",
};

/** An active one whose receiver has not answered well since is failing: it is tried on, and switched off in the end. */
export function standingOf({
  state,
  failing_since: since,
}: Pick<SubscriptionOut, "state" | "failing_since">): Standing {
  return state === "active" && since !== null ? "failing" : state;
}

/** Count those that somebody has to look at. */
export function countTroubled(webhooks: readonly Pick<SubscriptionOut, "state" | "failing_since">[]): number {
  return webhooks.filter((one) => ["failing", "disabled"].includes(standingOf(one))).length;
}

/** Return where a webhook goes, without what may be secret in its path; an address that is none, as it is. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}
