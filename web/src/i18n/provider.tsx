// Gives the app its messages, and lets people change the language without losing their place.
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from "react";
import { IntlProvider } from "use-intl";

import {
  chosenLanguage,
  type Language,
  loadCore,
  loadOffice,
  localeOf,
  type Messages,
  storeLanguage,
} from "./language";

interface LanguageChoice {
  language: Language;
  choose: (language: Language) => void;
  /** Whether the messages of the back office are there too; the till does not wait for them. */
  isWhole: boolean;
}

interface Loaded {
  language: Language;
  messages: Messages;
  isWhole: boolean;
}

const Choice = createContext<LanguageChoice | null>(null);

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState(chosenLanguage);
  const [loaded, setLoaded] = useState<Loaded | null>(null);

  useEffect(() => {
    let isCurrent = true;
    void load(language, (next) => {
      if (!isCurrent) return;
      // Who looks at the back office goes on in the old language until the new one is whole.
      setLoaded((present) => (present?.isWhole === true && !next.isWhole ? present : next));
      const description = next.messages.common.description;
      document.querySelector("meta[name=description]")?.setAttribute("content", description);
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
  const isWhole = loaded?.isWhole ?? false;
  const choice = useMemo(() => ({ language, choose, isWhole }), [language, choose, isWhole]);

  if (loaded === null) return null;
  return (
    <Choice value={choice}>
      <IntlProvider locale={localeOf(loaded.language)} messages={loaded.messages} timeZone={browserZone}>
        {children}
      </IntlProvider>
    </Choice>
  );
}

/** Tell of the messages twice: when what is needed at once is there, and when all are. */
async function load(language: Language, tell: (loaded: Loaded) => void): Promise<void> {
  const office = loadOffice(language);
  const core = await loadCore(language);
  // Whatever is shown now says nothing of the back office: `isWhole` keeps that closed.
  tell({ language, messages: core as Messages, isWhole: false });
  tell({ language, messages: { ...core, ...(await office) }, isWhole: true });
}

const browserZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

export function useLanguage(): LanguageChoice {
  const choice = useContext(Choice);
  if (choice === null) throw new Error("useLanguage needs a LanguageProvider");
  return choice;
}
