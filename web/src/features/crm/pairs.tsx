// All pairs of contacts that may be the same, the likeliest first: told apart, or made one.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ArrowLeft, RefreshCw } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";

import { crmScanContacts } from "@/api";
import { useSession } from "@/app/session";
import { Button } from "@/ui/button";
import { NextPage } from "@/ui/list";
import { Badge, SkeletonRows } from "@/ui/marks";
import { Page } from "@/ui/page";
import { EmptyState, ErrorState, Refusal } from "@/ui/states";

import { PairCard } from "./pair-card";
import { usePairs } from "./queries";

/** How long the list looks for what a comparison of all contacts finds. */
const LOOK_FOR_MS = 60_000;

export function PairsPage() {
  const t = useTranslations("duplicates");
  const { may } = useSession();
  const { isLooking, scan } = useScan();
  const pairs = usePairs(isLooking);
  const rows = pairs.data?.pages.flatMap((page) => page.items) ?? [];
  const total = pairs.data?.pages[0]?.total;
  const look = may("crm.write") && (
    <Button isBusy={scan.isPending || isLooking} onClick={() => scan.mutate()}>
      <RefreshCw size={15} aria-hidden />
      {t("scan")}
    </Button>
  );
  return (
    <Page
      title={t("title")}
      badge={total !== undefined && total > 0 && <Badge>{t("count", { count: total })}</Badge>}
      actions={
        <div className="flex flex-wrap items-center gap-2">
          <Link to="/contacts" className="hit inline-flex items-center gap-1.5 px-2 text-accent underline">
            <ArrowLeft size={15} aria-hidden className="rtl:-scale-x-100" />
            {t("toContacts")}
          </Link>
          {look}
        </div>
      }
    >
      <div className="mx-auto grid max-w-5xl gap-4 p-6 max-sm:p-3">
        <p
          role="status"
          className={isLooking ? "rounded-lg bg-accent-soft px-3 py-2 text-accent" : "sr-only"}
        >
          {isLooking && t("scanning")}
        </p>
        <Refusal failure={scan.error} />
        {pairs.isError ? (
          <ErrorState failure={pairs.error} onRetry={() => void pairs.refetch()} />
        ) : pairs.isPending ? (
          <SkeletonRows rows={12} />
        ) : rows.length === 0 ? (
          <EmptyState title={t("none")}>{t("noneHint")}</EmptyState>
        ) : (
          <>
            <ul className="grid gap-4">
              {rows.map((pair) => (
                <li key={pair.contacts.map(({ id }) => id).join(" ")}>
                  <PairCard pair={pair} />
                </li>
              ))}
            </ul>
            <NextPage
              hasMore={pairs.hasNextPage}
              isLoading={pairs.isFetchingNextPage}
              onMore={() => void pairs.fetchNextPage()}
            />
          </>
        )}
      </div>
    </Page>
  );
}

/** Has all contacts compared; the program does it in the background, so the list looks again for a while. */
function useScan() {
  const client = useQueryClient();
  const [isLooking, setLooking] = useState(false);
  const scan = useMutation({
    mutationFn: () => crmScanContacts(),
    onSuccess: () => {
      setLooking(true);
      window.setTimeout(() => setLooking(false), LOOK_FOR_MS);
      return client.invalidateQueries({ queryKey: ["duplicates"] });
    },
  });
  return { isLooking, scan };
}
