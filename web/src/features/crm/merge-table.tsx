// A column for each contact that is merged and a row for each field; the last column is what comes out.
import { X } from "lucide-react";
import { Fragment, type ReactNode } from "react";
import { useTranslations } from "use-intl";

import type { ContactOut } from "@/api";
import { useShopMoment } from "@/features/sales/queries";
import { IconButton } from "@/ui/button";
import { Badge } from "@/ui/marks";

import { type Draft, draftOf } from "./draft";
import { Told } from "./merge-result";
import {
  entriesOf,
  type List,
  listsOf,
  type Merging,
  pickOf,
  type Single,
  singlesOf,
  textOf,
} from "./merging";

interface MergeTableProps {
  contacts: readonly ContactOut[];
  merging: Merging;
  /** Shown as the last column; without it the screen is narrow, and fields are named above their row. */
  result: Draft | null;
  onChange: (merging: Merging) => void;
  onLeaveOut: ((contact: ContactOut) => void) | undefined;
}

const CELL = "px-3 py-2.5 text-start align-top md:border-t md:border-line-2";

export function MergeTable({ contacts, merging, result, onChange, onLeaveOut }: MergeTableProps) {
  const t = useTranslations("merge");
  const shared = { contacts, merging, onChange };
  return (
    <div className="overflow-x-auto px-6 py-4 max-sm:px-2">
      <table aria-label={t("table")} className="w-full border-separate border-spacing-0">
        <thead>
          <tr>
            {result !== null && (
              <td className="sticky start-0 z-10 w-32 min-w-28 bg-bg">
                <span className="sr-only">{t("field")}</span>
              </td>
            )}
            {contacts.map((contact) => (
              <th
                key={contact.id}
                scope="col"
                className="min-w-44 px-3 pb-3 text-start align-top font-normal"
              >
                <Head
                  contact={contact}
                  isSurvivor={contact.id === merging.survivorId}
                  onSurvive={() => onChange({ ...merging, survivorId: contact.id })}
                  onLeaveOut={onLeaveOut && (() => onLeaveOut(contact))}
                />
              </th>
            ))}
            {result !== null && (
              <th
                scope="col"
                className="sticky end-0 z-10 min-w-60 rounded-t-xl border border-b-0 border-accent bg-panel px-4 py-3 text-start align-top font-semibold"
              >
                {t("result")}
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {singlesOf(contacts).map(({ field, isChoice }) => (
            <Row key={field} field={field} result={result} span={contacts.length}>
              {contacts.map((contact) => (
                <td key={contact.id} className={CELL}>
                  <Value {...shared} contact={contact} field={field} isChoice={isChoice} />
                </td>
              ))}
            </Row>
          ))}
          {listsOf(contacts).map((list) => (
            <Row key={list} field={list} result={result} span={contacts.length}>
              {contacts.map((contact) => (
                <td key={contact.id} className={CELL}>
                  <Entries {...shared} contact={contact} list={list} />
                </td>
              ))}
            </Row>
          ))}
        </tbody>
        {result !== null && (
          <tfoot aria-hidden>
            <tr>
              <td colSpan={contacts.length + 1} />
              <td className="sticky end-0 h-3 rounded-b-xl border border-t-0 border-accent bg-panel" />
            </tr>
          </tfoot>
        )}
      </table>
    </div>
  );
}

interface HeadProps {
  contact: ContactOut;
  isSurvivor: boolean;
  onSurvive: () => void;
  onLeaveOut: (() => void) | undefined;
}

function Head({ contact, isSurvivor, onSurvive, onLeaveOut }: HeadProps) {
  const t = useTranslations("merge");
  const crm = useTranslations("crm");
  const duplicates = useTranslations("duplicates");
  const moment = useShopMoment();
  return (
    <div className="grid gap-1.5">
      <div className="flex items-start gap-1">
        <span className="min-w-0 flex-1 text-lg font-semibold wrap-anywhere">{contact.name}</span>
        {onLeaveOut !== undefined && (
          <IconButton label={t("leaveOut", { name: contact.name })} onClick={onLeaveOut}>
            <X size={16} aria-hidden />
          </IconButton>
        )}
      </div>
      <p className="text-sm text-ink-3">
        {t("since", { time: moment(contact.created_at), source: crm("source", { source: contact.source }) })}
      </p>
      {contact.archived_at !== null && (
        <p>
          <Badge>{duplicates("isAway")}</Badge>
        </p>
      )}
      <label className="flex min-h-6 items-center gap-2">
        <input
          type="radio"
          name="survivor"
          className="size-4 shrink-0 accent-[var(--accent)]"
          checked={isSurvivor}
          onChange={onSurvive}
          aria-label={t("staysName", { name: contact.name })}
        />
        <span className={isSurvivor ? "font-medium" : "text-ink-2"}>{t("stays")}</span>
      </label>
    </div>
  );
}

interface RowProps {
  field: Single | List;
  result: Draft | null;
  span: number;
  children: ReactNode;
}

function Row({ field, result, span, children }: RowProps) {
  const crm = useTranslations("crm");
  const name = crm("field", { field });
  if (result === null)
    return (
      <>
        <tr>
          <th
            scope="colgroup"
            colSpan={span}
            className="border-t border-line-2 px-3 pt-2.5 text-start text-sm font-medium text-ink-2"
          >
            <span className="sticky start-3">{name}</span>
          </th>
        </tr>
        <tr>{children}</tr>
      </>
    );
  return (
    <tr>
      <th scope="row" className={`${CELL} sticky start-0 z-10 bg-bg text-sm font-medium text-ink-2`}>
        {name}
      </th>
      {children}
      <td className="sticky end-0 z-10 border-x border-t border-x-accent border-t-line-2 bg-panel px-4 py-2.5 align-top">
        <Told field={field} result={result} />
      </td>
    </tr>
  );
}

interface CellProps {
  contacts: readonly ContactOut[];
  merging: Merging;
  contact: ContactOut;
  onChange: (merging: Merging) => void;
}

function Value({
  contacts,
  merging,
  contact,
  field,
  isChoice,
  onChange,
}: CellProps & { field: Single; isChoice: boolean }) {
  const t = useTranslations("merge");
  const crm = useTranslations("crm");
  const text = textOf(field, draftOf(contact));
  const shown = field === "kind" ? crm("kindName", { kind: text }) : text;
  if (!isChoice) return <bdi className="wrap-anywhere text-ink-2">{shown}</bdi>;
  const isPicked = pickOf(field, contacts, merging) === contact.id;
  return (
    <label className="flex min-h-6 items-start gap-2">
      <input
        type="radio"
        name={field}
        className="mt-0.5 size-4 shrink-0 accent-[var(--accent)]"
        checked={isPicked}
        onChange={() => onChange({ ...merging, chosen: { ...merging.chosen, [field]: contact.id } })}
        aria-label={t("take", {
          field: crm("field", { field }),
          text: shown === "" ? crm("nothing") : shown,
          name: contact.name,
        })}
      />
      <bdi
        className={`min-w-0 wrap-anywhere ${text === "" ? "text-ink-3" : isPicked ? "font-medium" : "text-ink-2"}`}
      >
        {text === "" ? crm("nothing") : shown}
      </bdi>
    </label>
  );
}

function Entries({ contacts, merging, contact, list, onChange }: CellProps & { list: List }) {
  const t = useTranslations("merge");
  const crm = useTranslations("crm");
  const entries = entriesOf(list, contact);
  if (entries.length === 0) return <span className="text-ink-3">{"—"}</span>;
  const known = new Map(
    [...contacts]
      .sort((one, other) => Number(other.id === merging.survivorId) - Number(one.id === merging.survivorId))
      .flatMap((one) => entriesOf(list, one))
      .toReversed()
      .map(({ key, text }) => [key, text]),
  );
  const toggle = (key: string, isOn: boolean) => {
    const off = new Set(merging.off);
    if (isOn) off.delete(key);
    else off.add(key);
    onChange({ ...merging, off });
  };
  return (
    <ul className="grid gap-1.5">
      {entries.map(({ key, text, kind }) => {
        const isOn = !merging.off.has(key);
        const first = known.get(key) ?? text;
        return (
          <li key={key}>
            <label className="flex min-h-6 items-start gap-2">
              <input
                type="checkbox"
                className="mt-0.5 size-4 shrink-0 accent-[var(--accent)]"
                checked={isOn}
                onChange={(event) => toggle(key, event.target.checked)}
              />
              <span
                className={`min-w-0 wrap-anywhere whitespace-pre-line ${isOn ? "" : "text-ink-3 line-through"}`}
              >
                <bdi>{text}</bdi>
                {kind !== "" && (
                  <Fragment>
                    {" "}
                    <span className="text-sm text-ink-3">{crm("kindName", { kind })}</span>
                  </Fragment>
                )}
                {first !== text && (
                  <span className="block text-sm text-ink-3">{t("sameAs", { text: first })}</span>
                )}
              </span>
            </label>
          </li>
        );
      })}
    </ul>
  );
}
