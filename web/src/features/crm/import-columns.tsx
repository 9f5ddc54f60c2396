// The columns of a table, and which field of a contact each holds.
import { useTranslations } from "use-intl";

import type { SheetColumnOut } from "@/api";
import { inputStyle } from "@/ui/field";

import { FIELDS, isChoice, LEAVE_OUT, partsOf } from "./import-state";

interface ColumnTableProps {
  columns: readonly SheetColumnOut[];
  hasHeader: boolean;
  onField: (place: number, field: string) => void;
  onHeader: (hasHeader: boolean) => void;
}

export function ColumnTable({ columns, hasHeader, onField, onHeader }: ColumnTableProps) {
  const t = useTranslations("crm");
  return (
    <section className="grid gap-2">
      <h3 className="font-medium text-ink-2">{t("columnsHold")}</h3>
      <label className="flex items-center gap-2">
        <input type="checkbox" checked={hasHeader} onChange={(event) => onHeader(event.target.checked)} />
        {t("hasHeader")}
      </label>
      <ul
        aria-label={t("columnsHold")}
        className="max-h-80 divide-y divide-line-2 overflow-auto rounded-xl border border-line"
        tabIndex={0}
      >
        {columns.map((column, place) => (
          // Columns have no other name than their place: two may be called alike.
          <li
            key={place}
            className="grid grid-cols-[1fr_14rem] items-center gap-3 px-4 py-2 max-sm:grid-cols-1"
          >
            <div className="min-w-0">
              <p className="truncate font-medium">
                <bdi>{column.heading || t("columnNumber", { number: place + 1 })}</bdi>
              </p>
              <p className="truncate text-sm text-ink-3">
                <bdi>{column.samples.join(" · ") || t("columnEmpty")}</bdi>
              </p>
            </div>
            <FieldChoice
              label={t("columnHolds", { name: column.heading || `${place + 1}` })}
              value={column.field}
              onChange={(field) => onField(place, field)}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

interface FieldChoiceProps {
  label: string;
  value: string;
  onChange: (field: string) => void;
}

function FieldChoice({ label, value, onChange }: FieldChoiceProps) {
  const t = useTranslations("crm");
  const nameOf = useFieldName();
  return (
    <select
      aria-label={label}
      className={`${inputStyle()} ${value === LEAVE_OUT ? "text-ink-3" : ""}`}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    >
      <option value={LEAVE_OUT}>{t("leaveOut")}</option>
      {!isChoice(value) && <option value={value}>{nameOf(value)}</option>}
      {FIELDS.map(([group, fields]) => (
        <optgroup key={group} label={t("fieldGroup", { group })}>
          {fields.map((field) => (
            <option key={field} value={field}>
              {nameOf(field)}
            </option>
          ))}
        </optgroup>
      ))}
    </select>
  );
}

function useFieldName(): (code: string) => string {
  const t = useTranslations("crm");
  return (code) => {
    const { field, kind, slot } = partsOf(code);
    const name = t("sheetField", { field });
    const full = kind === "" ? name : t("fieldOfKind", { name, kind: t("kindName", { kind }) });
    return slot === "" ? full : `${full} ${slot}`;
  };
}
