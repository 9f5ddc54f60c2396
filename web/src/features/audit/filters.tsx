// The line of filters above the audit trail; their state lives in the URL.
import { useTranslations } from "use-intl";

import { type Filter, FilterChips } from "@/ui/filters";

import { useActs } from "./queries";
import type { AuditSearch } from "./search";
import { useWords } from "./words";

const CONTROL = "min-h-9 rounded-lg border border-edge bg-panel px-3 text-ink-2";

interface FiltersProps {
  search: AuditSearch;
  onChange: (next: AuditSearch) => void;
}

export function Filters({ search, onChange }: FiltersProps) {
  const t = useTranslations("audit");
  const words = useWords();
  const acts = useActs();
  const chips: Filter[] = [];
  if (search.act !== undefined)
    chips.push({ key: "act", label: words.act(search.act), onRemove: () => onChange({ act: undefined }) });
  if (search.actor !== undefined)
    chips.push({
      key: "actor",
      label: t("by", { name: search.name ?? search.actor }),
      onRemove: () => onChange({ actor: undefined, name: undefined }),
    });
  if (search.type !== undefined)
    chips.push({
      key: "type",
      label: words.thing(search.type),
      onRemove: () => onChange({ type: undefined, id: undefined }),
    });
  return (
    <div className="flex flex-wrap items-center gap-2 px-6 py-3">
      <select
        aria-label={t("act")}
        className={`${CONTROL} w-64`}
        value={search.act ?? ""}
        onChange={(event) => onChange({ act: event.target.value || undefined })}
      >
        <option value="">{t("allActs")}</option>
        {acts.data?.items.map((act) => (
          <option key={act} value={act}>
            {words.act(act)}
          </option>
        ))}
      </select>
      <Day label={t("since")} value={search.since} onChange={(since) => onChange({ since })} />
      <Day label={t("until")} value={search.until} onChange={(until) => onChange({ until })} />
      <FilterChips filters={chips} />
    </div>
  );
}

interface DayProps {
  label: string;
  value: string | undefined;
  onChange: (day: string | undefined) => void;
}

function Day({ label, value, onChange }: DayProps) {
  return (
    <label className="flex items-center gap-2 text-sm text-ink-2">
      {label}
      <input
        type="date"
        className={CONTROL}
        value={value ?? ""}
        onChange={(event) => onChange(event.target.value || undefined)}
      />
    </label>
  );
}
