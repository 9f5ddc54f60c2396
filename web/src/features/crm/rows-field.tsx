// Several of a kind: phones, e-mails, websites or addresses, each in a row of its own.
import { Plus, X } from "lucide-react";
import { Fragment } from "react";
import { useTranslations } from "use-intl";

import { Button, IconButton } from "@/ui/button";
import { inputStyle } from "@/ui/field";

import type { Around } from "./contact-fields";
import type { Draft } from "./draft";

export type RowsName = "phones" | "emails" | "websites" | "addresses";

interface RowsFieldProps<Row> {
  name: RowsName;
  rows: readonly Row[];
  empty: Row;
  textOf: (row: Row) => string;
  withText: (row: Row, text: string) => Row;
  kinds: readonly string[];
  kindOf: (row: Row) => string;
  withKind: (row: Row, kind: string) => Row;
  wrong: (index: number) => string | undefined;
  around: Around;
  onChange: (rows: readonly Row[]) => void;
}

interface RowInputProps {
  name: RowsName;
  label: string;
  isWrong: boolean;
  value: string;
  onChange: (text: string) => void;
}

const TYPES = { phones: "tel", emails: "email", websites: "url" } as const;

/** An address has several lines, and keeps them. */
function RowInput({ name, label, isWrong, value, onChange }: RowInputProps) {
  const shared = { "aria-label": label, "aria-invalid": isWrong, value };
  if (name === "addresses") {
    return (
      <textarea
        {...shared}
        rows={3}
        maxLength={1000}
        className={`${inputStyle(isWrong)} min-w-0 resize-y py-1.5`}
        onChange={(event) => onChange(event.target.value)}
      />
    );
  }
  return (
    <input
      {...shared}
      inputMode={TYPES[name]}
      maxLength={300}
      className={`${inputStyle(isWrong)} min-w-0`}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

export function RowsField<Row>(props: RowsFieldProps<Row>) {
  const t = useTranslations("crm");
  const { name, rows, empty, textOf, withText, kinds, kindOf, withKind, wrong, around, onChange } = props;
  const title = t("field", { field: name });
  const put = (index: number, row: Row) => onChange(rows.map((one, at) => (at === index ? row : one)));
  return (
    <fieldset className="grid gap-1.5">
      <legend className="mb-1.5 text-sm font-medium text-ink-2">{title}</legend>
      {rows.map((row, index) => {
        const error = wrong(index);
        const label = t("numbered", { field: name, number: index + 1 });
        const field = (
          <div className="grid gap-1">
            <div className="flex items-center gap-2">
              <RowInput
                name={name}
                label={label}
                isWrong={error !== undefined}
                value={textOf(row)}
                onChange={(text) => put(index, withText(row, text))}
              />
              {kinds.length > 0 && (
                <select
                  aria-label={t("kindOf", { what: label })}
                  className="min-h-9 w-28 shrink-0 rounded-lg border border-edge bg-panel px-2"
                  value={kindOf(row)}
                  onChange={(event) => put(index, withKind(row, event.target.value))}
                >
                  {kinds.map((kind) => (
                    <option key={kind} value={kind}>
                      {t("kindName", { kind })}
                    </option>
                  ))}
                </select>
              )}
              <IconButton
                label={t("takeOff", { name: label })}
                onClick={() => onChange(rows.filter((_, at) => at !== index))}
              >
                <X size={16} aria-hidden />
              </IconButton>
            </div>
            {error !== undefined && (
              <p role="alert" className="text-sm text-bad">
                {error}
              </p>
            )}
          </div>
        );
        return <Fragment key={index}>{around(`${name}.${index}`, field)}</Fragment>;
      })}
      {around(
        `${name}.${rows.length}`,
        <Button kind="quiet" onClick={() => onChange([...rows, empty])}>
          <Plus size={15} aria-hidden />
          {t("addRow", { field: name })}
        </Button>,
      )}
    </fieldset>
  );
}

const PHONE_KINDS = ["mobile", "work", "home", "fax", "pager", "other"] as const;
const PLACE_KINDS = ["work", "home", "other"] as const;

interface ReachProps {
  draft: Draft;
  wrong: (name: RowsName, index: number) => string | undefined;
  around: Around;
  onChange: (change: Partial<Draft>) => void;
}

/** Every way to reach a contact. */
export function Reach({ draft, wrong, around, onChange }: ReachProps) {
  const place = (kind: string) => PLACE_KINDS.find((one) => one === kind) ?? "other";
  return (
    <>
      <RowsField<Draft["phones"][number]>
        name="phones"
        rows={draft.phones}
        empty={{ written: "", kind: "mobile" }}
        textOf={(row) => row.written}
        withText={(row, written) => ({ ...row, written })}
        kinds={PHONE_KINDS}
        kindOf={(row) => row.kind}
        withKind={(row, kind) => ({ ...row, kind: PHONE_KINDS.find((one) => one === kind) ?? "other" })}
        wrong={(index) => wrong("phones", index)}
        around={around}
        onChange={(phones) => onChange({ phones })}
      />
      <RowsField<Draft["emails"][number]>
        name="emails"
        rows={draft.emails}
        empty={{ address: "", kind: "work" }}
        textOf={(row) => row.address}
        withText={(row, address) => ({ ...row, address })}
        kinds={PLACE_KINDS}
        kindOf={(row) => row.kind}
        withKind={(row, kind) => ({ ...row, kind: place(kind) })}
        wrong={(index) => wrong("emails", index)}
        around={around}
        onChange={(emails) => onChange({ emails })}
      />
      <RowsField
        name="websites"
        rows={draft.websites}
        empty={{ url: "" }}
        textOf={(row) => row.url}
        withText={(_, url) => ({ url })}
        kinds={[]}
        kindOf={() => ""}
        withKind={(row) => row}
        wrong={(index) => wrong("websites", index)}
        around={around}
        onChange={(websites) => onChange({ websites })}
      />
      <RowsField<Draft["addresses"][number]>
        name="addresses"
        rows={draft.addresses}
        empty={{ text: "", street: "", postcode: "", city: "", region: "", country: "", kind: "work" }}
        textOf={(row) => row.text}
        // The parts told of the text that was; they would be wrong for another.
        withText={({ kind }, text) => ({
          text,
          street: "",
          postcode: "",
          city: "",
          region: "",
          country: "",
          kind,
        })}
        kinds={PLACE_KINDS}
        kindOf={(row) => row.kind}
        withKind={(row, kind) => ({ ...row, kind: place(kind) })}
        wrong={(index) => wrong("addresses", index)}
        around={around}
        onChange={(addresses) => onChange({ addresses })}
      />
    </>
  );
}
