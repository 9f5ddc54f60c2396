// The filters that a list is under, each with a way out.
import { X } from "lucide-react";
import { useTranslations } from "use-intl";

import { Chip } from "./marks";

export interface Filter {
  key: string;
  label: string;
  onRemove: () => void;
}

export function FilterChips({ filters }: { filters: readonly Filter[] }) {
  const t = useTranslations("common");
  if (filters.length === 0) return null;
  return (
    <ul aria-label={t("filters")} className="contents">
      {filters.map(({ key, label, onRemove }) => (
        <li key={key} className="list-none">
          <Chip
            isOn
            aria-pressed={undefined}
            aria-label={t("removeFilter", { filter: label })}
            onClick={onRemove}
          >
            {label}
            <X size={13} aria-hidden />
          </Chip>
        </li>
      ))}
    </ul>
  );
}
