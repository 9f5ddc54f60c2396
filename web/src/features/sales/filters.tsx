// The line of filters above sales: number, days, store, cashier, shift; their state lives in the URL.
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";

import { type Filter, FilterChips } from "@/ui/filters";
import { SearchBox } from "@/ui/search-box";

import type { SalesSearch } from "./list-state";
import { useCashiers, useShopFacts } from "./queries";

const CONTROL = "min-h-9 rounded-lg border border-edge bg-panel px-3 text-ink-2";

// An hour is an hour of a day.
const WITHOUT_DAY = { day: undefined, hour: undefined };

interface FiltersProps {
  search: SalesSearch;
  onChange: (next: SalesSearch) => void;
  children: ReactNode;
}

export function Filters({ search, onChange, children }: FiltersProps) {
  const t = useTranslations("sales");
  const shop = useShopFacts();
  const cashiers = useCashiers();
  const chips: Filter[] = [
    ...(search.day === undefined
      ? []
      : [{ key: "day", label: search.day, onRemove: () => onChange(WITHOUT_DAY) }]),
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
      <span className="flex items-center gap-1 text-ink-3">
        <DayField
          label={t("fromDay")}
          day={search.from}
          onChange={(from) => onChange({ from, ...WITHOUT_DAY })}
        />
        –
        <DayField label={t("toDay")} day={search.to} onChange={(to) => onChange({ to, ...WITHOUT_DAY })} />
      </span>
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
      <select
        aria-label={t("cashier")}
        className={`${CONTROL} w-40`}
        value={search.cashier ?? ""}
        onChange={(event) => onChange({ cashier: event.target.value || undefined })}
      >
        <option value="">{t("allCashiers")}</option>
        {cashiers.data?.items.map((cashier) => (
          <option key={cashier.id} value={cashier.id}>
            {cashier.name}
          </option>
        ))}
      </select>
      <FilterChips filters={chips} />
      <div className="ms-auto flex items-center gap-2">{children}</div>
    </div>
  );
}

interface DayFieldProps {
  label: string;
  day: string | undefined;
  onChange: (day: string | undefined) => void;
}

function DayField({ label, day, onChange }: DayFieldProps) {
  return (
    <input
      type="date"
      aria-label={label}
      title={label}
      className={CONTROL}
      value={day ?? ""}
      onChange={(event) => onChange(event.target.value || undefined)}
    />
  );
}
