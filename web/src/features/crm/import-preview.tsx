// What would come of a file: its columns and what they hold, its first entries, and how many would be taken.
import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useFormatter, useLocale, useTranslations } from "use-intl";

import {
  type ContactImportOut,
  type ContactPreviewOut,
  crmImportContacts,
  crmPreviewContacts,
  type PreviewEntryOut,
} from "@/api";
import { newId } from "@/ids";
import { Button } from "@/ui/button";
import { SelectField } from "@/ui/field";
import { Badge, SkeletonRows, type Tone } from "@/ui/marks";
import { askedToWait } from "@/retrying";
import { Refusal } from "@/ui/states";

import { ColumnTable } from "./import-columns";
import { asChosen, chosen, countriesIn } from "./import-state";

const TONES: Record<PreviewEntryOut["outcome"], Tone> = { accepted: "ok", known: "plain", rejected: "bad" };

/** How a file is read: the country of its phones, the fields of its columns, and whether the first row names them. */
interface Reading {
  country: string | null;
  field: string[] | null;
  has_header: boolean;
}

interface ImportPreviewProps {
  file: File;
  onSent: (sent: ContactImportOut) => void;
  onBack: () => void;
}

// The program tells the forms apart by what is in the file; its name and kind are not to be relied on.
const HEADERS = { "Content-Type": "application/octet-stream" };

export function ImportPreview({ file, onSent, onBack }: ImportPreviewProps) {
  const t = useTranslations("crm");
  const [reading, setReading] = useState<Reading>({ country: null, field: null, has_header: true });
  const [id] = useState(newId);
  const preview = useQuery({
    queryKey: ["contact file", id, reading],
    queryFn: ({ signal }) => crmPreviewContacts({ query: reading, body: file, headers: HEADERS, signal }),
    placeholderData: keepPreviousData,
    retry: false,
    // While the virus scanner is away the file is looked at again by itself.
    refetchInterval: ({ state }) => askedToWait(state.error) ?? false,
    staleTime: Infinity,
    gcTime: 0,
  });
  const send = useMutation({
    mutationFn: () =>
      crmImportContacts({ query: { id, filename: file.name, ...reading }, body: file, headers: HEADERS }),
    onSuccess: onSent,
  });
  const seen = preview.data;
  // What was chosen counts at once; the program's answer to it may still be on its way.
  const columns = asChosen(seen?.columns ?? [], reading.field);
  const canSend = seen !== undefined && seen.problem === null && !preview.isFetching;
  return (
    <div className="grid gap-5" aria-busy={preview.isFetching}>
      <p className="font-medium break-all">{file.name}</p>
      <Refusal failure={preview.error ?? send.error} />
      {seen === undefined && !preview.isError && <SkeletonRows rows={5} />}
      {seen !== undefined && (
        <>
          {columns.length > 0 && (
            <ColumnTable
              columns={columns}
              hasHeader={reading.has_header}
              onField={(place, field) => setReading({ ...reading, field: chosen(columns, place, field) })}
              onHeader={(has_header) => setReading({ ...reading, field: null, has_header })}
            />
          )}
          <Country
            value={reading.country ?? seen.country ?? ""}
            onChange={(country) => setReading({ ...reading, country })}
          />
          <Summary seen={seen} />
          {seen.entries.length > 0 && <Entries seen={seen} />}
        </>
      )}
      <div className="sticky bottom-0 -mx-5 -mb-5 flex flex-wrap justify-end gap-2 border-t border-line-2 bg-raised px-5 py-3">
        <Button onClick={onBack}>{t("otherFile")}</Button>
        <Button kind="primary" disabled={!canSend} isBusy={send.isPending} onClick={() => send.mutate()}>
          {send.isPending ? t("sendingFile") : t("takeIn", { count: seen?.entries_accepted ?? 0 })}
        </Button>
      </div>
    </div>
  );
}

function Country({ value, onChange }: { value: string; onChange: (country: string) => void }) {
  const t = useTranslations("crm");
  const countries = countriesIn(useLocale());
  return (
    <SelectField
      label={t("phonesFrom")}
      hint={t("phonesFromHint")}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    >
      {value === "" && <option value="">{t("noCountry")}</option>}
      {countries.map(({ code, name }) => (
        <option key={code} value={code}>
          {name}
        </option>
      ))}
    </SelectField>
  );
}

function Summary({ seen }: { seen: ContactPreviewOut }) {
  const t = useTranslations("crm");
  const format = useFormatter();
  const figures = {
    accepted: seen.entries_accepted,
    known: seen.entries_known,
    rejected: seen.entries_rejected,
  };
  return (
    <div role="status" className="grid gap-3">
      {seen.problem !== null && (
        <p className="rounded-xl bg-warn-soft px-4 py-3 text-warn">
          {seen.columns.length > 0 && seen.entries_read === 0 ? t("noNames") : seen.problem}
        </p>
      )}
      {seen.repeat_of !== null && (
        <p className="rounded-xl bg-accent-soft px-4 py-3 text-accent">
          {t("wouldRepeat", {
            at: format.dateTime(new Date(seen.repeat_of.created_at), {
              dateStyle: "medium",
              timeStyle: "short",
            }),
          })}
        </p>
      )}
      {seen.problem === null && (
        <>
          <dl className="grid grid-cols-3 gap-3">
            {Object.entries(figures).map(([outcome, count]) => (
              <div key={outcome} className="rounded-xl border border-line p-3">
                <dt className="text-sm text-ink-2">{t("wouldBe", { outcome })}</dt>
                <dd className="tabular text-2xl font-semibold">{format.number(count)}</dd>
              </div>
            ))}
          </dl>
          {seen.reasons.length > 0 && (
            <ul className="grid gap-1 text-sm text-ink-2">
              {seen.reasons.map((reason) => (
                <li key={reason.code}>
                  <span className="tabular font-medium text-bad">{format.number(reason.count)} ×</span>{" "}
                  {reason.sentence}
                </li>
              ))}
            </ul>
          )}
        </>
      )}
    </div>
  );
}

function Entries({ seen }: { seen: ContactPreviewOut }) {
  const t = useTranslations("crm");
  const title = t("firstEntries", { count: seen.entries.length, total: seen.entries_read });
  return (
    <section className="grid gap-2">
      <h3 className="font-medium text-ink-2">{title}</h3>
      <ul aria-label={title} className="divide-y divide-line-2 rounded-xl border border-line">
        {seen.entries.map((entry) => (
          <li key={entry.number} className="grid gap-0.5 px-4 py-2.5">
            <div className="flex items-start gap-3">
              <span className="min-w-0 flex-1 font-medium break-words">
                <bdi>{entry.contact?.name ?? (cellsOf(entry) || t("noContact"))}</bdi>
              </span>
              <Badge tone={TONES[entry.outcome]}>{t("isOne", { outcome: entry.outcome })}</Badge>
            </div>
            <p className="text-sm break-words text-ink-2">{detailsOf(entry)}</p>
            {entry.sentence !== null && (
              <p className="text-sm text-bad">
                {t("atLine", { line: entry.line })} {entry.sentence}
              </p>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What stands in an entry that is no contact. */
function cellsOf({ cells }: PreviewEntryOut): string {
  return cells.filter((cell) => cell !== "").join(" · ");
}

/** What is known of a contact beside its name, in one line. */
function detailsOf({ contact }: PreviewEntryOut): string {
  if (contact === null) return "";
  const lines = [
    contact.title,
    contact.department,
    contact.company,
    ...contact.phones.map((phone) => phone.e164 ?? phone.written),
    ...contact.emails,
    ...contact.websites,
    ...contact.addresses.map((address) => address.replaceAll("\n", ", ")),
    contact.tags.map((tag) => `#${tag}`).join(" "),
    contact.notes,
  ];
  return lines.filter((line) => line !== "").join(" · ");
}
