// Language and appearance, kept on this device.
import { useState } from "react";
import { useTranslations } from "use-intl";

import { LANGUAGES, type Language } from "@/i18n/language";
import { useLanguage } from "@/i18n/provider";

import { chosenTheme, chooseTheme, type Theme } from "./theme";

const NAMES: Record<Language, string> = { en: "English", ru: "Русский", pseudo: "⟦Pseudo⟧" };
const SELECT = "w-full rounded-md border border-line bg-panel px-1.5 py-1 text-ink-2";

export function Preferences() {
  const t = useTranslations("common");
  const { language, choose } = useLanguage();
  const [theme, setTheme] = useState(chosenTheme);
  return (
    <div className="grid gap-1.5">
      <select
        aria-label={t("language")}
        className={SELECT}
        value={language}
        onChange={(event) => choose(event.target.value as Language)}
      >
        {LANGUAGES.map((one) => (
          <option key={one} value={one}>
            {NAMES[one]}
          </option>
        ))}
      </select>
      <select
        aria-label={t("theme")}
        className={SELECT}
        value={theme}
        onChange={(event) => {
          const next = event.target.value as Theme;
          chooseTheme(next);
          setTheme(next);
        }}
      >
        <option value="system">{t("themeSystem")}</option>
        <option value="light">{t("themeLight")}</option>
        <option value="dark">{t("themeDark")}</option>
      </select>
    </div>
  );
}
