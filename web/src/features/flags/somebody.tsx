// What somebody gets at the moment, and why.
import { useState } from "react";
import { useTranslations } from "use-intl";

import { useRoleName } from "@/features/people/queries";
import { SelectField } from "@/ui/field";
import { Badge, SkeletonRows } from "@/ui/marks";
import { ErrorState } from "@/ui/states";

import { type Somebody, useChoices, useFlags, usePreview } from "./queries";
import { useSaid } from "./said";

const NOBODY: Somebody = { role: "", placeId: "", actorId: "" };

export function ForSomebody() {
  const t = useTranslations("flags");
  const [who, setWho] = useState(NOBODY);
  return (
    <div className="grid gap-4 px-6 pb-6">
      <p className="text-ink-2">{t("somebodyHint")}</p>
      <Who who={who} onWho={(change) => setWho((at) => ({ ...at, ...change }))} />
      <Gets who={who} />
    </div>
  );
}

function Who({ who, onWho }: { who: Somebody; onWho: (change: Partial<Somebody>) => void }) {
  const t = useTranslations("flags");
  const roleName = useRoleName();
  const { roles, places, people } = useChoices();
  const choose = (id: string) => {
    const person = people.find((one) => one.id === id);
    onWho({ actorId: id, ...(person === undefined ? {} : { role: person.role }) });
  };
  return (
    <div className="grid max-w-3xl grid-cols-3 gap-3 max-md:grid-cols-1">
      <SelectField label={t("person")} value={who.actorId} onChange={(event) => choose(event.target.value)}>
        <option value="">{t("nobody")}</option>
        {people.map((person) => (
          <option key={person.id} value={person.id}>
            {person.name}
          </option>
        ))}
      </SelectField>
      <SelectField
        label={t("role")}
        value={who.role}
        onChange={(event) => onWho({ role: event.target.value })}
      >
        <option value="">{t("anyRole")}</option>
        {roles.map((role) => (
          <option key={role} value={role}>
            {roleName(role)}
          </option>
        ))}
      </SelectField>
      <SelectField
        label={t("store")}
        value={who.placeId}
        onChange={(event) => onWho({ placeId: event.target.value })}
      >
        <option value="">{t("anyStore")}</option>
        {places.map((place) => (
          <option key={place.id} value={place.id}>
            {place.name}
          </option>
        ))}
      </SelectField>
    </div>
  );
}

function Gets({ who }: { who: Somebody }) {
  const t = useTranslations("flags");
  const said = useSaid();
  const flags = useFlags();
  const preview = usePreview(who);
  if (preview.isError) return <ErrorState failure={preview.error} onRetry={() => void preview.refetch()} />;
  if (preview.isPending || flags.data === undefined) return <SkeletonRows rows={4} />;
  return (
    <ul className="grid max-w-3xl divide-y divide-line-2 rounded-xl border border-line bg-panel">
      {preview.data.items.map((decision) => {
        const flag = flags.data.items.find((one) => one.key === decision.key);
        return (
          <li key={decision.key} className="flex flex-wrap items-center gap-3 px-4 py-2.5">
            <span className="min-w-0 flex-1">{flag === undefined ? decision.key : said(flag.says)}</span>
            <span className="text-sm text-ink-3">
              {t("because", { reason: decision.reason, number: (decision.rule ?? 0) + 1 })}
            </span>
            <Badge tone={decision.reason === "default" ? "plain" : "accent"}>
              {t("value", { value: String(decision.value) })}
            </Badge>
          </li>
        );
      })}
    </ul>
  );
}
