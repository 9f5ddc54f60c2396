// The line of filters above sales: day, store, shift; their state lives in the URL.
import { useTranslations } from "use-intl";

import { Chip } from "@/ui/marks";

import { type SaleFilters, useShopFacts } from "./queries";

const CONTROL = "min-h-8 rounded-full border border-edge bg-panel px-3 text-sm text-ink-2";

interface FiltersProps {
  filters: SaleFilters;
  onChange: (filters: SaleFilters) => void;
}

export function Filters({ filters, onChange }: FiltersProps) {
  const t = useTranslations("sales");
  const shop = useShopFacts();
  return (
    <div className="flex flex-wrap items-center gap-2 px-6 py-3">
      <input
        type="date"
        aria-label={t("day")}
        className={CONTROL}
        value={filters.day ?? ""}
        onChange={(event) => onChange({ ...filters, day: event.target.value || undefined })}
      />
      {filters.day !== undefined && (
        <Chip onClick={() => onChange({ ...filters, day: undefined })}>{t("anyDay")}</Chip>
      )}
      <select
        aria-label={t("store")}
        className={CONTROL}
        value={filters.store ?? ""}
        onChange={(event) => onChange({ ...filters, store: event.target.value || undefined })}
      >
        <option value="">{t("allStores")}</option>
        {shop.data?.stores.map((store) => (
          <option key={store.id} value={store.id}>
            {store.name}
          </option>
        ))}
      </select>
      {filters.shift !== undefined && (
        <Chip isOn onClick={() => onChange({ ...filters, shift: undefined })}>
          {t("ofShift")} · {t("clearShift")}
        </Chip>
      )}
    </div>
  );
}
