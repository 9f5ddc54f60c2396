// Where two people changed the same field: what it was, what each made of it, and the choice.
import { useTranslations } from "use-intl";

import { useShopMoment } from "@/features/sales/queries";
import { Button } from "@/ui/button";

import type { Change, Clash, Draft, Field } from "./draft";

interface ConflictProps {
  clashes: readonly Clash[];
  /** Who was first, and when, where the program says it. */
  others?: readonly Change[];
  onSettle: (clash: Clash, takeTheirs: boolean) => void;
}

export function Conflict({ clashes, others = [], onSettle }: ConflictProps) {
  const t = useTranslations("crm");
  const told = useTold();
  const moment = useShopMoment();
  return (
    <div role="alert" className="grid gap-2 rounded-xl bg-warn-soft p-3 text-warn">
      <p className="font-semibold">{t("conflict")}</p>
      {others.length > 0 && (
        <p>{others.map(({ name, at }) => t("changedBy", { name, time: moment(at) })).join(" · ")}</p>
      )}
      <p>{t("conflictHint")}</p>
      {clashes.map((clash) => (
        <section
          key={clash.field}
          aria-label={t("field", { field: clash.field })}
          className="grid gap-2 rounded-lg bg-panel p-2 text-ink"
        >
          <p className="font-medium">{t("field", { field: clash.field })}</p>
          <dl className="grid grid-cols-[5rem_1fr] gap-y-1">
            {(["base", "mine", "theirs"] as const).map((side) => (
              <div key={side} className="contents">
                <dt className="text-ink-2">{t(side)}</dt>
                <dd className="break-words whitespace-pre-line">{told(clash.field, clash[side])}</dd>
              </div>
            ))}
          </dl>
          <div className="flex flex-wrap gap-2">
            <Button onClick={() => onSettle(clash, false)}>{t("keepMine")}</Button>
            <Button onClick={() => onSettle(clash, true)}>{t("takeTheirs")}</Button>
          </div>
        </section>
      ))}
    </div>
  );
}

/** Return how a field reads where people compare it. */
function useTold(): (field: Field, draft: Draft) => string {
  const t = useTranslations("crm");
  const kinded = (text: string, kind: string) => `${text} (${t("kindName", { kind })})`;
  return (field, draft) => {
    const lines = {
      phones: () => draft.phones.map((one) => kinded(one.written, one.kind)),
      emails: () => draft.emails.map((one) => kinded(one.address, one.kind)),
      websites: () => draft.websites.map((one) => one.url),
      addresses: () => draft.addresses.map((one) => kinded(one.text, one.kind)),
      tags: () => draft.tags,
      groups: () => draft.groups,
      company: () => [draft.company.name],
      kind: () => [t("kindName", { kind: draft.kind })],
    };
    const text = field in lines ? lines[field as keyof typeof lines]().join("\n") : textOf(draft[field]);
    return text === "" ? t("nothing") : text;
  };
}

const textOf = (value: Draft[Field]) => (typeof value === "string" ? value : "");
