// Where events are sent: what for, which ones, and how it stands.
import { useTranslations } from "use-intl";

import type { SubscriptionOut } from "@/api";
import { type Column, ListTable } from "@/ui/list";
import { Badge, SkeletonRows } from "@/ui/marks";
import { useMoment } from "@/ui/money";
import { useNarrow } from "@/ui/narrow";
import { EmptyState, ErrorState } from "@/ui/states";

import { EVERYTHING } from "./picked";
import type { useSubscriptions } from "./queries";
import { hostOf, standingOf, TONES } from "./standing";

// As many names of events as fit beside the rest.
const SHOWN_EVENTS = 2;

interface SubscriptionListProps {
  webhooks: ReturnType<typeof useSubscriptions>;
  selected: string | undefined;
  onOpen: (id: string) => void;
}

export function SubscriptionList({ webhooks, selected, onOpen }: SubscriptionListProps) {
  const t = useTranslations("webhooks");
  const columns = useColumns(onOpen);
  if (webhooks.isError)
    return <ErrorState failure={webhooks.error} onRetry={() => void webhooks.refetch()} />;
  if (webhooks.isPending) return <SkeletonRows />;
  if (webhooks.data.items.length === 0) return <EmptyState title={t("none")}>{t("noneHint")}</EmptyState>;
  return (
    <ListTable
      label={t("view", { view: "out" })}
      columns={columns}
      rows={webhooks.data.items}
      keyOf={(webhook) => webhook.id}
      selected={selected}
      onOpen={(webhook) => onOpen(webhook.id)}
    />
  );
}

export function StandingBadge({ webhook }: { webhook: SubscriptionOut }) {
  const t = useTranslations("webhooks");
  const state = standingOf(webhook);
  return <Badge tone={TONES[state]}>{t("is", { state })}</Badge>;
}

function useColumns(open: (id: string) => void): Column<SubscriptionOut>[] {
  const t = useTranslations("webhooks");
  const moment = useMoment();
  const isNarrow = useNarrow();
  return [
    {
      key: "webhook",
      title: t("webhook"),
      cell: (webhook) => (
        <>
          <button
            type="button"
            className="hit text-start font-medium break-words"
            onClick={(event) => {
              event.stopPropagation();
              open(webhook.id);
            }}
          >
            {webhook.description}
          </button>
          <span className="block text-sm break-all text-ink-2" translate="no">
            {hostOf(webhook.url)}
          </span>
        </>
      ),
    },
    {
      key: "events",
      title: t("events"),
      isHidden: isNarrow,
      cell: (webhook) => <Events names={webhook.events} />,
    },
    { key: "standing", title: t("standing"), cell: (webhook) => <State webhook={webhook} /> },
    { key: "waiting", title: t("waiting"), isNumber: true, cell: (webhook) => webhook.waiting },
    {
      key: "delivered",
      title: t("lastDelivered"),
      isHidden: isNarrow,
      cell: ({ delivered_at: at }) => (
        <span className="tabular whitespace-nowrap text-ink-2">{at === null ? t("never") : moment(at)}</span>
      ),
    },
  ];
}

/** The state, and since when or why it is no good one. */
function State({ webhook }: { webhook: SubscriptionOut }) {
  const t = useTranslations("webhooks");
  const moment = useMoment();
  const { reason, failing_since: since } = webhook;
  const why =
    reason !== null
      ? t("whyShort", { reason })
      : standingOf(webhook) === "failing" && since !== null
        ? t("sinceAt", { at: moment(since) })
        : null;
  return (
    <>
      <StandingBadge webhook={webhook} />
      {why !== null && <span className="block text-sm text-ink-2">{why}</span>}
    </>
  );
}

function Events({ names }: { names: readonly string[] }) {
  const t = useTranslations("webhooks");
  if (names.includes(EVERYTHING)) return t("allEvents");
  const more = names.length - SHOWN_EVENTS;
  return (
    <span className="text-sm text-ink-2">
      <span translate="no" className="break-words">
        {names.slice(0, SHOWN_EVENTS).join(", ")}
      </span>
      {more > 0 && ` ${t("moreEvents", { count: more })}`}
    </span>
  );
}
