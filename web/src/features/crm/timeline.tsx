// Who did what to a contact, newest first, in words.
import { useTranslations } from "use-intl";

import { useShopMoment } from "@/features/sales/queries";
import { NextPage } from "@/ui/list";
import { ErrorState } from "@/ui/states";

import { useTimeline } from "./queries";
import { type Change, changesOf, factOf } from "./timeline-state";

export function Timeline({ contactId }: { contactId: string }) {
  const t = useTranslations("crm");
  const moment = useShopMoment();
  const timeline = useTimeline(contactId);
  if (timeline.isError)
    return <ErrorState failure={timeline.error} onRetry={() => void timeline.refetch()} />;
  const entries = timeline.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section aria-label={t("timeline")} className="grid gap-3 border-t border-line-2 pt-4">
      <h3 className="font-medium">{t("timeline")}</h3>
      <ol className="ms-1 grid gap-3 border-s border-line ps-4">
        {entries.map((entry) => (
          <li key={entry.id} className="relative">
            <span aria-hidden className="absolute -start-[1.2rem] top-1.5 size-2 rounded-full bg-edge" />
            <p>
              {t("event", {
                what: entry.what,
                name: factOf(entry, "name"),
                label: factOf(entry, "kind"),
                source: factOf(entry, "source"),
              })}
            </p>
            <ul className="text-ink-2">
              {changesOf(entry).map((change) => (
                <ChangeLine key={change.field} change={change} />
              ))}
            </ul>
            <p className="text-sm text-ink-3">
              {entry.actor_name} · {moment(entry.happened_at)}
            </p>
          </li>
        ))}
      </ol>
      <NextPage
        hasMore={timeline.hasNextPage}
        isLoading={timeline.isFetchingNextPage}
        onMore={() => void timeline.fetchNextPage()}
      />
    </section>
  );
}

function ChangeLine({ change: { field, before, after } }: { change: Change }) {
  const t = useTranslations("crm");
  const label = t("field", { field });
  return (
    <li className="break-words">
      {before === undefined || after === undefined
        ? label
        : t("fieldChanged", {
            field: label,
            before: before === "" ? t("nothing") : before,
            after: after === "" ? t("nothing") : after,
          })}
    </li>
  );
}
