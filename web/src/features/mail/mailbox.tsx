// The mails of a program in development, as they would look: each opens in a tab of its own.
import { useQuery } from "@tanstack/react-query";
import { useFormatter, useTranslations } from "use-intl";

import { mailListMailbox } from "@/api";
import { mailOf, mailTextOf } from "@/addresses";
import { SkeletonRows } from "@/ui/marks";
import { Page } from "@/ui/page";
import { EmptyState, ErrorState } from "@/ui/states";

export function MailboxPage() {
  const t = useTranslations("mail");
  const format = useFormatter();
  const mails = useQuery({
    queryKey: ["mailbox"],
    queryFn: ({ signal }) => mailListMailbox({ signal }),
    retry: false,
  });
  return (
    <Page title={t("mailbox")}>
      {mails.isError ? (
        <ErrorState failure={mails.error} onRetry={() => void mails.refetch()} />
      ) : mails.isPending ? (
        <SkeletonRows />
      ) : mails.data.items.length === 0 ? (
        <EmptyState title={t("none")}>{t("mailboxHint")}</EmptyState>
      ) : (
        <div className="mx-auto grid max-w-4xl gap-4 p-6">
          <p className="text-ink-2">{t("mailboxHint")}</p>
          <ul className="grid rounded-lg border border-line bg-panel">
            {mails.data.items.map((mail) => (
              <li
                key={mail.id}
                className="flex flex-wrap items-baseline gap-x-4 gap-y-1 border-t border-line-2 px-4 py-3 first:border-t-0"
              >
                <a
                  href={mailOf(mail.id)}
                  target="_blank"
                  rel="noreferrer"
                  className="hit font-medium text-accent"
                >
                  {mail.subject}
                </a>
                <span className="min-w-0 flex-1 break-words text-ink-2">{mail.recipient}</span>
                <span className="text-ink-2">
                  {format.dateTime(new Date(mail.sent_at), { dateStyle: "medium", timeStyle: "short" })}
                </span>
                <a
                  href={mailTextOf(mail.id)}
                  target="_blank"
                  rel="noreferrer"
                  className="hit text-ink-2 underline"
                >
                  {t("asText")}
                </a>
              </li>
            ))}
          </ul>
        </div>
      )}
    </Page>
  );
}
