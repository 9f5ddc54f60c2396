// Who may be the same as a contact that is being written, shown before it is saved.
import { Link } from "@tanstack/react-router";
import { ExternalLink } from "lucide-react";
import { type ReactNode, useMemo } from "react";
import { useTranslations } from "use-intl";

import type { DuplicateOut, LikeContactOut } from "@/api";
import { useSettled } from "@/ui/settled";

import { askedOf } from "./asked";
import type { Draft } from "./draft";
import { Reasons, Verdict } from "./likeness";
import { useLikeDraft } from "./queries";

const TYPING_MS = 350;
const PLACE = "duplicates";

interface DraftProps {
  /** The id that the contact will have. */
  id: string;
  draft: Draft;
}

/** Return who may be the same as a draft that has rested for a moment. */
function useDuplicates({ id, draft }: DraftProps) {
  const text = useSettled(
    useMemo(() => JSON.stringify(askedOf(id, draft)), [id, draft]),
    TYPING_MS,
  );
  const asked = useMemo(() => JSON.parse(text) as ReturnType<typeof askedOf>, [text]);
  const like = useLikeDraft(asked);
  return { found: asked === null ? [] : (like.data?.items ?? []), isError: like.isError };
}

interface DuplicatesBesideProps extends DraftProps {
  /** What is shown as long as nobody is like the draft; else nothing is. */
  idle?: ReactNode;
}

export function DuplicatesBeside({ id, draft, idle }: DuplicatesBesideProps) {
  const t = useTranslations("duplicates");
  const { found, isError } = useDuplicates({ id, draft });
  return (
    <>
      <p role="status" className={isError ? "text-sm text-ink-3" : "sr-only"}>
        {isError ? t("failed") : found.length > 0 && t("found", { count: found.length })}
      </p>
      {found.length === 0 ? (
        !isError && idle
      ) : (
        <section
          id={PLACE}
          tabIndex={-1}
          aria-label={t("beside")}
          className="grid gap-2 rounded-xl bg-warn-soft p-2.5"
        >
          <div className="px-1">
            <p className="font-semibold text-warn">{t("found", { count: found.length })}</p>
            <p className="text-sm text-ink-2">{t("foundHint")}</p>
          </div>
          <ul className="grid gap-2">
            {found.map((one) => (
              <li key={one.contact.id} className="grid gap-2 rounded-lg bg-panel p-2.5">
                <LikeContact match={one} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

/** Leads to those who may be the same where they are below, out of sight. */
export function DuplicatesJump(props: DraftProps) {
  const t = useTranslations("duplicates");
  const { found } = useDuplicates(props);
  if (found.length === 0) return null;
  return (
    <button
      type="button"
      className="hit rounded-lg bg-warn-soft px-2.5 py-1 text-start font-medium text-warn lg:hidden"
      onClick={() => {
        const place = document.getElementById(PLACE);
        place?.scrollIntoView({ block: "center" });
        place?.focus({ preventScroll: true });
      }}
    >
      {t("found", { count: found.length })}
    </button>
  );
}

/** Opened beside the form, which keeps what is written. */
function LikeContact({ match }: { match: DuplicateOut }) {
  const t = useTranslations("duplicates");
  const { contact } = match;
  const about = aboutOf(contact);
  return (
    <>
      <div className="grid gap-1.5">
        <div>
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
        <div>
          <Verdict match={match} />
        </div>
      </div>
      <Reasons match={match} />
    </>
  );
}

function aboutOf({ title, company_name: company, phones, emails }: LikeContactOut): string {
  const parts = [title, company, phones[0]?.written, emails[0]?.address];
  return parts.filter((one) => one !== null && one !== undefined && one !== "").join(" · ");
}
