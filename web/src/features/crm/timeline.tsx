// Who did what to a contact, newest first, in words.
import { Undo2 } from "lucide-react";
import { useTranslations } from "use-intl";

import { useSession } from "@/app/session";
import { useShopMoment } from "@/features/sales/queries";
import { Button } from "@/ui/button";
import { NextPage } from "@/ui/list";
import { ErrorState } from "@/ui/states";

import { useMerges, useTimeline } from "./queries";
import { type Change, changesOf, factOf, mergedNames, ownerOf } from "./timeline-state";
import { useUndoMerge } from "./undo-merge";

export function Timeline({ contactId }: { contactId: string }) {
  const t = useTranslations("crm");
  const merge = useTranslations("merge");
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
                owner: ownerOf(entry) ?? t("house"),
                names: mergedNames(entry).join(", "),
              })}
            </p>
            {entry.contact_id !== contactId && (
              <p className="text-sm text-ink-2">{merge("ofMerged", { name: entry.contact_name ?? "" })}</p>
            )}
            {entry.what === "merged" && entry.contact_id === contactId && (
              <UndoMerge contactId={contactId} mergeId={factOf(entry, "merge_id")} />
            )}
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

/** Takes a merge back, unless that was done already. */
function UndoMerge({ contactId, mergeId }: { contactId: string; mergeId: string }) {
  const t = useTranslations("merge");
  const moment = useShopMoment();
  const { may } = useSession();
  const merges = useMerges(contactId);
  const undo = useUndoMerge();
  const known = merges.data?.items.find(({ id }) => id === mergeId);
  if (known === undefined) return null;
  if (known.undone_at !== null)
    return <p className="text-sm text-ink-3">{t("isUndone", { time: moment(known.undone_at) })}</p>;
  if (!may("crm.write")) return null;
  return (
    <Button className="my-1" isBusy={undo.isPending} onClick={() => undo.mutate(mergeId)}>
      <Undo2 size={15} aria-hidden className="rtl:-scale-x-100" />
      {t("undo")}
    </Button>
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
