// Operations of the API that are going away: until when they answer, what comes instead, and who still calls them.
import { useQuery } from "@tanstack/react-query";
import { useFormatter, useTranslations } from "use-intl";

import { interfaceListOutdated, type CallerOut, type OutdatedOut } from "@/api";
import { useSession } from "@/app/session";
import { Badge } from "@/ui/marks";
import { useMoment } from "@/ui/money";
import { Card } from "@/ui/page";

import { Code } from "./routes";
import { Figures } from "./table";

export function Outdated() {
  const { may } = useSession();
  return may("interface.read") ? <Going /> : null;
}

function Going() {
  const t = useTranslations("status");
  const outdated = useQuery({
    queryKey: ["outdated"],
    queryFn: ({ signal }) => interfaceListOutdated({ signal }),
  });
  if (!outdated.isSuccess) return null;
  const { items } = outdated.data;
  return (
    <Card title={t("outdated")} className="col-span-full min-w-0">
      {items.length === 0 ? (
        <p className="text-ink-2">{t("noOutdated")}</p>
      ) : (
        <ul className="grid gap-5">
          {items.map((item) => (
            <Operation key={item.operation} item={item} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function Operation({ item }: { item: OutdatedOut }) {
  const t = useTranslations("status");
  const format = useFormatter();
  const { operation, until, successor, callers } = item;
  return (
    <li className="grid gap-1.5">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Code>{operation}</Code>
        <Badge tone={callers.length > 0 ? "warn" : "plain"}>
          {until === null
            ? t("outdatedSome")
            : t("outdatedUntil", { day: format.dateTime(new Date(until), { dateStyle: "medium" }) })}
        </Badge>
      </p>
      {successor !== null && (
        <p className="text-sm text-ink-2">
          {t("instead")} <Code>{successor}</Code>
        </p>
      )}
      {callers.length === 0 ? (
        <p className="text-sm text-ink-2">{t("noCallers")}</p>
      ) : (
        <Callers label={t("callersOf", { operation })} callers={callers} />
      )}
    </li>
  );
}

function Callers({ label, callers }: { label: string; callers: readonly CallerOut[] }) {
  const t = useTranslations("status");
  const format = useFormatter();
  const moment = useMoment();
  return (
    <Figures
      label={label}
      rows={callers}
      keyOf={(caller) => caller.caller}
      fields={[
        { title: t("caller"), cell: (caller) => <Who caller={caller} /> },
        { title: t("calls"), isNumber: true, cell: (caller) => format.number(caller.calls) },
        { title: t("lastCall"), isNumber: true, cell: (caller) => moment(caller.last_at) },
      ]}
    />
  );
}

/** Somebody by name; a service by the id of its key, which the settings list; or nobody in particular. */
function Who({ caller: { caller, name } }: { caller: CallerOut }) {
  const t = useTranslations("status");
  if (name !== null) return <span translate="no">{name}</span>;
  const [kind = "", id] = caller.split(":");
  return (
    <span className="inline-flex flex-wrap items-baseline gap-x-2">
      {t("callerKind", { kind })}
      {id !== undefined && <Code>{id}</Code>}
    </span>
  );
}
