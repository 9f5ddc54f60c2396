// One notification: what happened, its details, and the way to the page that it is about.
import { useNavigate } from "@tanstack/react-router";
import { Check, X } from "lucide-react";
import { useTranslations } from "use-intl";

import type { NotificationOut } from "@/api";
import { Button, IconButton } from "@/ui/button";
import { PickBox } from "@/ui/list";
import { Badge } from "@/ui/marks";
import { useMoment } from "@/ui/money";
import { Refusal } from "@/ui/states";

import { useRead, useRemove } from "./queries";

interface NotificationProps {
  item: NotificationOut;
  isPicked: boolean;
  onPick: (title: string, isPicked: boolean) => void;
}

export function Notification({ item, isPicked, onPick }: NotificationProps) {
  const t = useTranslations("notifications");
  const bulk = useTranslations("bulk");
  const moment = useMoment();
  const navigate = useNavigate();
  const read = useRead();
  const remove = useRemove();
  const isUnread = item.read_at === null;
  const title = item.title ?? t("untold", { kind: item.kind });
  const { path } = item;
  const open = (to: string) => {
    if (isUnread) read.mutate(item.id);
    void navigate({ href: to });
  };
  return (
    <li
      className={`grid gap-2 rounded-xl border border-line bg-panel p-4 ${isUnread ? "border-s-4 border-s-accent" : ""}`}
    >
      <div className="flex items-start gap-2">
        <PickBox
          label={bulk("pick", { name: title })}
          isPicked={isPicked}
          onPick={(picked) => onPick(title, picked)}
        />
        <div className="min-w-0 flex-1">
          <h2 className={`break-words ${isUnread ? "font-semibold" : "font-medium text-ink-2"}`}>{title}</h2>
          <p className="flex flex-wrap items-center gap-2 text-sm text-ink-3">
            <time dateTime={item.created_at}>{moment(item.created_at)}</time>
            {isUnread && <Badge tone="accent">{t("unread")}</Badge>}
          </p>
        </div>
        {isUnread && (
          <IconButton label={t("readNamed", { title })} onClick={() => read.mutate(item.id)}>
            <Check size={16} aria-hidden />
          </IconButton>
        )}
        <IconButton label={t("removeNamed", { title })} onClick={() => remove.mutate(item.id)}>
          <X size={16} aria-hidden />
        </IconButton>
      </div>
      {item.paragraphs.map((text) => (
        <p key={text} className="break-words text-ink-2">
          {text}
        </p>
      ))}
      {item.facts.length > 0 && (
        <dl className="grid grid-cols-[minmax(8rem,auto)_1fr] gap-x-4 gap-y-1 text-sm max-md:grid-cols-1 max-md:gap-y-0">
          {item.facts.map(({ label, value }) => (
            <div key={label} className="contents">
              <dt className="text-ink-3">{label}</dt>
              <dd className="min-w-0 break-words max-md:mb-1">{value}</dd>
            </div>
          ))}
        </dl>
      )}
      <Refusal failure={read.error ?? remove.error} />
      {path !== null && (
        <Button className="justify-self-start" onClick={() => open(path)}>
          {item.action ?? t("open")}
        </Button>
      )}
    </li>
  );
}
