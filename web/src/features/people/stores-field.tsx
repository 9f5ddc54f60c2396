// To which stores somebody is limited: to none, which is said as clearly as some.
import { useId } from "react";
import { useTranslations } from "use-intl";

import { SkeletonRows } from "@/ui/marks";
import { ErrorState } from "@/ui/states";

import { usePlaces } from "./queries";

interface StoresFieldProps {
  /** Null: all stores. */
  value: string[] | null;
  onStores: (ids: string[] | null) => void;
}

export function StoresField({ value, onStores }: StoresFieldProps) {
  const t = useTranslations("rights");
  const places = usePlaces();
  const group = useId();
  const toggle = (id: string) =>
    onStores((value ?? []).includes(id) ? (value ?? []).filter((one) => one !== id) : [...(value ?? []), id]);
  return (
    <fieldset className="grid gap-1">
      <legend className="mb-1 font-medium">{t("stores")}</legend>
      <label className="flex min-h-6 items-center gap-2">
        <input
          type="radio"
          name={group}
          className="size-5"
          checked={value === null}
          onChange={() => onStores(null)}
        />
        {t("everywhere")}
      </label>
      <label className="flex min-h-6 items-center gap-2">
        <input
          type="radio"
          name={group}
          className="size-5"
          checked={value !== null}
          onChange={() => onStores([])}
        />
        {t("someStores")}
      </label>
      {value !== null &&
        (places.isError ? (
          <ErrorState failure={places.error} onRetry={() => void places.refetch()} />
        ) : places.isPending ? (
          <SkeletonRows rows={2} />
        ) : (
          <div className="grid gap-1 ps-7">
            {places.data.items.map((store) => (
              <label key={store.id} className="flex min-h-6 items-center gap-2">
                <input
                  type="checkbox"
                  className="size-5"
                  checked={value.includes(store.id)}
                  onChange={() => toggle(store.id)}
                />
                {store.name}
              </label>
            ))}
            <p className="text-ink-2">{value.length === 0 ? t("noStoreChosen") : t("storesHint")}</p>
          </div>
        ))}
    </fieldset>
  );
}
