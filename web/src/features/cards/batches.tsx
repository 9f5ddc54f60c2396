// Earlier batches, each with how far it is.
import { Link } from "@tanstack/react-router";
import { Images } from "lucide-react";
import { useTranslations } from "use-intl";

import { useShopMoment } from "@/features/sales/queries";
import { NextPage } from "@/ui/list";
import { Badge, SkeletonRows } from "@/ui/marks";
import { ErrorState } from "@/ui/states";

import type { CardBatchOut } from "@/api";
import { isReading, useBatches } from "./queries";

export function Batches({ current }: { current: string | undefined }) {
  const t = useTranslations("cards");
  const batches = useBatches();
  const rows = batches.data?.pages.flatMap((page) => page.items).filter((one) => one.id !== current) ?? [];
  if (batches.isError) return <ErrorState failure={batches.error} onRetry={() => void batches.refetch()} />;
  if (batches.isPending) return <SkeletonRows rows={3} />;
  if (rows.length === 0) return null;
  return (
    <section aria-label={t("earlier")} className="grid gap-2">
      <h2 className="text-sm font-medium text-ink-2">{t("earlier")}</h2>
      <ul className="grid gap-px overflow-hidden rounded-xl border border-line bg-line">
        {rows.map((batch) => (
          <li key={batch.id} className="bg-panel">
            <BatchRow batch={batch} />
          </li>
        ))}
      </ul>
      <NextPage
        hasMore={batches.hasNextPage}
        isLoading={batches.isFetchingNextPage}
        onMore={() => void batches.fetchNextPage()}
      />
    </section>
  );
}

function BatchRow({ batch }: { batch: CardBatchOut }) {
  const t = useTranslations("cards");
  const moment = useShopMoment();
  return (
    <Link
      to="/contacts/cards"
      search={{ batch: batch.id }}
      className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-3 hover:bg-line-2 focus-visible:-outline-offset-2"
    >
      <Images size={17} aria-hidden className="text-ink-3" />
      <span className="min-w-44 flex-1 font-medium">{moment(batch.created_at)}</span>
      <span className="text-ink-2">{t("photos", { count: batch.photos })}</span>
      {batch.unscanned > 0 ? (
        <Badge tone="accent">{t("unscannedCount", { count: batch.unscanned })}</Badge>
      ) : isReading(batch) ? (
        <Badge tone="accent">{t("toRead", { count: batch.waiting + batch.reading })}</Badge>
      ) : batch.drafts > 0 ? (
        <Badge tone="warn">{t("toCheck", { count: batch.drafts })}</Badge>
      ) : (
        <Badge tone="ok">{t("checked")}</Badge>
      )}
    </Link>
  );
}
