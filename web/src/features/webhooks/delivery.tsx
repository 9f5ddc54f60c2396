// One delivery: what is sent, and how each try went, with what was asked and answered.
import { useState } from "react";
import { useTranslations } from "use-intl";

import type { AttemptOut, DeliveryDetailOut, SubscriptionOut } from "@/api";
import { Button } from "@/ui/button";
import { SkeletonRows } from "@/ui/marks";
import { useMoment } from "@/ui/money";
import { ErrorState, Refusal } from "@/ui/states";
import { useToast } from "@/ui/toast";

import { readable } from "./body";
import { Facts } from "./facts";
import { useDelivery, useSendAgain } from "./queries";
import { useOutcome } from "./words";

interface DeliveryProps {
  webhook: SubscriptionOut;
  id: string;
}

export function Delivery({ webhook, id }: DeliveryProps) {
  const found = useDelivery(id);
  if (found.isError) return <ErrorState failure={found.error} onRetry={() => void found.refetch()} />;
  if (found.isPending) return <SkeletonRows rows={3} />;
  return <Details webhook={webhook} detail={found.data} />;
}

function Details({ webhook, detail }: { webhook: SubscriptionOut; detail: DeliveryDetailOut }) {
  const t = useTranslations("webhooks");
  const { delivery, attempts, body } = detail;
  // A test is no event of the log.
  const isOfLog = delivery.position > 0;
  return (
    <div className="grid gap-3 pb-3">
      <Facts
        facts={[
          [t("messageId"), <Data key="id" text={delivery.id} />],
          ...(isOfLog ? ([[t("position"), String(delivery.position)]] as const) : []),
        ]}
      />
      {isOfLog && webhook.state === "active" && delivery.state !== "waiting" && (
        <SendThisAgain webhook={webhook} position={delivery.position} />
      )}
      <section aria-label={t("attempts")} className="grid gap-2">
        <h4 className="text-sm font-medium text-ink-2">{t("attempts")}</h4>
        {attempts.length === 0 && <p className="text-ink-2">{t("noAttempts")}</p>}
        {attempts.map((attempt, index) => (
          <Attempt key={attempt.tried_at} attempt={attempt} isFirst={index === 0} />
        ))}
      </section>
      <Block title={t("body")} text={readable(body)} />
    </div>
  );
}

function SendThisAgain({ webhook, position }: { webhook: SubscriptionOut; position: number }) {
  const t = useTranslations("webhooks");
  const toast = useToast();
  const again = useSendAgain(webhook.id);
  const doIt = () =>
    again.mutate(
      { first_position: position, last_position: position },
      { onSuccess: ({ count }) => toast(t("sentAgain", { count })) },
    );
  return (
    <div className="grid justify-items-start gap-2">
      <Button isBusy={again.isPending} onClick={doIt}>
        {t("sendThisAgain")}
      </Button>
      <Refusal failure={again.error} />
    </div>
  );
}

function Attempt({ attempt, isFirst }: { attempt: AttemptOut; isFirst: boolean }) {
  const t = useTranslations("webhooks");
  const moment = useMoment();
  const outcome = useOutcome();
  // Stays as the person left it when a newer try comes before it.
  const [isOpen, setOpen] = useState(isFirst);
  const { answer } = attempt;
  return (
    <details
      open={isOpen}
      onToggle={(event) => setOpen(event.currentTarget.open)}
      className="rounded-lg border border-line px-3 py-2"
    >
      <summary className="cursor-pointer">
        <span className="font-medium">{outcome(attempt)}</span>
        <span className="block text-sm text-ink-2">
          {[moment(attempt.tried_at), t("took", { ms: attempt.duration_ms })].join(" · ")}
        </span>
      </summary>
      <div className="mt-2 grid gap-2">
        {attempt.request !== "" && <Block title={t("request")} text={attempt.request} />}
        {answer === null || answer === "" ? (
          <p className="text-sm text-ink-2">{t(answer === null ? "noAnswer" : "emptyAnswer")}</p>
        ) : (
          <Block title={t("answer")} text={answer} />
        )}
      </div>
    </details>
  );
}

function Block({ title, text }: { title: string; text: string }) {
  return (
    <div className="grid min-w-0 gap-1">
      <p className="text-sm text-ink-2">{title}</p>
      <pre
        translate="no"
        dir="ltr"
        tabIndex={0}
        className="max-h-64 overflow-auto rounded bg-line-2 p-2 text-xs leading-5"
      >
        {text}
      </pre>
    </div>
  );
}

function Data({ text }: { text: string }) {
  return (
    <span translate="no" className="break-all">
      {text}
    </span>
  );
}
