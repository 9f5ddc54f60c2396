// One entry beside the list: who, when, from where, what changed, and its place in the chain.
import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";

import type { EntryOut } from "@/api";
import { buttonStyle } from "@/ui/button";
import { Badge, Dot, SkeletonRows } from "@/ui/marks";
import { useMoment } from "@/ui/money";
import { SidePanel } from "@/ui/page";
import { ErrorState } from "@/ui/states";

import { Change } from "./change";
import { useEntry } from "./queries";
import { useWords } from "./words";

export function EntryPanel({ entryId, onClose }: { entryId: string; onClose: () => void }) {
  const t = useTranslations("audit");
  const words = useWords();
  const entry = useEntry(entryId);
  const label = entry.data === undefined ? t("entry") : words.act(entry.data.act);
  return (
    <SidePanel label={label} kicker={t("entry")} onClose={onClose}>
      {entry.isError ? (
        <ErrorState failure={entry.error} onRetry={() => void entry.refetch()} />
      ) : entry.isPending ? (
        <SkeletonRows />
      ) : (
        <Facts entry={entry.data} />
      )}
    </SidePanel>
  );
}

function Facts({ entry }: { entry: EntryOut }) {
  const t = useTranslations("audit");
  const common = useTranslations("common");
  const words = useWords();
  const moment = useMoment();
  const facts = [
    [t("when"), moment(entry.happened_at)],
    [t("who"), words.actor(entry.actor)],
    [t("role"), entry.actor.role === "" ? "—" : common("role", { role: entry.actor.role })],
    [t("address"), entry.actor.address ?? "—"],
    [t("thing"), words.thing(entry.object_type)],
    [t("id"), entry.object_id ?? "—"],
    ...(entry.approver_id === null ? [] : ([[t("approver"), entry.approver_id]] as const)),
    [t("request"), entry.request_id],
  ] as const;
  return (
    <div className="grid gap-4">
      <p>
        {entry.sequence === null ? (
          <Badge tone="warn">
            <Dot />
            {t("unsealed")}
          </Badge>
        ) : (
          <Badge tone="ok">
            <Dot />
            {t("sealed", { sequence: entry.sequence })}
          </Badge>
        )}
      </p>
      <dl className="grid grid-cols-[7rem_minmax(0,1fr)] gap-y-2">
        {facts.map(([label, value]) => (
          <div key={label} className="contents">
            <dt className="text-ink-2">{label}</dt>
            <dd className="break-words">{value}</dd>
          </div>
        ))}
      </dl>
      <section aria-label={t("values")}>
        <Change entry={entry} />
      </section>
      {entry.object_id !== null && (
        <Link
          to="/settings/audit/story/$type/$id"
          params={{ type: entry.object_type, id: entry.object_id }}
          className={buttonStyle("plain", "lg")}
        >
          {t("wholeStory")}
        </Link>
      )}
    </div>
  );
}
