// Business cards from pictures: chosen, dropped, pasted or photographed; read one after the other; then checked.
import { useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { ScanText, ShieldEllipsis } from "lucide-react";
import { useEffect } from "react";
import { useTranslations } from "use-intl";

import { useSession } from "@/app/session";
import { newId } from "@/ids";
import { buttonStyle } from "@/ui/button";
import { Badge } from "@/ui/marks";
import { Page } from "@/ui/page";

import { Batches } from "./batches";
import { DropZone } from "./drop-zone";
import { PhotoGrid } from "./photo-grid";
import { refreshCards, useBatch } from "./queries";
import { SendingList } from "./sending-list";
import { useUploads } from "./uploads";

export function CardsPage() {
  const t = useTranslations("cards");
  const { may } = useSession();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { batch } = useSearch({ from: "/guarded/shell/contacts/cards" });
  const uploads = useUploads();
  const mine = uploads.sendings.filter((one) => one.batchId === batch);
  const arrived = mine.filter((one) => one.state === "sent").length;
  useEffect(() => {
    if (arrived > 0) void refreshCards(client);
  }, [arrived, client]);
  const add = (files: readonly File[]) => {
    if (files.length === 0) return;
    const to = batch ?? newId();
    uploads.add(files, to);
    if (batch === undefined) void navigate({ to: "/contacts/cards", search: { batch: to } });
  };
  // A batch begins with its first picture: until that is there, there is nothing to ask for.
  const isBegun = batch !== undefined && (mine.length === 0 || arrived > 0);
  return (
    <Page
      title={t("title")}
      badge={isBegun && <Counts batchId={batch} />}
      actions={
        <>
          <Link to="/contacts" className={buttonStyle()}>
            {t("contacts")}
          </Link>
          {isBegun && <ReviewLink batchId={batch} />}
        </>
      }
    >
      <div className="mx-auto grid max-w-5xl grid-cols-[minmax(0,1fr)] gap-6 p-6 max-md:p-4">
        {may("crm.write") && <DropZone isSmall={batch !== undefined} onFiles={add} />}
        <SendingList uploads={uploads} batchId={batch} />
        {isBegun && <Unscanned batchId={batch} />}
        {isBegun && <PhotoGrid batchId={batch} />}
        <Batches current={batch} />
      </div>
    </Page>
  );
}

function Counts({ batchId }: { batchId: string }) {
  const t = useTranslations("cards");
  const batch = useBatch(batchId).data;
  if (batch === undefined) return null;
  const open = batch.waiting + batch.reading;
  return (
    <span role="status" className="flex flex-wrap gap-1.5">
      <Badge>{t("photos", { count: batch.photos })}</Badge>
      {batch.unscanned > 0 && <Badge tone="accent">{t("unscannedCount", { count: batch.unscanned })}</Badge>}
      {open > 0 && <Badge tone="accent">{t("toRead", { count: open })}</Badge>}
      {batch.drafts > 0 && <Badge>{t("toCheck", { count: batch.drafts })}</Badge>}
      {batch.accepted > 0 && <Badge tone="ok">{t("acceptedCount", { count: batch.accepted })}</Badge>}
      {batch.failed > 0 && <Badge tone="warn">{t("failedCount", { count: batch.failed })}</Badge>}
    </span>
  );
}

/** Whoever has sent their pictures may go: they are here, and nobody has to send them again. */
function Unscanned({ batchId }: { batchId: string }) {
  const t = useTranslations("cards");
  const count = useBatch(batchId).data?.unscanned ?? 0;
  return (
    <div
      role="status"
      className={count > 0 ? "flex gap-3 rounded-xl bg-accent-soft p-4 text-accent" : "sr-only"}
    >
      {count > 0 && (
        <>
          <ShieldEllipsis size={20} aria-hidden className="mt-0.5 shrink-0" />
          <p>
            <span className="font-semibold">{t("unscanned", { count })}</span> {t("unscannedHint")}
          </p>
        </>
      )}
    </div>
  );
}

function ReviewLink({ batchId }: { batchId: string }) {
  const t = useTranslations("cards");
  const batch = useBatch(batchId).data;
  if (batch === undefined || batch.drafts + batch.accepted + batch.skipped === 0) return null;
  return (
    <Link
      to="/contacts/cards/review"
      search={{ batch: batchId }}
      className={buttonStyle(batch.drafts > 0 ? "primary" : "plain")}
    >
      <ScanText size={15} aria-hidden />
      {batch.drafts > 0 ? t("checkCards", { count: batch.drafts }) : t("summary")}
    </Link>
  );
}
