// Gives the app its messages, and lets people change the language without losing their place.
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from "react";
import { IntlProvider } from "use-intl";

import {
  chosenLanguage,
  type Language,
  loadMessages,
  localeOf,
  type Messages,
  storeLanguage,
} from "./language";

interface LanguageChoice {
  language: Language;
  choose: (language: Language) => void;
}

const Choice = createContext<LanguageChoice | null>(null);

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState(chosenLanguage);
  const [loaded, setLoaded] = useState<{ language: Language; messages: Messages } | null>(null);

  useEffect(() => {
    let isCurrent = true;
    void loadMessages(language).then((messages) => {
      if (!isCurrent) return;
      setLoaded({ language, messages });
      document.querySelector("meta[name=description]")?.setAttribute("content", messages.common.description);
    });
    document.documentElement.lang = language === "pseudo" ? "ar" : language;
    document.documentElement.dir = language === "pseudo" ? "rtl" : "ltr";
    return () => {
      isCurrent = false;
    };
  }, [language]);

  const choose = useCallback((next: Language) => {
    storeLanguage(next);
    setLanguage(next);
  }, []);
  const choice = useMemo(() => ({ language, choose }), [language, choose]);

  if (loaded === null) return null;
  return (
    <Choice value={choice}>
      <IntlProvider locale={localeOf(loaded.language)} messages={loaded.messages} timeZone={browserZone}>
        {children}
      </IntlProvider>
    </Choice>
  );
}

const browserZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

export function useLanguage(): LanguageChoice {
  const choice = useContext(Choice);
  if (choice === null) throw new Error("useLanguage needs a LanguageProvider");
  return choice;
}
