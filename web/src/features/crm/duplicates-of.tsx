// Who may be the same as a contact, in its panel: told apart, or merged.
import { Link } from "@tanstack/react-router";
import { Merge } from "lucide-react";
import { useTranslations } from "use-intl";

import type { ContactOut } from "@/api";
import { useSession } from "@/app/session";
import { Button, buttonStyle } from "@/ui/button";

import { Reasons, Verdict } from "./likeness";
import { useLikeContact } from "./queries";
import { useTellApart } from "./telling-apart";

export function DuplicatesOf({ contact }: { contact: ContactOut }) {
  const t = useTranslations("duplicates");
  const { may } = useSession();
  const apart = useTellApart();
  const found = useLikeContact(contact.id).data?.items ?? [];
  if (found.length === 0) return null;
  return (
    <section aria-label={t("beside")} className="grid gap-2 rounded-xl bg-warn-soft p-2.5">
      <h3 className="px-1 font-semibold text-warn">{t("found", { count: found.length })}</h3>
      <ul className="grid gap-2">
        {found.map((one) => (
          <li key={one.contact.id} className="grid gap-2 rounded-lg bg-panel p-2.5">
            <Link
              to="/contacts"
              search={(search) => ({ ...search, contact: one.contact.id })}
              className="hit justify-self-start font-medium break-words text-accent underline"
            >
              {one.contact.name}
            </Link>
            <div>
              <Verdict match={one} />
            </div>
            <Reasons match={one} />
            {may("crm.write") && (
              <div className="flex flex-wrap gap-2">
                <Link
                  to="/contacts/merge"
                  search={{ ids: `${contact.id},${one.contact.id}` }}
                  className={buttonStyle()}
                >
                  <Merge size={15} aria-hidden />
                  {t("merge")}
                </Link>
                <Button
                  kind="quiet"
                  isBusy={apart.isPending}
                  onClick={() => apart.mutate([contact, one.contact])}
                >
                  {t("notSame")}
                </Button>
              </div>
            )}
          </li>
        ))}
      </ul>
      {found.length > 1 && may("crm.write") && (
        <Link
          to="/contacts/merge"
          search={{ ids: [contact, ...found.map((one) => one.contact)].map(({ id }) => id).join() }}
          className={`${buttonStyle()} justify-self-start`}
        >
          <Merge size={15} aria-hidden />
          {t("mergeAll", { count: found.length + 1 })}
        </Link>
      )}
    </section>
  );
}
