// What a page shows instead of content: nothing yet (and what to do next), or what went wrong (and what is safe).
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";

import { ApiProblem, NoAnswer, READ_ONLY, SCANNER_AWAY } from "@/http";
import { askedToWait } from "@/retrying";

import { Button } from "./button";

/** What is said in the person's language whatever the program says. */
const OWN_WORDS = {
  [READ_ONLY]: "readOnlyRefused",
  "flags.switched_off": "switchedOff",
  [SCANNER_AWAY]: "scannerAway",
  "files.infected": "infected",
  "files.not_scannable": "notScannable",
} as const;

interface EmptyStateProps {
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  /** Whether it is the whole page, and its title the page's heading. */
  isPage?: boolean;
}

export function EmptyState({ title, children, action, isPage = false }: EmptyStateProps) {
  const Title = isPage ? "h1" : "p";
  return (
    <div className="mx-auto grid max-w-md justify-items-center gap-2 px-6 py-16 text-center">
      <Title className="text-lg font-semibold">{title}</Title>
      {children !== undefined && <p className="text-ink-2">{children}</p>}
      {action !== undefined && <div className="mt-3">{action}</div>}
    </div>
  );
}

/** Return what to tell a person about a failure, with the reference that support can find in the log. */
export function useExplained(): (failure: unknown) => { text: string; reference: string | undefined } {
  const t = useTranslations("common");
  return (failure) => {
    const own = failure instanceof ApiProblem ? OWN_WORDS[failure.code as keyof typeof OWN_WORDS] : undefined;
    if (failure instanceof ApiProblem && own !== undefined)
      return { text: t(own), reference: failure.problem.request_id };
    const wait = askedToWait(failure);
    if (failure instanceof ApiProblem && wait !== undefined) {
      return { text: t("tooMany", { seconds: wait / 1000 }), reference: failure.problem.request_id };
    }
    if (failure instanceof ApiProblem) {
      const said =
        failure.status >= 500 ? t("serverFailed") : failure.problem.detail || failure.problem.title;
      return { text: said, reference: failure.problem.request_id };
    }
    return { text: failure instanceof NoAnswer ? t("noAnswer") : t("unexpected"), reference: undefined };
  };
}

export function ErrorState({ failure, onRetry }: { failure: unknown; onRetry?: () => void }) {
  const t = useTranslations("common");
  const { text, reference } = useExplained()(failure);
  return (
    <div role="alert" className="mx-auto grid max-w-md justify-items-center gap-2 px-6 py-16 text-center">
      <p className="text-lg font-semibold">{t("couldNotLoad")}</p>
      <p className="text-ink-2">{text}</p>
      {reference !== undefined && <p className="text-sm text-ink-3">{t("reference", { id: reference })}</p>}
      {onRetry !== undefined && (
        <Button className="mt-3" onClick={onRetry}>
          {t("tryAgain")}
        </Button>
      )}
    </div>
  );
}

/** A refusal beside the form that caused it. */
export function Refusal({ failure }: { failure: unknown }) {
  const t = useTranslations("common");
  const explained = useExplained();
  if (failure === null || failure === undefined) return null;
  const { text, reference } = explained(failure);
  return (
    <div role="alert" className="rounded-lg bg-bad-soft px-3 py-2 text-bad">
      <p>{text}</p>
      {reference !== undefined && <p className="text-sm">{t("reference", { id: reference })}</p>}
    </div>
  );
}
