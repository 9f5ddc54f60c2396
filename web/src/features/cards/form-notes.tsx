// What a reviewer should know of a card before deciding: that it could not be read, that somebody else changed it too,
// or what stood in the way of keeping it.
import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";

import { Conflict } from "@/features/crm/conflict";
import { buttonStyle } from "@/ui/button";
import { Refusal } from "@/ui/states";

import { type Checking, type CheckingState, isClash } from "./checking";
import type { CardOut } from "@/api";
import { unsurePlaces } from "./work";

interface FormNotesProps {
  card: CardOut;
  checking: Checking;
  state: CheckingState;
  /** Why the last act was refused. */
  failure: unknown;
}

export function FormNotes({ card, checking, state, failure }: FormNotesProps) {
  const t = useTranslations("cards");
  const crm = useTranslations("crm");
  const unsure = unsurePlaces(state.history.now).length;
  if (state.isDecided)
    return (
      <div role="alert" className="grid justify-items-start gap-2 rounded-xl bg-warn-soft p-3 text-warn">
        <p>{t("decidedMeanwhile")}</p>
        <Link to="/contacts/cards" search={{ batch: card.batch_id }} className={buttonStyle()}>
          {t("pictures")}
        </Link>
      </div>
    );
  return (
    <>
      {state.clashes.length > 0 ? (
        <Conflict
          clashes={state.clashes}
          onSettle={(clash, takeTheirs) => checking.settle(clash, takeTheirs)}
        />
      ) : (
        state.isTakenOver && (
          <p role="alert" className="rounded-lg bg-warn-soft px-3 py-2 text-warn">
            {t("takenOver")}
          </p>
        )
      )}
      <Refusal failure={isClash(failure) ? state.failure : (failure ?? state.failure)} />
      {card.boxes.length === 0 && state.history.now.boxes.length === 0 && (
        <p className="rounded-lg bg-line-2 px-3 py-2 text-ink-2">{t("unreadable")}</p>
      )}
      {unsure > 0 && <p className="text-sm text-warn">{t("unsureFields", { count: unsure })}</p>}
      {card.code !== "" && <p className="text-sm text-ink-3">{t("coded")}</p>}
      <span className="sr-only" role="status">
        {state.kept === "failed" ? crm("unsaved") : ""}
      </span>
    </>
  );
}
