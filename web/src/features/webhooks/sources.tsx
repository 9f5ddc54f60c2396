// Who may send messages: the address to give to the sender, when the last message came, and the secret.
import { Copy } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";

import type { SourceOut } from "@/api";
import { incomingOf } from "@/addresses";
import { Button, IconButton } from "@/ui/button";
import { SkeletonRows } from "@/ui/marks";
import { useMoment } from "@/ui/money";
import { EmptyState, ErrorState } from "@/ui/states";
import { useToast } from "@/ui/toast";

import { useSources } from "./queries";
import { RemoveSource, RotateSource } from "./source-dialogs";

type Asking = { what: "rotate" | "remove"; source: SourceOut };

export function Sources() {
  const t = useTranslations("webhooks");
  const sources = useSources();
  const [asking, setAsking] = useState<Asking | null>(null);
  const close = () => setAsking(null);
  if (sources.isError) return <ErrorState failure={sources.error} onRetry={() => void sources.refetch()} />;
  if (sources.isPending) return <SkeletonRows />;
  if (sources.data.items.length === 0)
    return <EmptyState title={t("noSources")}>{t("noSourcesHint")}</EmptyState>;
  return (
    <>
      <ul aria-label={t("view", { view: "in" })} className="border-t border-line">
        {sources.data.items.map((source) => (
          <Source key={source.id} source={source} onAsk={(what) => setAsking({ what, source })} />
        ))}
      </ul>
      {asking?.what === "rotate" && <RotateSource source={asking.source} onClose={close} />}
      {asking?.what === "remove" && <RemoveSource source={asking.source} onClose={close} />}
    </>
  );
}

function Source({ source, onAsk }: { source: SourceOut; onAsk: (what: Asking["what"]) => void }) {
  const t = useTranslations("webhooks");
  const moment = useMoment();
  const common = useTranslations("common");
  const toast = useToast();
  const { name, former_until: until, received_at: received } = source;
  const address = incomingOf(name);
  return (
    <li className="flex flex-wrap items-start gap-x-6 gap-y-2 border-b border-line-2 px-6 py-3">
      <div className="min-w-56 flex-1">
        <p className="font-medium break-words">{source.description}</p>
        <p className="flex items-center gap-1 text-ink-2">
          <span className="sr-only">{t("sourceAddress")}</span>
          <code translate="no" dir="ltr" className="min-w-0 break-all">
            {address}
          </code>
          <IconButton
            label={t("copyAddress", { name })}
            onClick={() => void navigator.clipboard.writeText(address).then(() => toast(common("copied")))}
          >
            <Copy size={16} aria-hidden />
          </IconButton>
        </p>
        <p className="text-sm text-ink-2">
          {[
            received === null ? t("neverReceived") : t("lastReceived", { at: moment(received) }),
            ...(until === null ? [] : [t("formerCounts", { at: moment(until) })]),
          ].join(" · ")}
        </p>
      </div>
      <div className="flex flex-wrap gap-2">
        <Button aria-label={t("rotateNamed", { name })} onClick={() => onAsk("rotate")}>
          {t("act", { act: "rotate" })}
        </Button>
        <Button kind="danger" aria-label={t("removeNamed", { name })} onClick={() => onAsk("remove")}>
          {t("act", { act: "remove" })}
        </Button>
      </div>
    </li>
  );
}
