// Two contacts that may be the same, side by side: why, what differs, and what to do about it.
import { Link } from "@tanstack/react-router";
import { Merge } from "lucide-react";
import { useTranslations } from "use-intl";

import type { PairOut } from "@/api";
import { useSession } from "@/app/session";
import { Button, buttonStyle } from "@/ui/button";
import { Badge } from "@/ui/marks";

import { type Compared, comparedOf, type Piece } from "./comparing";
import { Reasons, Verdict } from "./likeness";
import { useTellApart } from "./telling-apart";

const ROW = "grid grid-cols-2 gap-x-4 gap-y-0.5 border-t border-line-2 px-4 py-2 sm:grid-cols-[6rem_1fr_1fr]";

export function PairCard({ pair }: { pair: PairOut }) {
  const t = useTranslations("duplicates");
  const [one, other] = pair.contacts;
  if (one === undefined || other === undefined) return null;
  return (
    <article
      aria-label={t("pair", { one: one.name, other: other.name })}
      className="rounded-xl border border-line bg-panel"
    >
      <div className="flex flex-wrap items-start gap-x-4 gap-y-3 p-4">
        <div className="grid min-w-0 flex-1 basis-72 gap-2">
          <div>
            <Verdict match={pair} />
          </div>
          <Reasons match={pair} />
        </div>
        <Acts one={one} other={other} />
      </div>
      <div role="table" aria-label={t("sideBySide")}>
        {comparedOf(one, other).map((row) => (
          <CompareRow key={row.field} row={row} contacts={[one, other]} />
        ))}
      </div>
    </article>
  );
}

type Contact = PairOut["contacts"][number];

function Acts({ one, other }: { one: Contact; other: Contact }) {
  const t = useTranslations("duplicates");
  const { may } = useSession();
  const apart = useTellApart();
  if (!may("crm.write")) return null;
  return (
    <div className="flex flex-wrap gap-2 max-sm:w-full">
      <Button
        kind="quiet"
        className="max-sm:flex-1"
        isBusy={apart.isPending}
        onClick={() => apart.mutate([one, other])}
      >
        {t("notSame")}
      </Button>
      <Link
        to="/contacts/merge"
        search={{ ids: `${one.id},${other.id}` }}
        className={`${buttonStyle()} max-sm:flex-1`}
      >
        <Merge size={15} aria-hidden />
        {t("merge")}
      </Link>
    </div>
  );
}

function CompareRow({ row, contacts }: { row: Compared; contacts: readonly Contact[] }) {
  const t = useTranslations("duplicates");
  const crm = useTranslations("crm");
  return (
    <div role="row" className={ROW}>
      <div role="rowheader" className="text-sm text-ink-3 max-sm:col-span-2">
        {crm("field", { field: row.field })}
        {row.differs && <span className="sr-only"> {t("differs")}</span>}
      </div>
      {contacts.map((contact, side) => (
        <div key={contact.id} role="cell" className="min-w-0 break-words">
          {row.field === "name" ? (
            <Name contact={contact} pieces={row.sides[side]?.[0] ?? []} />
          ) : row.field === "kind" ? (
            <Told piece={{ text: crm("kindName", { kind: contact.kind }), standing: "other" }} />
          ) : (
            <Lines lines={row.sides[side] ?? []} />
          )}
        </div>
      ))}
    </div>
  );
}

function Name({ contact, pieces }: { contact: Contact; pieces: readonly Piece[] }) {
  const t = useTranslations("duplicates");
  return (
    <span className="flex flex-wrap items-center gap-2">
      <Link
        to="/contacts"
        search={{ contact: contact.id }}
        className="hit text-lg font-semibold text-accent underline decoration-1"
      >
        <Line pieces={pieces} />
      </Link>
      {contact.archived_at !== null && <Badge>{t("isAway")}</Badge>}
    </span>
  );
}

function Lines({ lines }: { lines: readonly Piece[][] }) {
  if (lines.length === 0) return <span className="text-ink-3">—</span>;
  return (
    <ul>
      {lines.map((pieces, index) => (
        <li key={index} className="tabular">
          <Line pieces={pieces} />
        </li>
      ))}
    </ul>
  );
}

/** Words in their order, which is that of their script. */
function Line({ pieces }: { pieces: readonly Piece[] }) {
  return (
    <bdi>
      {pieces.map((piece, index) => (
        <span key={index}>
          {index > 0 && " "}
          <Told piece={piece} />
        </span>
      ))}
    </bdi>
  );
}

/** What stands against something else is marked; the row says so in words. */
function Told({ piece: { text, standing } }: { piece: Piece }) {
  if (standing !== "other") return <>{text}</>;
  return <mark className="rounded-sm bg-warn-soft px-0.5 font-semibold text-current">{text}</mark>;
}
