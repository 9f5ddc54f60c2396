// The line of filters above sales: number, day, store, shift; their state lives in the URL.
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";

import { type Filter, FilterChips } from "@/ui/filters";
import { SearchBox } from "@/ui/search-box";

import type { SalesSearch } from "./list-state";
import { useShopFacts } from "./queries";

const CONTROL = "min-h-9 rounded-lg border border-edge bg-panel px-3 text-ink-2";

interface FiltersProps {
  search: SalesSearch;
  onChange: (next: SalesSearch) => void;
  children: ReactNode;
}

export function Filters({ search, onChange, children }: FiltersProps) {
  const t = useTranslations("sales");
  const shop = useShopFacts();
  const chips: Filter[] = [
    ...(search.day === undefined
      ? []
      : [{ key: "day", label: search.day, onRemove: () => onChange({ day: undefined }) }]),
    ...(search.shift === undefined
      ? []
      : [{ key: "shift", label: t("ofShift"), onRemove: () => onChange({ shift: undefined }) }]),
    ...(search.variant === undefined
      ? []
      : [{ key: "variant", label: t("withProduct"), onRemove: () => onChange({ variant: undefined }) }]),
    ...(search.hour === undefined
      ? []
      : [
          {
            key: "hour",
            label: t("inHour", { hour: search.hour }),
            onRemove: () => onChange({ hour: undefined }),
          },
        ]),
  ];
  return (
    <div className="flex flex-wrap items-center gap-2 px-6 py-3">
      <SearchBox
        key={search.q === undefined ? "empty" : "filled"}
        label={t("searchNumber")}
        value={search.q}
        onChange={(q) => onChange({ q })}
      />
      <input
        type="date"
        aria-label={t("day")}
        className={CONTROL}
        value={search.day ?? ""}
        onChange={(event) => onChange({ day: event.target.value || undefined })}
      />
      <select
        aria-label={t("store")}
        className={`${CONTROL} w-48`}
        value={search.store ?? ""}
        onChange={(event) => onChange({ store: event.target.value || undefined })}
      >
        <option value="">{t("allStores")}</option>
        {shop.data?.stores.map((store) => (
          <option key={store.id} value={store.id}>
            {store.name}
          </option>
        ))}
      </select>
      {children}
      <FilterChips filters={chips} />
    </div>
  );
}
