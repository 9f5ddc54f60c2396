// In my account: how I am told of each kind, when the daily summary comes, and whether mail reaches me at all.
import { useState } from "react";
import { useFormatter, useTranslations } from "use-intl";

import type { PreferenceIn, PreferenceOut, PreferencesOut } from "@/api";
import { Button } from "@/ui/button";
import { SelectField, inputStyle } from "@/ui/field";
import { SkeletonRows } from "@/ui/marks";
import { useMoment } from "@/ui/money";
import { Card } from "@/ui/page";
import { ErrorState, Refusal } from "@/ui/states";
import { useToast } from "@/ui/toast";

import { useChoose, useChooseHour, useConfirmAddress, usePreferences } from "./queries";

const WAYS = ["now", "digest", "off"] as const;
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

export function NotificationPreferences() {
  const t = useTranslations("notifications");
  const preferences = usePreferences();
  return (
    <Card title={t("title")}>
      <div id="notifications" className="grid gap-4">
        <p className="text-ink-2">{t("hint")}</p>
        {preferences.isError ? (
          <ErrorState failure={preferences.error} onRetry={() => void preferences.refetch()} />
        ) : preferences.isPending ? (
          <SkeletonRows rows={4} />
        ) : (
          <>
            {preferences.data.unreachable !== null && <Unreachable address={preferences.data.unreachable} />}
            <Kinds items={preferences.data.items} />
            <Hour chosen={preferences.data} />
          </>
        )}
      </div>
    </Card>
  );
}

function Unreachable({ address }: { address: NonNullable<PreferencesOut["unreachable"]> }) {
  const t = useTranslations("notifications");
  const moment = useMoment();
  const toast = useToast();
  const confirm = useConfirmAddress();
  return (
    <div role="status" className="grid gap-2 rounded-lg bg-warn-soft p-3 text-warn">
      <p className="font-medium">{t("unreachable", { address: address.address })}</p>
      <p className="text-sm break-words">
        {t("unreachableWhy", { at: moment(address.since), told: address.told ?? address.reason })}
      </p>
      <Refusal failure={confirm.error} />
      <Button
        className="justify-self-start"
        isBusy={confirm.isPending}
        onClick={() => confirm.mutate(undefined, { onSuccess: () => toast(t("confirmed")) })}
      >
        {t("confirm")}
      </Button>
    </div>
  );
}

function Kinds({ items }: { items: readonly PreferenceOut[] }) {
  const t = useTranslations("notifications");
  return (
    <table className="w-full border-collapse text-start">
      <thead>
        <tr className="text-sm text-ink-3">
          <th scope="col" className="py-1 text-start font-medium">
            {t("kind")}
          </th>
          <th scope="col" className="px-3 py-1 text-center font-medium">
            {t("inApp")}
          </th>
          <th scope="col" className="w-44 py-1 text-start font-medium max-md:w-32">
            {t("byMail")}
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <Kind key={item.kind} item={item} />
        ))}
      </tbody>
    </table>
  );
}

function Kind({ item }: { item: PreferenceOut }) {
  const t = useTranslations("notifications");
  const toast = useToast();
  const choose = useChoose();
  const { kind, title, is_fixed: isFixed } = item;
  // What was chosen is shown at once, before the call is even under way; a refusal puts the earlier choice back.
  const [chosen, setChosen] = useState<PreferenceIn>();
  const shown = chosen ?? item;
  const change = (part: Partial<Pick<PreferenceOut, "in_app" | "mail">>) => {
    const next = { kind, in_app: shown.in_app, mail: shown.mail, ...part };
    setChosen(next);
    choose.mutate(next, { onSuccess: () => toast(t("saved")), onSettled: () => setChosen(undefined) });
  };
  return (
    <tr className="border-t border-line-2">
      <th scope="row" className="py-2 text-start font-normal">
        {title}
        {isFixed && <span className="block text-sm text-ink-3">{t("fixed")}</span>}
        <Refusal failure={choose.error} />
      </th>
      <td className="px-3 py-1.5 text-center">
        <input
          type="checkbox"
          className="size-6 accent-(--color-accent)"
          aria-label={t("inAppNamed", { title })}
          checked={shown.in_app}
          disabled={isFixed}
          onChange={(event) => change({ in_app: event.target.checked })}
        />
      </td>
      <td className="py-1.5">
        <select
          className={inputStyle()}
          aria-label={t("byMailNamed", { title })}
          value={shown.mail}
          disabled={isFixed}
          onChange={(event) => change({ mail: event.target.value as PreferenceOut["mail"] })}
        >
          {WAYS.map((way) => (
            <option key={way} value={way}>
              {t("way", { way })}
            </option>
          ))}
        </select>
      </td>
    </tr>
  );
}

function Hour({ chosen }: { chosen: PreferencesOut }) {
  const t = useTranslations("notifications");
  const format = useFormatter();
  const toast = useToast();
  const choose = useChooseHour();
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const shown = choose.isPending ? choose.variables : chosen;
  const hourText = (hour: number) =>
    format.dateTime(new Date(Date.UTC(2000, 0, 1, hour)), { timeStyle: "short", timeZone: "UTC" });
  return (
    <div className="grid max-w-xs gap-2">
      <SelectField
        label={t("hour")}
        hint={t("zone", { zone: shown.time_zone })}
        value={shown.digest_hour}
        onChange={(event) =>
          choose.mutate(
            { digest_hour: Number(event.target.value), time_zone: zone },
            { onSuccess: () => toast(t("saved")) },
          )
        }
      >
        {HOURS.map((hour) => (
          <option key={hour} value={hour}>
            {hourText(hour)}
          </option>
        ))}
      </SelectField>
      <Refusal failure={choose.error} />
    </div>
  );
}
