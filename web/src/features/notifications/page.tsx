// The inbox: what I was told, the newest first; what I open or answer counts as read, and many can be picked together.
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslations } from "use-intl";

import { pick, type Picks } from "@/ui/bulk";
import { BulkBar, useBulk } from "@/ui/bulk-bar";
import { Button, buttonStyle } from "@/ui/button";
import { SkeletonRows } from "@/ui/marks";
import { Page } from "@/ui/page";
import { EmptyState, ErrorState, Refusal } from "@/ui/states";

import { Notification } from "./notification";
import { useActOnMany, useInbox, useReadAll } from "./queries";

export function NotificationsPage() {
  const t = useTranslations("notifications");
  const common = useTranslations("common");
  const inbox = useInbox();
  const readAll = useReadAll();
  const [picks, setPicks] = useState<Picks>(new Map());
  const items = inbox.data?.pages.flatMap((page) => page.items) ?? [];
  const newest = items[0];
  const isAnyUnread = items.some((item) => item.read_at === null);
  return (
    <Page
      title={t("title")}
      actions={
        <>
          <Link to="/account" hash="notifications" className={buttonStyle("quiet")}>
            {t("choose")}
          </Link>
          {newest !== undefined && isAnyUnread && (
            <Button isBusy={readAll.isPending} onClick={() => readAll.mutate(newest.created_at)}>
              {t("readAll")}
            </Button>
          )}
        </>
      }
    >
      {inbox.isError ? (
        <ErrorState failure={inbox.error} onRetry={() => void inbox.refetch()} />
      ) : inbox.isPending ? (
        <SkeletonRows />
      ) : items.length === 0 ? (
        <EmptyState title={t("none")}>{t("noneHint")}</EmptyState>
      ) : (
        <div className="mx-auto grid max-w-3xl gap-3 p-6 max-md:p-3">
          <Refusal failure={readAll.error} />
          <ul aria-label={t("title")} className="grid gap-3">
            {items.map((item) => (
              <Notification
                key={item.id}
                item={item}
                isPicked={picks.has(item.id)}
                onPick={(name, isPicked) =>
                  setPicks(pick(picks, [{ id: item.id, name, version: 0 }], isPicked))
                }
              />
            ))}
          </ul>
          {inbox.hasNextPage && (
            <Button
              className="justify-self-center"
              isBusy={inbox.isFetchingNextPage}
              onClick={() => void inbox.fetchNextPage()}
            >
              {common("more")}
            </Button>
          )}
        </div>
      )}
      <NotificationsBar picks={picks} onPicks={setPicks} />
    </Page>
  );
}

function NotificationsBar({ picks, onPicks }: { picks: Picks; onPicks: (picks: Picks) => void }) {
  const t = useTranslations("notifications");
  const { bar, forget, tell } = useBulk(picks, onPicks);
  const many = useActOnMany();
  const act = (what: "read" | "remove") => {
    forget();
    many.mutate(
      { picks, act: what },
      {
        onSuccess: (items) => {
          tell(items);
          onPicks(new Map());
        },
      },
    );
  };
  return (
    <BulkBar {...bar} isBusy={many.isPending} failure={many.error}>
      <Button onClick={() => act("read")}>{t("readPicked")}</Button>
      <Button kind="danger" onClick={() => act("remove")}>
        {t("removePicked")}
      </Button>
    </BulkBar>
  );
}
