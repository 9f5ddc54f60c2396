// In the settings: whom mail does not reach, and writing to them again once their address is right.
import { useTranslations } from "use-intl";

import type { UnreachableOut } from "@/api";
import { Button } from "@/ui/button";
import { useMoment } from "@/ui/money";
import { Refusal } from "@/ui/states";
import { useToast } from "@/ui/toast";

import { useClearUnreachable, useUnreachable } from "./queries";

/** Nothing as long as everybody is reached. */
export function Unreachable() {
  const t = useTranslations("notifications");
  const { data } = useUnreachable();
  if (data === undefined || data.items.length === 0) return null;
  return (
    <section aria-label={t("unreachableTitle")} className="grid gap-2 rounded-lg bg-warn-soft p-3 text-warn">
      <h3 className="font-medium">{t("unreachableTitle")}</h3>
      <p className="text-sm">{t("unreachableHint")}</p>
      <ul className="grid gap-2">
        {data.items.map((one) => (
          <Person key={one.person_id} person={one} />
        ))}
      </ul>
    </section>
  );
}

function Person({ person }: { person: UnreachableOut }) {
  const t = useTranslations("notifications");
  const moment = useMoment();
  const toast = useToast();
  const clear = useClearUnreachable();
  const { name } = person;
  return (
    <li className="flex flex-wrap items-center gap-3">
      <div className="min-w-0 flex-1">
        <p className="break-words">
          {name} · {person.address}
        </p>
        <p className="text-sm break-words">
          {t("unreachableWhy", { at: moment(person.since), told: person.told ?? person.reason })}
        </p>
        <Refusal failure={clear.error} />
      </div>
      <Button
        isBusy={clear.isPending}
        aria-label={t("clearNamed", { name })}
        onClick={() => clear.mutate(person.person_id, { onSuccess: () => toast(t("confirmed")) })}
      >
        {t("clear")}
      </Button>
    </li>
  );
}
