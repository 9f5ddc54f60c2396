// Checking the cards of a batch one by one: picture and form side by side, from card to card by the keyboard.
import { useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Images } from "lucide-react";
import { useEffect } from "react";
import { useTranslations } from "use-intl";

import { GoTo } from "@/app/go-to";
import { buttonStyle } from "@/ui/button";
import { Badge, SkeletonRows } from "@/ui/marks";
import { Page } from "@/ui/page";
import { EmptyState, ErrorState } from "@/ui/states";

import type { CardRowOut } from "@/api";
import { decidable, neighbour, nextDraft, progressOf, shownOf } from "./order";
import { cardQuery, isReading, useBatch, useBatches, useCards } from "./queries";
import { ReviewCard } from "./review-card";
import { Summary } from "./summary";
import { Thumbs } from "./thumbs";

export function ReviewPage() {
  const { batch } = useSearch({ from: "/guarded/shell/contacts/cards/review" });
  return batch === undefined ? <NewestBatch /> : <Batch key={batch} batchId={batch} />;
}

/** Without a batch in the address, the newest one that has cards to check. */
function NewestBatch() {
  const t = useTranslations("cards");
  const batches = useBatches();
  if (batches.isPending)
    return (
      <Page title={t("review")}>
        <SkeletonRows />
      </Page>
    );
  const open = batches.data?.pages.flatMap((page) => page.items).find((one) => one.drafts > 0);
  return <GoTo href={open === undefined ? "/contacts/cards" : `/contacts/cards/review?batch=${open.id}`} />;
}

function Batch({ batchId }: { batchId: string }) {
  const t = useTranslations("cards");
  const client = useQueryClient();
  const navigate = useNavigate();
  const wanted = useSearch({ from: "/guarded/shell/contacts/cards/review" });
  const batch = useBatch(batchId);
  const cards = useCards(batchId);
  const all = cards.data?.pages.flatMap((page) => page.items) ?? [];
  const rows = decidable(all);
  const current = shownOf(all, wanted);
  const next = current === undefined ? undefined : nextDraft(rows, current.id);
  const { decided, all: count } = progressOf(rows);
  const go = (row: CardRowOut | undefined) =>
    void navigate({
      to: "/contacts/cards/review",
      search: row === undefined ? { batch: batchId } : { batch: batchId, card: row.id, photo: row.photo_id },
    });
  const nextId = next?.id;
  useEffect(() => {
    // The next card is there when it is wanted.
    if (nextId !== undefined) void client.query(cardQuery(nextId)).catch(() => undefined);
  }, [client, nextId]);
  return (
    <Page
      title={t("review")}
      badge={
        count > 0 && (
          <span role="status">
            <Badge tone={decided === count ? "ok" : "plain"}>{t("progress", { decided, count })}</Badge>
          </span>
        )
      }
      actions={
        <Link
          to="/contacts/cards"
          search={{ batch: batchId }}
          aria-label={t("pictures")}
          className={buttonStyle()}
        >
          <Images size={15} aria-hidden />
          <span className="max-md:hidden">{t("pictures")}</span>
        </Link>
      }
    >
      {batch.isError || cards.isError ? (
        <ErrorState failure={batch.error ?? cards.error} onRetry={() => void batch.refetch()} />
      ) : cards.isPending ? (
        <SkeletonRows rows={12} />
      ) : rows.length === 0 ? (
        <EmptyState
          title={t("noCards")}
          action={
            <Link to="/contacts/cards" search={{ batch: batchId }} className={buttonStyle("primary")}>
              {t("addPictures")}
            </Link>
          }
        >
          {t("noCardsHint")}
        </EmptyState>
      ) : (
        <div className="flex h-full max-lg:h-auto">
          {current !== undefined && <Thumbs rows={rows} batchId={batchId} current={current.id} />}
          {current === undefined ? (
            <Summary rows={rows} batchId={batchId} isReading={isReading(batch.data)} onOpen={go} />
          ) : (
            <ReviewCard
              key={current.id}
              row={current}
              rows={rows}
              onNext={() => go(next)}
              onStep={(step) => go(neighbour(rows, current.id, step) ?? current)}
            />
          )}
        </div>
      )}
    </Page>
  );
}
