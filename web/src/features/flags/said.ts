// What the program says in both languages, in that of the page.
import { useLocale } from "use-intl";

import type { SaidOut } from "@/api";

export function useSaid(): (said: SaidOut) => string {
  const locale = useLocale();
  return (said) => (locale.startsWith("ru") ? said.ru : said.en);
}
