// Mails come in the language that the app speaks: it is told once for each person and choice.
import { useEffect } from "react";

import { mailChooseLanguage } from "@/api";
import { useLanguage } from "@/i18n/provider";

import { useSession } from "./session";

const TOLD = "tradepost.mail-language";

export function MailLanguage() {
  const { session } = useSession();
  const { language } = useLanguage();
  const personId = session?.person.id;
  useEffect(() => {
    if (personId === undefined || language === "pseudo") return;
    const choice = `${personId} ${language}`;
    if (localStorage.getItem(TOLD) === choice) return;
    // What fails is told again when a page is opened next.
    mailChooseLanguage({ body: { language } }).then(
      () => localStorage.setItem(TOLD, choice),
      () => localStorage.removeItem(TOLD),
    );
  }, [personId, language]);
  return null;
}
