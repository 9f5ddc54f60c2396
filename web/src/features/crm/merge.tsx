// Making one contact of several: what each has side by side, what is taken of it, and what comes out.
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslations } from "use-intl";

import type { ContactOut } from "@/api";
import { Button } from "@/ui/button";
import { SkeletonRows } from "@/ui/marks";
import { Page } from "@/ui/page";
import { EmptyState, ErrorState } from "@/ui/states";

import { MergeForm } from "./merge-form";
import { idsOf } from "./merging";
import { useContactsById } from "./queries";

export function MergePage() {
  const t = useTranslations("merge");
  const { ids } = useSearch({ from: "/guarded/shell/contacts/merge" });
  const navigate = useNavigate();
  const wanted = idsOf(ids);
  const { contacts, failure, isPending, retry } = useContactsById(wanted);
  const back = () => void navigate({ to: "/contacts" });
  return (
    <Page title={t("title")}>
      {failure !== null ? (
        <ErrorState failure={failure} onRetry={retry} />
      ) : isPending ? (
        <SkeletonRows rows={12} />
      ) : contacts.length < 2 ? (
        <EmptyState
          title={contacts.length < wanted.length ? t("isOne") : t("few")}
          action={<Button onClick={back}>{t("toContacts")}</Button>}
        >
          {t("fewHint")}
        </EmptyState>
      ) : (
        <MergeForm
          // Who was changed or left out meanwhile is looked at anew.
          key={contacts.map(({ id }) => id).join()}
          contacts={contacts}
          onLeaveOut={(contact) =>
            void navigate({
              to: "/contacts/merge",
              search: { ids: without(contacts, contact) },
              replace: true,
            })
          }
          onReload={retry}
          onClose={back}
        />
      )}
    </Page>
  );
}

const without = (contacts: readonly ContactOut[], { id }: ContactOut) =>
  contacts
    .map((one) => one.id)
    .filter((one) => one !== id)
    .join();
