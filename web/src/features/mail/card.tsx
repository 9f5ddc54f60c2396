// How mail leaves the program, what waits and what went wrong; a mail that was given up is tried again from here.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useFormatter, useTranslations } from "use-intl";

import { mailListMessages, mailReadStatus, mailTryMessageAgain, type MessageOut } from "@/api";
import { Unreachable } from "@/features/notifications/unreachable";
import { Button } from "@/ui/button";
import { Badge, SkeletonRows, type Tone } from "@/ui/marks";
import { Card } from "@/ui/page";
import { ErrorState } from "@/ui/states";
import { useToast } from "@/ui/toast";

const KEY = ["mail"];
const TONES: Record<MessageOut["state"], Tone> = {
  waiting: "warn",
  sent: "ok",
  refused: "bad",
  given_up: "bad",
  unsent: "plain",
};

function useMoment() {
  const format = useFormatter();
  return (at: string) => format.dateTime(new Date(at), { dateStyle: "medium", timeStyle: "short" });
}

export function MailCard() {
  const t = useTranslations("mail");
  const moment = useMoment();
  const [isListed, setListed] = useState(false);
  const status = useQuery({
    queryKey: [...KEY, "status"],
    queryFn: ({ signal }) => mailReadStatus({ signal }),
  });
  return (
    <Card title={t("title")}>
      {status.isError ? (
        <ErrorState failure={status.error} onRetry={() => void status.refetch()} />
      ) : status.isPending ? (
        <SkeletonRows rows={2} />
      ) : (
        <div className="grid gap-3">
          <p>{t("mode", { mode: status.data.mode, sender: status.data.sender ?? "" })}</p>
          <p className="text-ink-2">
            {[
              t("waiting", {
                count: status.data.waiting,
                since: status.data.waiting_since === null ? "" : moment(status.data.waiting_since),
              }),
              t("troubled", { count: status.data.troubled }),
            ].join(" ")}
          </p>
          <Unreachable />
          <div className="flex flex-wrap items-center gap-3">
            {!isListed && <Button onClick={() => setListed(true)}>{t("showAll")}</Button>}
            {status.data.mode === "mailbox" && (
              <Link to="/dev/mailbox" className="hit text-accent underline">
                {t("openMailbox")}
              </Link>
            )}
          </div>
          {isListed && <Messages />}
        </div>
      )}
    </Card>
  );
}

function Messages() {
  const t = useTranslations("mail");
  const messages = useQuery({
    queryKey: [...KEY, "messages"],
    queryFn: ({ signal }) => mailListMessages({ query: { limit: 50 }, signal }),
  });
  if (messages.isError)
    return <ErrorState failure={messages.error} onRetry={() => void messages.refetch()} />;
  if (messages.isPending) return <SkeletonRows rows={3} />;
  if (messages.data.items.length === 0) return <p className="text-ink-2">{t("none")}</p>;
  return (
    <ul className="grid gap-2">
      {messages.data.items.map((one) => (
        <Message key={one.id} message={one} />
      ))}
    </ul>
  );
}

function Message({ message }: { message: MessageOut }) {
  const t = useTranslations("mail");
  const moment = useMoment();
  const toast = useToast();
  const client = useQueryClient();
  const again = useMutation({
    mutationFn: () => mailTryMessageAgain({ path: { mail_id: message.id } }),
    onSuccess: async () => {
      toast(t("again"));
      await client.invalidateQueries({ queryKey: KEY });
    },
  });
  return (
    <li className="grid gap-1 border-t border-line-2 pt-2">
      <div className="flex flex-wrap items-center gap-3">
        <Badge tone={TONES[message.state]}>{t("state", { state: message.state })}</Badge>
        <span className="min-w-0 flex-1 break-words">{message.recipient}</span>
        <span className="text-ink-2">{moment(message.created_at)}</span>
        {message.state === "given_up" && (
          <Button isBusy={again.isPending} onClick={() => again.mutate()}>
            {t("tryAgain")}
          </Button>
        )}
      </div>
      {message.reason !== null && (
        <p className="text-sm break-words text-ink-2">
          {[
            t("reason", { reason: message.reason, told: message.told ?? message.reason }),
            t("tries", { count: message.tries }),
          ].join(" ")}
        </p>
      )}
    </li>
  );
}
