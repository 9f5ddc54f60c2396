// Who may be the same as a contact that is being written, shown before it is saved.
import { Link } from "@tanstack/react-router";
import { ExternalLink } from "lucide-react";
import { useMemo } from "react";
import { useTranslations } from "use-intl";

import type { DuplicateOut, LikeContactOut } from "@/api";
import { useSettled } from "@/ui/settled";

import { askedOf } from "./asked";
import type { Draft } from "./draft";
import { Reasons, Verdict } from "./likeness";
import { useLikeDraft } from "./queries";

const TYPING_MS = 350;

interface DuplicatesBesideProps {
  /** The id that the contact will have. */
  id: string;
  draft: Draft;
}

/** Nothing is shown as long as nobody is like the draft. */
export function DuplicatesBeside({ id, draft }: DuplicatesBesideProps) {
  const t = useTranslations("duplicates");
  const text = useSettled(
    useMemo(() => JSON.stringify(askedOf(id, draft)), [id, draft]),
    TYPING_MS,
  );
  const asked = useMemo(() => JSON.parse(text) as ReturnType<typeof askedOf>, [text]);
  const like = useLikeDraft(asked);
  const found = asked === null ? [] : (like.data?.items ?? []);
  return (
    <>
      <p role="status" className={like.isError ? "text-sm text-ink-3" : "sr-only"}>
        {like.isError ? t("failed") : found.length > 0 && t("found", { count: found.length })}
      </p>
      {found.length > 0 && (
        <section aria-label={t("beside")} className="grid gap-2 rounded-xl bg-warn-soft p-3">
          <div>
            <p className="font-semibold text-warn">{t("found", { count: found.length })}</p>
            <p className="text-sm text-ink-2">{t("foundHint")}</p>
          </div>
          <ul className="grid gap-2">
            {found.map((one) => (
              <li key={one.contact.id} className="grid gap-1.5 rounded-lg bg-panel p-2.5">
                <LikeContact match={one} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

/** Opened beside the form, which keeps what is written. */
function LikeContact({ match }: { match: DuplicateOut }) {
  const t = useTranslations("duplicates");
  const { contact } = match;
  const about = aboutOf(contact);
  return (
    <>
      <div className="flex flex-wrap items-start justify-between gap-x-3 gap-y-1">
        <div className="min-w-0">
          <Link
            to="/contacts"
            search={{ contact: contact.id }}
            target="_blank"
            aria-label={t("open", { name: contact.name })}
            className="hit inline-flex max-w-full items-center gap-1.5 font-medium break-words text-accent underline"
          >
            <span className="min-w-0 break-words">{contact.name}</span>
            <ExternalLink size={13} aria-hidden className="shrink-0" />
          </Link>
          {about !== "" && <p className="text-sm break-words text-ink-2">{about}</p>}
        </div>
        <Verdict match={match} />
      </div>
      <Reasons match={match} />
    </>
  );
}

function aboutOf({ title, company_name: company, phones, emails }: LikeContactOut): string {
  const parts = [title, company, phones[0]?.written, emails[0]?.address];
  return parts.filter((one) => one !== null && one !== undefined && one !== "").join(" · ");
}
