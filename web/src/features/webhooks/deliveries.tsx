// What became of the events for a webhook, the newest first; each opens to its tries, and can be picked to be sent again.
import { ChevronDown, ChevronRight } from "lucide-react";
import { useId, useState } from "react";
import { useTranslations } from "use-intl";

import type { DeliveryOut, SubscriptionOut } from "@/api";
import { pick, type Picks } from "@/ui/bulk";
import { BulkBar, useBulk } from "@/ui/bulk-bar";
import { Button } from "@/ui/button";
import { Badge, SkeletonRows } from "@/ui/marks";
import { NextPage, PickBox } from "@/ui/list";
import { useMoment } from "@/ui/money";
import { ErrorState } from "@/ui/states";

import { Delivery } from "./delivery";
import { useDeliveries, useSendPicked } from "./queries";
import { DELIVERY_TONES, useOutcome } from "./words";

interface DeliveriesProps {
  webhook: SubscriptionOut;
  open: string | undefined;
  onOpen: (id: string | undefined) => void;
}

export function Deliveries({ webhook, open, onOpen }: DeliveriesProps) {
  const t = useTranslations("webhooks");
  const bulk = useTranslations("bulk");
  const heading = useId();
  const [picks, setPicks] = useState<Picks>(new Map());
  const deliveries = useDeliveries(webhook.id);
  const rows = deliveries.data?.pages.flatMap((page) => page.items) ?? [];
  const pickable = webhook.state === "active" ? rows.filter(isOver).map(asPick) : [];
  // One that a link leads to may be older than what is loaded.
  const isElsewhere = open !== undefined && deliveries.isSuccess && rows.every((one) => one.id !== open);
  return (
    <section aria-labelledby={heading} className="grid gap-2">
      <div className="flex items-center gap-2">
        {pickable.length > 1 && (
          <PickBox
            label={bulk("pickAll")}
            isPicked={picks.size > 0 && pickable.every(({ id }) => picks.has(id))}
            isPartly={picks.size > 0 && pickable.some(({ id }) => !picks.has(id))}
            onPick={(isPicked) => setPicks(pick(picks, pickable, isPicked))}
          />
        )}
        <h3 id={heading} className="text-sm font-medium text-ink-2">
          {t("deliveries")}
        </h3>
      </div>
      {isElsewhere && <Delivery webhook={webhook} id={open} />}
      {deliveries.isError ? (
        <ErrorState failure={deliveries.error} onRetry={() => void deliveries.refetch()} />
      ) : deliveries.isPending ? (
        <SkeletonRows rows={3} />
      ) : rows.length === 0 ? (
        <p className="text-ink-2">{t("noDeliveries")}</p>
      ) : (
        <ul className="border-t border-line-2">
          {rows.map((one) => (
            <li key={one.id} className="border-b border-line-2">
              <div className="flex items-start gap-2">
                {webhook.state === "active" && (
                  <PickDelivery delivery={one} picks={picks} onPicks={setPicks} />
                )}
                <Row
                  delivery={one}
                  isOpen={one.id === open}
                  onToggle={() => onOpen(one.id === open ? undefined : one.id)}
                />
              </div>
              {one.id === open && <Delivery webhook={webhook} id={one.id} />}
            </li>
          ))}
        </ul>
      )}
      <NextPage
        hasMore={deliveries.hasNextPage}
        isLoading={deliveries.isFetchingNextPage}
        onMore={() => void deliveries.fetchNextPage()}
      />
      <DeliveriesBar picks={picks} onPicks={setPicks} />
    </section>
  );
}

/** One that waits is sent anyway. */
function isOver({ state }: DeliveryOut): boolean {
  return state !== "waiting";
}

function asPick({ id, event_name }: DeliveryOut) {
  return { id, name: event_name, version: 0 };
}

interface PickingProps {
  picks: Picks;
  onPicks: (picks: Picks) => void;
}

/** What has no box has the room of one. */
function PickDelivery({ delivery, picks, onPicks }: PickingProps & { delivery: DeliveryOut }) {
  const bulk = useTranslations("bulk");
  const moment = useMoment();
  return (
    <span className="w-4 shrink-0 pt-2">
      {isOver(delivery) && (
        <PickBox
          label={bulk("pick", { name: `${delivery.event_name}, ${moment(delivery.created_at)}` })}
          isPicked={picks.has(delivery.id)}
          onPick={(isPicked) => onPicks(pick(picks, [asPick(delivery)], isPicked))}
        />
      )}
    </span>
  );
}

function DeliveriesBar({ picks, onPicks }: PickingProps) {
  const t = useTranslations("webhooks");
  const { bar, forget, tell } = useBulk(picks, onPicks);
  const again = useSendPicked();
  const send = () => {
    forget();
    again.mutate(picks, {
      onSuccess: (items) => {
        tell(items);
        onPicks(new Map());
      },
    });
  };
  return (
    <BulkBar {...bar} isBusy={again.isPending} failure={again.error}>
      <Button onClick={send}>{t("again")}</Button>
    </BulkBar>
  );
}

interface RowProps {
  delivery: DeliveryOut;
  isOpen: boolean;
  onToggle: () => void;
}

function Row({ delivery, isOpen, onToggle }: RowProps) {
  const t = useTranslations("webhooks");
  const moment = useMoment();
  const outcome = useOutcome();
  const Mark = isOpen ? ChevronDown : ChevronRight;
  const facts = [
    outcome(delivery),
    ...(delivery.tries > 1 ? [t("tries", { count: delivery.tries })] : []),
    ...(delivery.state === "waiting" && delivery.tries > 0
      ? [t("nextTry", { at: moment(delivery.next_at) })]
      : []),
  ];
  return (
    <button
      type="button"
      aria-expanded={isOpen}
      onClick={onToggle}
      className="flex w-full items-start gap-2 rounded-lg py-2 text-start hover:bg-line-2"
    >
      <Mark size={16} aria-hidden className="mt-0.5 shrink-0 text-ink-3 rtl:-scale-x-100" />
      <span className="min-w-0 flex-1">
        <span className="flex flex-wrap items-center gap-x-2">
          <span translate="no" className="min-w-0 flex-1 font-medium break-all">
            {delivery.event_name}
          </span>
          <Badge tone={DELIVERY_TONES[delivery.state]}>{t("delivery", { state: delivery.state })}</Badge>
        </span>
        <span className="block text-sm text-ink-2">{moment(delivery.created_at)}</span>
        <span className="block text-sm text-ink-2">{facts.join(" · ")}</span>
      </span>
    </button>
  );
}
