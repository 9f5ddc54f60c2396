// The fields of a contact: the name as people say it first, then how to reach them, then the rest.
import { type ReactNode, useId } from "react";
import { useTranslations } from "use-intl";

import { useSession } from "@/app/session";
import { ApiProblem } from "@/http";
import { SelectField, TextArea, TextField } from "@/ui/field";

import { type Draft, sentIndex } from "./draft";
import { LabelsField } from "./labels-field";
import { KINDS } from "./list-state";
import { useCompanies } from "./queries";
import { Reach } from "./rows-field";

const PARTS = ["prefix", "given", "middle", "family", "suffix"] as const;

/** Puts something around a field: `name`, `company` and the like, a row of a list (`phones.0`), or what adds one. */
export type Around = (place: string, field: ReactNode) => ReactNode;

interface ContactFieldsProps {
  draft: Draft;
  failure: unknown;
  /** Whether the name takes the focus when the form appears. */
  takesFocus?: boolean;
  around?: Around;
  onChange: (change: Partial<Draft>) => void;
}

/** As wide as it is given room, not as the window is. */
export function ContactFields({
  draft,
  failure,
  takesFocus = true,
  around = (_, field) => field,
  onChange,
}: ContactFieldsProps) {
  const t = useTranslations("crm");
  const seesPersonal = useSession().may("crm.see_personal");
  const wrong = (path: string) =>
    failure instanceof ApiProblem
      ? failure.problem.errors?.find((one) => `.${one.field}.`.includes(`.${path}.`))?.message
      : undefined;
  const line = (field: "name" | "title" | "department" | "language" | (typeof PARTS)[number]) => ({
    label: t("field", { field }),
    error: wrong(field),
    value: draft[field],
    maxLength: 500,
    onChange: (event: { target: { value: string } }) => onChange({ [field]: event.target.value }),
  });
  const isPerson = draft.kind === "person";
  const parts = PARTS.filter((field) => draft[field] !== "" || isPerson);
  return (
    <div className="@container grid gap-5">
      <div className="grid grid-cols-[1fr_10rem] gap-4 @max-md:grid-cols-[1fr_7.5rem] @max-md:gap-3">
        {around("name", <TextField {...line("name")} required autoFocus={takesFocus} autoComplete="off" />)}
        <SelectField
          label={t("field", { field: "kind" })}
          error={wrong("kind")}
          value={draft.kind}
          onChange={(event) => onChange({ kind: event.target.value === "company" ? "company" : "person" })}
        >
          {KINDS.map((kind) => (
            <option key={kind} value={kind}>
              {t("kindName", { kind })}
            </option>
          ))}
        </SelectField>
      </div>
      {parts.length > 0 && (
        <details open={PARTS.some((field) => wrong(field) !== undefined)}>
          <summary className="min-h-6 py-0.5 text-sm text-ink-2">{t("parts")}</summary>
          <div className="grid grid-cols-3 gap-4 pt-3 @max-xl:grid-cols-2 @max-sm:grid-cols-1">
            {parts.map((field) => (
              <TextField key={field} {...line(field)} />
            ))}
          </div>
        </details>
      )}
      {(isPerson || draft.company.name !== "" || draft.title !== "") && (
        <div className="grid grid-cols-3 gap-4 @max-xl:grid-cols-1">
          {around(
            "company",
            <CompanyField
              company={draft.company}
              error={wrong("company_id") ?? wrong("company_name")}
              onChange={(company) => onChange({ company })}
            />,
          )}
          {around("title", <TextField {...line("title")} />)}
          {around("department", <TextField {...line("department")} />)}
        </div>
      )}
      {seesPersonal ? (
        <div className="grid grid-cols-2 gap-x-6 gap-y-4 border-t border-line-2 pt-4 @max-xl:grid-cols-1">
          <Reach
            draft={draft}
            around={around}
            wrong={(name, index) => wrong(`${name}.${sentIndex(draft[name], index)}`)}
            onChange={onChange}
          />
        </div>
      ) : (
        <p className="border-t border-line-2 pt-4 text-ink-2">{t("personalHidden")}</p>
      )}
      <div className="grid grid-cols-2 gap-4 border-t border-line-2 pt-4 @max-xl:grid-cols-1">
        <LabelsField
          kind="tag"
          labels={draft.tags}
          error={wrong("tags")}
          onChange={(tags) => onChange({ tags })}
        />
        <LabelsField
          kind="group"
          labels={draft.groups}
          error={wrong("groups")}
          onChange={(groups) => onChange({ groups })}
        />
        <TextField {...line("language")} hint={t("languageHint")} />
        {seesPersonal && (
          <TextArea
            label={t("field", { field: "notes" })}
            error={wrong("notes")}
            rows={3}
            value={draft.notes}
            onChange={(event) => onChange({ notes: event.target.value })}
          />
        )}
      </div>
    </div>
  );
}

interface CompanyFieldProps {
  company: Draft["company"];
  error: string | undefined;
  onChange: (company: Draft["company"]) => void;
}

/** A company's name; the name of one that is among the contacts leads to it. */
function CompanyField({ company, error, onChange }: CompanyFieldProps) {
  const t = useTranslations("crm");
  const list = useId();
  const found = useCompanies(company.name).data?.items ?? [];
  const linked = company.id ?? found.find((one) => one.name === company.name.trim())?.id;
  return (
    <>
      <TextField
        label={t("field", { field: "company" })}
        hint={company.id === null ? undefined : t("companyLinked")}
        error={error}
        list={list}
        maxLength={500}
        autoComplete="off"
        value={company.name}
        onChange={(event) => {
          const name = event.target.value;
          onChange({ id: found.find((one) => one.name === name.trim())?.id ?? null, name });
        }}
        onBlur={() => {
          if (company.id === null && linked !== undefined) onChange({ id: linked, name: company.name });
        }}
      />
      <datalist id={list}>
        {found.map((one) => (
          <option key={one.id} value={one.name} />
        ))}
      </datalist>
    </>
  );
}
