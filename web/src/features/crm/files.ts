// The files that contacts leave as, and where each is fetched from.
import { contactCardsOf, contactSheetOf, contactTableOf } from "@/addresses";
import type { CrmExportCardsData } from "@/api";

/** What a file holds: what the list shows, or the contacts with these ids. */
export type Exported = Omit<NonNullable<CrmExportCardsData["query"]>, "version">;

export type Form = "vcard4" | "vcard3" | "csv" | "google" | "pdf";

/** Return the forms with their addresses, the one that keeps most first. */
export function filesOf(wanted: Exported, language: "en" | "ru"): { form: Form; href: string }[] {
  return [
    { form: "vcard4", href: contactCardsOf({ ...wanted, version: "4.0" }) },
    { form: "vcard3", href: contactCardsOf({ ...wanted, version: "3.0" }) },
    { form: "csv", href: contactTableOf({ ...wanted, style: "plain" }) },
    { form: "google", href: contactTableOf({ ...wanted, style: "google" }) },
    { form: "pdf", href: contactSheetOf({ ...wanted, language }) },
  ];
}
