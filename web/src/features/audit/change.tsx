// What an act changed: both values of each field side by side, and the reason.
import { useTranslations } from "use-intl";

import type { EntryOut } from "@/api";

import { fieldsOf, type Value } from "./values";

export function Change({ entry }: { entry: EntryOut }) {
  const t = useTranslations("audit");
  if (entry.erased.includes("change")) return <p className="text-ink-2">{t("changeErased")}</p>;
  const fields = fieldsOf(entry);
  const said = (value: Value) => (typeof value === "boolean" ? t(value ? "yes" : "no") : (value ?? "—"));
  return (
    <>
      {fields.length > 0 && (
        <table className="w-full table-fixed border-collapse text-sm">
          <caption className="sr-only">{t("values")}</caption>
          <thead>
            <tr className="text-xs text-ink-3">
              <th scope="col" className="py-1 pe-2 text-start font-medium">
                {t("field")}
              </th>
              <th scope="col" className="py-1 pe-2 text-start font-medium">
                {t("before")}
              </th>
              <th scope="col" className="py-1 text-start font-medium">
                {t("after")}
              </th>
            </tr>
          </thead>
          <tbody>
            {fields.map((field) => (
              <tr key={field.name} className="border-t border-line-2 align-top">
                <th
                  scope="row"
                  translate="no"
                  className="py-1.5 pe-2 text-start font-normal break-words text-ink-2"
                >
                  {field.name}
                </th>
                <td translate="no" className="py-1.5 pe-2 break-words whitespace-pre-wrap">
                  {said(field.old)}
                </td>
                <td
                  translate="no"
                  className={`py-1.5 break-words whitespace-pre-wrap ${field.isChanged ? "font-medium" : ""}`}
                >
                  {said(field.new)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {entry.reason !== null && (
        <p className="mt-2">
          <span className="text-ink-2">{t("reason")}</span> {entry.reason}
        </p>
      )}
    </>
  );
}
