// The pictures of the cards that a contact came from.
import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";

import { CardThumb } from "./card-thumb";
import { useCardsOfContact } from "./queries";

/** Nothing is shown of a contact that came from no card. */
export function ContactCards({ contactId }: { contactId: string }) {
  const t = useTranslations("cards");
  const rows = useCardsOfContact(contactId).data?.items ?? [];
  if (rows.length === 0) return null;
  return (
    <section aria-label={t("fromCards")} className="grid gap-2 border-t border-line-2 pt-4">
      <h3 className="font-medium">{t("fromCards")}</h3>
      <ul className="grid grid-cols-2 gap-2">
        {rows.map((row) => (
          <li key={row.id}>
            <Link
              to="/contacts/cards/review"
              search={{ batch: row.batch_id, card: row.id }}
              className="block rounded-lg hover:outline-2 hover:outline-line"
            >
              <CardThumb
                card={row}
                label={t("pictureOf", { name: row.name || t("nameless") })}
                className="aspect-[8/5] w-full rounded-lg border border-line"
              />
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
