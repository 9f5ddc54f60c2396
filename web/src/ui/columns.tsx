// Which columns a list shows; the choice stands in the address.
import { useTranslations } from "use-intl";

interface ColumnsProps {
  columns: readonly { key: string; label: string }[];
  hidden: ReadonlySet<string>;
  onChange: (hidden: Set<string>) => void;
}

export function Columns({ columns, hidden, onChange }: ColumnsProps) {
  const t = useTranslations("common");
  return (
    <details className="relative">
      <summary className="min-h-9 rounded-lg border border-edge bg-panel px-3 py-1.5 text-ink-2">
        {t("columns")}
      </summary>
      <ul className="absolute end-0 z-20 mt-1 grid w-48 gap-1 rounded-xl border border-line bg-raised p-3 shadow-2">
        {columns.slice(1).map((column) => (
          <li key={column.key}>
            <label className="flex items-center gap-2">
              <input
                type="checkbox"
                checked={!hidden.has(column.key)}
                onChange={(event) => {
                  const next = new Set([...hidden].filter((key) => key !== column.key));
                  if (!event.target.checked) next.add(column.key);
                  onChange(next);
                }}
              />
              {column.label}
            </label>
          </li>
        ))}
      </ul>
    </details>
  );
}
