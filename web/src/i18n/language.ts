// Which language and direction the app speaks: the stored choice, else the browser's.
import type { core } from "./en";
import type { office } from "./en-office";

export type Core = typeof core;
export type Office = typeof office;
export type Messages = Core & Office;
export type Language = "en" | "ru" | "pseudo";

export const LANGUAGES: readonly Language[] = ["en", "ru"];

const STORED = "tradepost.language";

declare module "use-intl" {
  interface AppConfig {
    Messages: Messages;
    Locale: string;
  }
}

export function chosenLanguage(): Language {
  const stored = localStorage.getItem(STORED);
  if (stored === "en" || stored === "ru" || stored === "pseudo") return stored;
  return navigator.languages.some((tag) => tag.toLowerCase().startsWith("ru")) ? "ru" : "en";
}

export function storeLanguage(language: Language): void {
  localStorage.setItem(STORED, language);
}

/** The tag for Intl: the pseudo-locale is right-to-left, so that layouts can be tested for it. */
export function localeOf(language: Language): string {
  return language === "pseudo" ? "ar-u-nu-latn" : language;
}

/** What is needed at once; the back office has messages of its own. */
export async function loadCore(language: Language): Promise<Core> {
  if (language === "ru") return (await import("./ru")).core;
  const { core } = await import("./en");
  return language === "pseudo" ? (await import("./pseudo")).pseudo(core) : core;
}

/** What the back office says. */
export async function loadOffice(language: Language): Promise<Office> {
  if (language === "ru") return (await import("./ru-office")).office;
  const { office } = await import("./en-office");
  return language === "pseudo" ? (await import("./pseudo")).pseudo(office) : office;
}
