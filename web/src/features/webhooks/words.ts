// How tries are told: by the answer's number, or why there was no answer.
import { useTranslations } from "use-intl";

import type { DeliveryOut } from "@/api";
import type { Tone } from "@/ui/marks";

export const DELIVERY_TONES: Record<DeliveryOut["state"], Tone> = {
  waiting: "warn",
  delivered: "ok",
  given_up: "bad",
};

interface Told {
  outcome?: string | null;
  status?: number | null;
}

type Translate = ReturnType<typeof useTranslations<"webhooks">>;

/** Say how a try went; an outcome that the catalogue does not name is shown as it is. */
export function toldBy(t: Translate, { outcome, status }: Told): string {
  if (outcome === null || outcome === undefined) return t("untried");
  return status === null || status === undefined
    ? t("outcome", { outcome })
    : t("answered", { status: String(status) });
}

export function useOutcome(): (told: Told) => string {
  const t = useTranslations("webhooks");
  return (told) => toldBy(t, told);
}
