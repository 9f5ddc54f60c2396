// One webhook beside the list: how it stands, what can be done about it, and what became of the events.
import { useTranslations } from "use-intl";

import type { SubscriptionOut } from "@/api";
import { SkeletonRows } from "@/ui/marks";
import { useMoment } from "@/ui/money";
import { SidePanel } from "@/ui/page";
import { EmptyState, ErrorState } from "@/ui/states";

import { Acts } from "./acts";
import { Deliveries } from "./deliveries";
import { Facts } from "./facts";
import { EVERYTHING } from "./picked";
import { useSubscriptions } from "./queries";
import { standingOf } from "./standing";
import { StandingBadge } from "./subscription-list";
import { useActDialogs } from "./act-dialogs";

interface SubscriptionPanelProps {
  id: string;
  delivery: string | undefined;
  onDelivery: (id: string | undefined) => void;
  onClose: () => void;
}

export function SubscriptionPanel({ id, delivery, onDelivery, onClose }: SubscriptionPanelProps) {
  const t = useTranslations("webhooks");
  const webhooks = useSubscriptions();
  const webhook = webhooks.data?.items.find((one) => one.id === id);
  const { open, dialogs } = useActDialogs(webhook, webhooks.data?.events ?? [], onClose);
  return (
    <>
      <SidePanel label={webhook?.description ?? t("webhook")} kicker={t("webhook")} onClose={onClose}>
        {webhooks.isError ? (
          <ErrorState failure={webhooks.error} onRetry={() => void webhooks.refetch()} />
        ) : webhooks.isPending ? (
          <SkeletonRows />
        ) : webhook === undefined ? (
          <EmptyState title={t("gone")} />
        ) : (
          <div className="grid gap-4">
            <Standing webhook={webhook} />
            <Acts webhook={webhook} onOpen={open} onTested={onDelivery} />
            <About webhook={webhook} />
            <Deliveries webhook={webhook} open={delivery} onOpen={onDelivery} />
          </div>
        )}
      </SidePanel>
      {/* Outside of the panel, which the Escape key closes. */}
      {dialogs}
    </>
  );
}

function Standing({ webhook }: { webhook: SubscriptionOut }) {
  const t = useTranslations("webhooks");
  const moment = useMoment();
  const standing = standingOf(webhook);
  return (
    <div className="grid gap-2">
      <p>
        <StandingBadge webhook={webhook} />
      </p>
      {standing === "disabled" && (
        <p className="text-bad">
          {t("why", { reason: webhook.reason ?? "" })} {t("whyHint")}
        </p>
      )}
      {standing === "failing" && webhook.failing_since !== null && (
        <p className="text-warn">{t("failingSince", { at: moment(webhook.failing_since) })}</p>
      )}
      {standing === "paused" && <p className="text-ink-2">{t("pausedHint")}</p>}
    </div>
  );
}

function About({ webhook }: { webhook: SubscriptionOut }) {
  const t = useTranslations("webhooks");
  const moment = useMoment();
  const { former_until: until, delivered_at: delivered } = webhook;
  const data = (text: string) => (
    <span translate="no" className="break-all">
      {text}
    </span>
  );
  const isAll = webhook.events.includes(EVERYTHING);
  const filters = webhook.filters.map(({ field, values }) =>
    t("filter", { field, values: values.join(", ") }),
  );
  return (
    <Facts
      facts={[
        [t("address"), data(webhook.url)],
        [t("events"), isAll ? t("allEvents") : data(webhook.events.join(", "))],
        ...(filters.length === 0 ? [] : ([[t("filters"), data(filters.join("; "))]] as const)),
        [t("waiting"), String(webhook.waiting)],
        [t("lastDelivered"), delivered === null ? t("never") : moment(delivered)],
        ...(until === null ? [] : ([[t("former"), t("formerUntil", { at: moment(until) })]] as const)),
        [t("added"), moment(webhook.created_at)],
      ]}
    />
  );
}
