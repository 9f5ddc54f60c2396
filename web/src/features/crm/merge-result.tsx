// What comes of a merge, field by field, as the survivor will have it.
import { Fragment, type ReactNode } from "react";
import { useTranslations } from "use-intl";

import type { ContactOut } from "@/api";

import type { Draft } from "./draft";
import { type List, listsOf, type Single, singlesOf, textOf } from "./merging";

interface MergeResultProps {
  contacts: readonly ContactOut[];
  result: Draft;
}

export function MergeResult({ contacts, result }: MergeResultProps) {
  const crm = useTranslations("crm");
  const fields = [...singlesOf(contacts).map(({ field }) => field), ...listsOf(contacts)];
  return (
    <dl className="grid grid-cols-[6.5rem_1fr] gap-y-1.5">
      {fields.map((field) => (
        <Fragment key={field}>
          <dt className="text-sm text-ink-2">{crm("field", { field })}</dt>
          <dd className="min-w-0">
            <Told field={field} result={result} />
          </dd>
        </Fragment>
      ))}
    </dl>
  );
}

/** A field of the result. */
export function Told({ field, result }: { field: Single | List; result: Draft }): ReactNode {
  const crm = useTranslations("crm");
  const lines = linesOf(field, result).map((line) =>
    field === "kind" ? crm("kindName", { kind: line }) : line,
  );
  if (lines.length === 0) return <span className="text-ink-3">{"—"}</span>;
  return (
    <ul className="grid gap-1">
      {lines.map((line) => (
        <li key={line} className="font-medium wrap-anywhere whitespace-pre-line">
          <bdi>{line}</bdi>
        </li>
      ))}
    </ul>
  );
}

function linesOf(field: Single | List, result: Draft): string[] {
  switch (field) {
    case "phones":
      return result.phones.map(({ written }) => written);
    case "emails":
      return result.emails.map(({ address }) => address);
    case "websites":
      return result.websites.map(({ url }) => url);
    case "addresses":
      return result.addresses.map(({ text }) => text);
    case "tags":
    case "groups":
      return [...result[field]];
    case "notes":
      return result.notes === "" ? [] : [result.notes];
    default:
      return [textOf(field, result)].filter((text) => text !== "");
  }
}
