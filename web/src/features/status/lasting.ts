// How long something took, as one reads it: in milliseconds, or in seconds from one second on.
import { useFormatter, useTranslations } from "use-intl";

import { lasting } from "./standing";

/** Below it nothing is measured. */
const LEAST_MS = 0.1;

export function useLasting(): (ms: number) => string {
  const t = useTranslations("status");
  const format = useFormatter();
  return (ms) => {
    const { unit, value } = lasting(ms);
    if (value === 0) return t("bound", { is: "within", time: t("ms", { ms: format.number(LEAST_MS) }) });
    return unit === "ms"
      ? t("ms", { ms: format.number(value) })
      : t("seconds", { seconds: format.number(value) });
  };
}
