// Files on their way, each with its progress; what failed or was refused says why, and stays until it is put away.
import { Link } from "@tanstack/react-router";
import { RotateCcw, X } from "lucide-react";
import { useTranslations } from "use-intl";

import { ApiProblem } from "@/http";
import { Button, IconButton } from "@/ui/button";
import { useExplained } from "@/ui/states";

import type { Sending } from "./upload-queue";
import type { Uploads } from "./uploads";

/** A refusal stays one, however often the file is sent; silence and trouble on the other side may pass. */
const isRefused = (failure: unknown) =>
  failure instanceof ApiProblem && failure.status < 500 && failure.status !== 401 && failure.status !== 429;

interface SendingListProps {
  uploads: Uploads;
  batchId: string | undefined;
}

/** What arrived without anything to say is seen among the pictures. */
function isWorthTelling({ state, answer }: Sending): boolean {
  if (state !== "sent") return true;
  return (
    answer !== null && (answer.refused.length > 0 || answer.photos.some((photo) => photo.is_repeat === true))
  );
}

export function SendingList({ uploads, batchId }: SendingListProps) {
  const t = useTranslations("cards");
  const told = uploads.sendings.filter(isWorthTelling);
  const here = told.filter((one) => one.batchId === batchId);
  const [elsewhere] = told.filter((one) => one.batchId !== batchId);
  const failed = here.filter((one) => one.state === "failed");
  const again = failed.filter((one) => !isRefused(one.failure));
  const open = here.filter((one) => one.state === "waiting" || one.state === "sending");
  return (
    <>
      {elsewhere !== undefined && (
        <p className="text-ink-2">
          <Link
            to="/contacts/cards"
            search={{ batch: elsewhere.batchId }}
            className="hit text-accent underline"
          >
            {t("elsewhere", { count: told.length - here.length })}
          </Link>
        </p>
      )}
      {here.length > 0 && (
        <section aria-label={t("sending")} className="rounded-xl border border-line bg-panel">
          <div className="flex min-h-11 items-center gap-2 border-b border-line-2 px-4">
            <h2 className="flex-1 text-sm font-medium text-ink-2">
              <span role="status">
                {open.length > 0
                  ? t("sendingCount", { count: open.length })
                  : failed.length > 0
                    ? t("notSent", { count: failed.length })
                    : t("sentNotes")}
              </span>
            </h2>
            {again.length > 1 && (
              <Button kind="quiet" onClick={() => again.forEach((one) => uploads.retry(one.id))}>
                {t("retryAll")}
              </Button>
            )}
          </div>
          <ul className="max-h-72 overflow-y-auto">
            {here.map((one) => (
              <SendingRow key={one.id} sending={one} uploads={uploads} />
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function SendingRow({ sending, uploads }: { sending: Sending; uploads: Uploads }) {
  const t = useTranslations("cards");
  const common = useTranslations("common");
  const explained = useExplained();
  const { id, filename, state, progress, failure, answer } = sending;
  const isDone = state === "sent" || state === "failed";
  return (
    <li className="grid gap-1 border-b border-line-2 px-4 py-2 last:border-b-0">
      <div className="flex min-h-8 items-center gap-3">
        <bdi className="min-w-0 flex-1 truncate">{filename}</bdi>
        {state === "waiting" && <span className="text-sm text-ink-3">{t("waits")}</span>}
        {state === "sending" && (
          <progress
            aria-label={t("progressOf", { name: filename })}
            value={progress}
            max={1}
            className="h-1.5 w-32 accent-accent"
          />
        )}
        {state === "failed" && !isRefused(failure) && (
          <Button kind="quiet" onClick={() => uploads.retry(id)}>
            <RotateCcw size={14} aria-hidden />
            {common("tryAgain")}
          </Button>
        )}
        {isDone && (
          <IconButton label={t("dismiss", { name: filename })} onClick={() => uploads.dismiss(id)}>
            <X size={15} aria-hidden />
          </IconButton>
        )}
      </div>
      {state === "failed" && <p className="text-sm text-bad">{explained(failure).text}</p>}
      {state === "waiting" && failure !== null && (
        <p className="text-sm text-ink-2">{explained(failure).text}</p>
      )}
      {answer?.refused.map((one) => (
        <p key={one.filename} className="text-sm text-warn">
          <bdi className="font-medium">{one.filename}</bdi>
          {" — "}
          {one.sentence}
        </p>
      ))}
      {answer?.photos
        .filter((photo) => photo.is_repeat === true)
        .map((photo) => (
          <p key={photo.id} className="text-sm text-ink-2">
            {t("known")}{" "}
            <Link
              to="/contacts/cards/review"
              search={{ batch: photo.batch_id, photo: photo.id }}
              className="hit text-accent underline"
            >
              {t("show")}
            </Link>
          </p>
        ))}
    </li>
  );
}
