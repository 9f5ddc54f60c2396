// One card on the page of the review: loaded, then checked, or shown as it was decided.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslations } from "use-intl";

import { Button, buttonStyle } from "@/ui/button";
import { SkeletonRows } from "@/ui/marks";
import { ErrorState, Refusal } from "@/ui/states";

import { CheckCard } from "./check-card";
import type { CardOut, CardRowOut } from "@/api";
import { useReopening } from "./deciding";
import { Picture } from "./picture";
import { cardQuery, refreshCards, useCard, usePhotos } from "./queries";
import { quadOf } from "./quad";

export interface Steps {
  /** The next card that is not decided on. */
  onNext: () => void;
  /** The card before or after this one. */
  onStep: (step: 1 | -1) => void;
}

interface ReviewCardProps extends Steps {
  row: CardRowOut;
  rows: readonly CardRowOut[];
}

/** While the picture is read again, the card waits. */
export function ReviewCard(props: ReviewCardProps) {
  const { row } = props;
  const photos = usePhotos(row.batch_id).data?.pages.flatMap((page) => page.items);
  const photo = photos?.find((one) => one.id === row.photo_id);
  if (photo !== undefined && (photo.state === "waiting" || photo.state === "reading"))
    return <BeingRead cardId={row.id} />;
  return <ReadCard {...props} />;
}

function BeingRead({ cardId }: { cardId: string }) {
  const t = useTranslations("cards");
  const client = useQueryClient();
  useEffect(
    () => () => {
      // The picture was read: its cards may be others now.
      client.removeQueries({ queryKey: ["card", cardId] });
      void refreshCards(client);
    },
    [client, cardId],
  );
  return (
    <div className="flex-1">
      <p role="status" className="p-6 text-ink-2">
        {t("beingRead")}
      </p>
      <SkeletonRows rows={8} />
    </div>
  );
}

function ReadCard({ row, rows, ...steps }: ReviewCardProps) {
  const card = useCard(row.id);
  const [side] = card.data?.sides ?? [];
  const other = useQuery({ ...cardQuery(side ?? ""), enabled: side !== undefined });
  // What the server makes of a card anew (another reading, two sides) begins anew here.
  const [round, setRound] = useState(0);
  if (card.isError)
    return (
      <div className="flex-1">
        <ErrorState failure={card.error} onRetry={() => void card.refetch()} />
      </div>
    );
  if (card.isPending)
    return (
      <div className="flex-1">
        <SkeletonRows rows={10} />
      </div>
    );
  if (card.data.state !== "draft") return <Decided card={card.data} {...steps} />;
  return (
    <CheckCard
      key={`${card.data.id} ${round}`}
      card={card.data}
      other={other.data}
      rows={rows}
      onFilled={() => setRound(round + 1)}
      {...steps}
    />
  );
}

/** What was decided, with the way on and, where there is one, the way back. */
function Decided({ card, onNext, onStep }: { card: CardOut } & Steps) {
  const t = useTranslations("cards");
  const reopen = useReopening();
  return (
    <div className="flex min-w-0 flex-1 max-lg:flex-col">
      <div className="flex min-w-0 flex-1 flex-col bg-bg max-lg:h-[45vh] max-lg:flex-none">
        <Picture
          photo={{ id: card.photo_id, width: card.photo_width, height: card.photo_height }}
          place={quadOf(card.place)}
          boxes={[]}
          label={t("pictureOf", { name: card.contact.name || t("nameless") })}
        />
      </div>
      <section
        aria-label={t("decision")}
        className="grid w-md shrink-0 content-start gap-4 border-s border-line bg-panel p-6 max-lg:w-full max-lg:border-s-0 max-lg:border-t"
      >
        <p className="text-xs text-ink-3">{t("stateOf", { state: card.state })}</p>
        <h2 className="text-xl font-semibold break-words">{card.contact.name || t("nameless")}</h2>
        <p className="text-ink-2">{t(card.state === "accepted" ? "acceptedHint" : "skippedHint")}</p>
        <Refusal failure={reopen.error} />
        <div className="flex flex-wrap gap-2">
          {card.contact_id !== null && (
            <Link to="/contacts" search={{ contact: card.contact_id }} className={buttonStyle("primary")}>
              {t("openContact")}
            </Link>
          )}
          {card.state === "skipped" && (
            <Button kind="primary" isBusy={reopen.isPending} onClick={() => reopen.mutate(card)}>
              {t("reopen")}
            </Button>
          )}
          <Button onClick={() => onStep(-1)}>{t("previous")}</Button>
          <Button onClick={onNext}>{t("nextOpen")}</Button>
        </div>
      </section>
    </div>
  );
}
