// Checking one card: its picture and lines on one side, the form on the other, and the decision at its foot.
import { useRef, useState } from "react";
import { useTranslations } from "use-intl";

import { DuplicatesBeside } from "@/features/crm/duplicates";
import { newId } from "@/ids";
import { useNarrow } from "@/ui/narrow";
import { useToast } from "@/ui/toast";

import { AskAgain } from "./ask-again";
import { BoxDialog } from "./box-dialog";
import { CardForm } from "./card-form";
import type { CardBox, CardOut, CardRowOut } from "@/api";
import { useDeciding, useReadingAgain, useSides } from "./deciding";
import { DecisionBar } from "./decision-bar";
import { goOn } from "./focus";
import { FormNotes } from "./form-notes";
import { JoinDialog } from "./join-dialog";
import { KeysDialog } from "./keys-dialog";
import { LINES, Lines } from "./lines";
import { neighbour } from "./order";
import { Picture, type PictureControl } from "./picture";
import { quadOf } from "./quad";
import { SideBar } from "./side-bar";
import type { Steps } from "./review-card";
import { drawnOf, useActive } from "./use-active";
import { useChecking } from "./use-checking";
import { useDrag } from "./use-drag";
import { useKeys } from "./use-keys";
import { assign, begin, confirm } from "./work";

interface CheckCardProps extends Steps {
  card: CardOut;
  /** The other side of the card, where one was joined. */
  other: CardOut | undefined;
  rows: readonly CardRowOut[];
  /** The program has filled the card anew. */
  onFilled: () => void;
}

type Opened = "keys" | "join" | "read" | null;
type Line = { box: CardBox; isOwn: boolean };

const STEP = 1.4;

export function CheckCard({ card, other, rows, onNext, onStep, onFilled }: CheckCardProps) {
  const t = useTranslations("cards");
  const toast = useToast();
  const isNarrow = useNarrow();
  const picture = useRef<PictureControl>(null);
  const form = useRef<HTMLFormElement>(null);
  const [contactId] = useState(newId);
  const [isOther, setOther] = useState(false);
  const [opened, setOpened] = useState<Opened>(null);
  const [line, setLine] = useState<Line | null>(null);
  const { checking, state } = useChecking(card);
  const work = state.history.now;
  const seen = isOther && other !== undefined ? other : card;
  const isOwn = seen === card;
  const shown = isOwn ? work : { ...begin(seen), links: {} };
  const { active, onBox, onPlace } = useActive(work);
  const drag = useDrag<Line>({
    onClick: setLine,
    onDrop: ({ box, isOwn: own }, place, how) =>
      checking.act((now) => assign(now, { ...box, box: own ? box.id : null }, place, how)),
  });
  const decided = (now: CardOut) => {
    if (now.state === "accepted") toast(t("acceptedToast", { name: now.contact.name ?? "" }));
    onNext();
  };
  const { accept, skip } = useDeciding({ card, checking, contactId, onDecided: decided });
  const { join, part } = useSides(card, checking, onFilled);
  const again = useReadingAgain();
  const isBusy =
    [accept, skip, join, part, again].some((one) => one.isPending) ||
    state.clashes.length > 0 ||
    state.isDecided;
  const read = () => again.mutate(card.photo_id);
  useKeys(opened === null && line === null, {
    "ctrl+Enter": () => form.current?.requestSubmit(),
    F4: () => !isBusy && skip.mutate(),
    PageDown: () => onStep(1),
    PageUp: () => onStep(-1),
    F2: () => document.querySelector<HTMLElement>(`#${LINES} button`)?.focus(),
    F8: () => setOpened("read"),
    "+": () => picture.current?.zoom(STEP),
    "-": () => picture.current?.zoom(1 / STEP),
    "0": () => picture.current?.fit(),
    "ctrl+z": () => checking.undo(),
    "?": () => setOpened("keys"),
  });
  const boxOf = (id: number) => shown.boxes.find((box) => box.id === id);
  const take = (id: number): Line | undefined => {
    const box = boxOf(id);
    return box && { box, isOwn };
  };
  const onTake = (id: number, event: React.PointerEvent) => {
    const taken = take(id);
    if (taken !== undefined) drag.start(taken, event);
  };
  const failure = accept.error ?? skip.error ?? join.error ?? part.error ?? again.error;
  const duplicates = <DuplicatesBeside id={contactId} draft={work.draft} />;
  return (
    <div className="flex min-w-0 flex-1 max-lg:flex-col">
      <div className="flex min-w-0 flex-1 flex-col bg-bg max-lg:sticky max-lg:top-0 max-lg:z-20 max-lg:h-[42vh] max-lg:flex-none">
        <div className="relative flex min-h-0 flex-1 flex-col">
          <SideBar
            hasOther={other !== undefined}
            isOther={!isOwn}
            isBusy={isBusy}
            onSide={setOther}
            onJoin={() => setOpened("join")}
            onPart={() => part.mutate()}
            onRead={() => setOpened("read")}
          />
          <Picture
            key={seen.id}
            photo={{ id: seen.photo_id, width: seen.photo_width, height: seen.photo_height }}
            place={quadOf(seen.place)}
            boxes={drawnOf(shown, active)}
            label={t("pictureOf", { name: work.draft.name || t("nameless") })}
            control={picture}
            onHover={isOwn ? onBox : () => undefined}
            onTake={onTake}
          />
        </div>
        <Lines
          work={shown}
          active={active.boxes}
          onHover={isOwn ? onBox : () => undefined}
          onOpen={(id) => setLine(take(id) ?? null)}
          onTake={onTake}
        />
      </div>
      <form
        ref={form}
        aria-label={t("form")}
        className="flex w-md shrink-0 flex-col border-s border-line bg-panel max-lg:w-full max-lg:border-s-0"
        onKeyDown={(event) => goOn(event, (place) => checking.act((now) => confirm(now, place)))}
        onSubmit={(event) => {
          event.preventDefault();
          if (!isBusy) accept.mutate();
        }}
      >
        <div
          data-drop-scroll
          className="grid min-h-0 flex-1 content-start gap-4 overflow-y-auto p-5 max-lg:px-4"
        >
          <FormNotes card={card} checking={checking} state={state} failure={failure} />
          {isNarrow && duplicates}
          <fieldset disabled={accept.isPending || state.isDecided} className="contents">
            <CardForm
              work={work}
              failure={accept.error}
              active={active.places}
              isDragging={drag.dragged !== null}
              over={drag.dragged?.over ?? null}
              takesFocus={!isNarrow}
              onActive={onPlace}
              onConfirm={(place) => checking.act((now) => confirm(now, place))}
              onType={(change) => checking.type(change)}
            />
          </fieldset>
        </div>
        <div className="border-t border-line bg-raised max-lg:sticky max-lg:bottom-0 max-lg:z-20">
          {!isNarrow && (
            <div className="max-h-72 overflow-y-auto not-empty:px-5 [&>section]:mt-3">{duplicates}</div>
          )}
          <DecisionBar
            kept={state.kept}
            isBusy={isBusy}
            isAccepting={accept.isPending}
            canUndo={state.history.past.length > 0}
            hasBefore={neighbour(rows, card.id, -1) !== undefined}
            hasAfter={neighbour(rows, card.id, 1) !== undefined}
            onSkip={() => skip.mutate()}
            onStep={onStep}
            onUndo={() => checking.undo()}
            onKeys={() => setOpened("keys")}
            onKeep={() => void checking.flush()}
          />
        </div>
      </form>
      {drag.dragged !== null && (
        <div
          aria-hidden
          // The pointer counts from the left, in every language.
          dir="ltr"
          className="pointer-events-none fixed start-0 top-0 z-50 max-w-64 truncate rounded-lg bg-accent px-2.5 py-1 text-sm font-medium text-accent-ink shadow-2"
          style={{ translate: `${drag.dragged.x + 12}px ${drag.dragged.y + 12}px` }}
        >
          {drag.dragged.what.box.text}
        </div>
      )}
      {line !== null && (
        <BoxDialog
          work={work}
          line={line.box}
          isOwn={line.isOwn}
          onAct={(change) => checking.act(change)}
          onClose={() => setLine(null)}
        />
      )}
      {opened === "keys" && <KeysDialog onClose={() => setOpened(null)} />}
      {opened === "read" && (
        <AskAgain
          title={t("readAgain")}
          text={t("readAgainHint")}
          act={t("readAgain")}
          onAct={read}
          onClose={() => setOpened(null)}
        />
      )}
      {opened === "join" && (
        <JoinDialog
          rows={rows}
          current={card.id}
          onPick={(id) => {
            setOpened(null);
            join.mutate(id);
          }}
          onClose={() => setOpened(null)}
        />
      )}
    </div>
  );
}
