// Which language and direction the app speaks: the stored choice, else the browser's.
import type { messages as english } from "./en";

export type Messages = typeof english;
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

export async function loadMessages(language: Language): Promise<Messages> {
  if (language === "ru") return (await import("./ru")).messages;
  const { messages } = await import("./en");
  if (language !== "pseudo") return messages;
  return (await import("./pseudo")).pseudo(messages);
}
