// The pictures of a batch, as they are read; what could not be read can be read again, typed by hand, or deleted.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Keyboard, RefreshCw, Trash2, TriangleAlert } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";

import { useSession } from "@/app/session";
import { Scanned } from "@/features/files/scanned";
import { Button, buttonStyle, IconButton } from "@/ui/button";
import { Badge, Skeleton, type Tone } from "@/ui/marks";
import { ErrorState, Refusal } from "@/ui/states";

import { AskAgain } from "./ask-again";
import { cardPictureOf } from "@/addresses";
import { type CardPhotoOut, crmDeleteCardPhoto, crmDeleteHeldCardFile } from "@/api";
import { useReadingAgain } from "./deciding";
import { HeldFile } from "./held-file";
import { byTime } from "./order";
import { refreshCards, useHeldFiles, usePhotos } from "./queries";

const TONES: Record<CardPhotoOut["state"], Tone> = {
  waiting: "plain",
  reading: "accent",
  done: "ok",
  failed: "warn",
};

/** What is to be deleted: a picture with its cards, or a file of which there are none yet. */
interface Doomed {
  id: string;
  filename: string;
  isHeld: boolean;
}

export function PhotoGrid({ batchId }: { batchId: string }) {
  const t = useTranslations("cards");
  const photos = usePhotos(batchId);
  const held = useHeldFiles(batchId);
  const [doomed, setDoomed] = useState<Doomed | null>(null);
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: ({ id, isHeld }: Doomed) =>
      isHeld
        ? crmDeleteHeldCardFile({ path: { held_id: id } })
        : crmDeleteCardPhoto({ path: { photo_id: id } }),
    onSettled: () => refreshCards(client),
  });
  if (photos.isError) return <ErrorState failure={photos.error} onRetry={() => void photos.refetch()} />;
  const all = (photos.data?.pages.flatMap((page) => page.items) ?? []).toSorted((one, other) =>
    byTime(one.id, other.id),
  );
  return (
    <section aria-label={t("pictures")} className="grid gap-3">
      <Refusal failure={remove.error} />
      <ul className="grid grid-cols-[repeat(auto-fill,minmax(13rem,1fr))] items-start gap-4 max-md:grid-cols-2 max-md:gap-3">
        {photos.isPending &&
          Array.from({ length: 4 }, (_, index) => (
            <li key={index}>
              <Skeleton className="!h-auto aspect-[4/3] rounded-xl" />
            </li>
          ))}
        {all.map((photo) => (
          <Photo key={photo.id} photo={photo} onDelete={() => setDoomed({ ...photo, isHeld: false })} />
        ))}
        {held.map((file) => (
          <HeldFile key={file.id} file={file} onDelete={() => setDoomed({ ...file, isHeld: true })} />
        ))}
      </ul>
      {doomed !== null && (
        <AskAgain
          title={t(doomed.isHeld ? "deleteHeldTitle" : "deleteTitle")}
          text={t(doomed.isHeld ? "deleteHeldHint" : "deleteHint", { name: doomed.filename })}
          act={t(doomed.isHeld ? "deleteHeld" : "delete")}
          isDangerous
          onAct={() => remove.mutate(doomed)}
          onClose={() => setDoomed(null)}
        />
      )}
    </section>
  );
}

function Photo({ photo, onDelete }: { photo: CardPhotoOut; onDelete: () => void }) {
  const t = useTranslations("cards");
  const { may } = useSession();
  const isFailed = photo.state === "failed";
  const isOpen = photo.state === "done" || isFailed;
  const face = (
    <img
      src={cardPictureOf(photo.id)}
      alt={t("pictureNamed", { name: photo.filename })}
      width={photo.width}
      height={photo.height}
      loading="lazy"
      className={`aspect-[4/3] h-auto w-full bg-line-2 object-cover ${isOpen ? "" : "opacity-50"}`}
    />
  );
  return (
    <li className="flex flex-col overflow-hidden rounded-xl border border-line bg-panel">
      <div className="relative">
        {isOpen ? (
          <Link
            to="/contacts/cards/review"
            search={{ batch: photo.batch_id, photo: photo.id }}
            className="block focus-visible:-outline-offset-2"
          >
            {face}
          </Link>
        ) : (
          face
        )}
        <span className="absolute start-2 bottom-2">
          <Badge tone={TONES[photo.state]}>
            {photo.state === "reading" && (
              <span aria-hidden className="size-2 animate-ping rounded-full bg-current" />
            )}
            {isFailed && <TriangleAlert size={12} aria-hidden />}
            {photo.state === "done"
              ? t("cardCount", { count: photo.card_ids.length })
              : t("photoState", { state: photo.state })}
          </Badge>
        </span>
      </div>
      <div className="grid flex-1 content-start gap-1.5 p-2.5">
        <div className="flex items-center gap-1">
          <bdi className="min-w-0 flex-1 truncate text-sm text-ink-2">{photo.filename}</bdi>
          {may("crm.write") && (
            <IconButton label={t("deleteOf", { name: photo.filename })} onClick={onDelete}>
              <Trash2 size={15} aria-hidden />
            </IconButton>
          )}
        </div>
        <Scanned scan={photo.scan} />
        {isFailed && <Failed photo={photo} />}
      </div>
    </li>
  );
}

function Failed({ photo }: { photo: CardPhotoOut }) {
  const t = useTranslations("cards");
  const again = useReadingAgain();
  return (
    <>
      <p className="text-sm text-ink">{photo.sentence}</p>
      <Refusal failure={again.error} />
      <div className="flex flex-wrap gap-1">
        <Button isBusy={again.isPending} onClick={() => again.mutate(photo.id)}>
          <RefreshCw size={14} aria-hidden />
          {t("readAgain")}
        </Button>
        <Link
          to="/contacts/cards/review"
          search={{ batch: photo.batch_id, photo: photo.id }}
          className={buttonStyle("quiet")}
        >
          <Keyboard size={14} aria-hidden />
          {t("byHand")}
        </Link>
      </div>
    </>
  );
}
