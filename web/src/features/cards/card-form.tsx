// The form of a card: the fields of a contact, each linked to the lines it came from, and marked where it is unsure.
import { Check, TriangleAlert } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { useFormatter, useTranslations } from "use-intl";

import { ContactFields } from "@/features/crm/contact-fields";
import type { Draft } from "@/features/crm/draft";

import { usePlaceName } from "./place-name";
import { type Place, rowOf, textAt } from "./places";
import { dropAt } from "./use-drag";
import { hasRoom, isUnsure, type Work } from "./work";

interface CardFormProps {
  work: Work;
  failure: unknown;
  active: ReadonlySet<Place>;
  /** Whether a line is being dragged: then the fields say what a drop does. */
  isDragging: boolean;
  over: string | null;
  /** Whether the first doubtful field takes the focus; on a phone it would bring up the keys. */
  takesFocus: boolean;
  onActive: (place: Place | null) => void;
  onConfirm: (place: Place) => void;
  onType: (change: Partial<Draft>) => void;
}

export function CardForm(props: CardFormProps) {
  const { work, failure, active, takesFocus, onActive, onType } = props;
  const form = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!takesFocus) return;
    const doubtful = form.current?.querySelector<HTMLElement>("[data-unsure] :is(input, textarea)");
    (doubtful ?? form.current?.querySelector<HTMLElement>("input"))?.focus({
      preventScroll: doubtful === null,
    });
  }, [takesFocus]);
  const around = (text: string, field: ReactNode) => {
    const place = text as Place;
    const row = rowOf(place);
    const isNew = row !== null && row.index >= work.draft[row.name].length;
    const doubtful = isUnsure(work, place);
    const isActive = active.has(place);
    const look = doubtful
      ? "[&_:is(input,textarea)]:border-warn [&_:is(input,textarea)]:bg-warn-soft"
      : isActive
        ? "[&_:is(input,textarea)]:border-accent [&_:is(input,textarea)]:bg-accent-soft"
        : "";
    return (
      <div
        data-place={place}
        data-unsure={doubtful || undefined}
        className={`relative rounded-lg ${look}`}
        onPointerEnter={() => onActive(place)}
        onPointerLeave={() => onActive(null)}
        onFocus={() => onActive(place)}
        onBlur={() => onActive(null)}
      >
        {field}
        {doubtful && <Doubt {...props} place={place} />}
        {props.isDragging && !(isNew && !hasRoom(work.draft, row.name)) && (
          <Drops work={work} place={place} over={props.over} />
        )}
      </div>
    );
  };
  return (
    <div ref={form}>
      <ContactFields
        draft={work.draft}
        failure={failure}
        takesFocus={false}
        around={around}
        onChange={onType}
      />
    </div>
  );
}

function Doubt({ work, place, onConfirm }: CardFormProps & { place: Place }) {
  const t = useTranslations("cards");
  const format = useFormatter();
  const nameOf = usePlaceName();
  const share = format.number(work.links[place]?.confidence ?? 0, { style: "percent" });
  return (
    <p className="mt-1 flex items-center gap-1.5 text-sm text-warn">
      <TriangleAlert size={14} aria-hidden className="shrink-0" />
      <span className="flex-1">{t("check", { share })}</span>
      <button
        type="button"
        aria-label={t("rightOf", { field: nameOf(place) })}
        className="hit inline-flex items-center gap-1 font-medium underline"
        onClick={() => onConfirm(place)}
      >
        <Check size={14} aria-hidden />
        {t("right")}
      </button>
    </p>
  );
}

/** What happens to a line that is let go over a field. */
function Drops({ work, place, over }: { work: Work; place: Place; over: string | null }) {
  const t = useTranslations("cards");
  const isFilled = textAt(work.draft, place).trim() !== "";
  const row = rowOf(place);
  const isNew = row !== null && row.index >= work.draft[row.name].length;
  const hows = isFilled ? (["replace", "add"] as const) : (["replace"] as const);
  return (
    <div className={`absolute z-10 flex gap-1 ${row === null ? "-inset-1" : "inset-0"}`}>
      {hows.map((how) => (
        <span
          key={how}
          data-drop={dropAt(place, how)}
          className={`flex flex-1 items-center justify-center rounded-lg border-2 border-dashed text-sm font-medium ${over === dropAt(place, how) ? "border-accent bg-accent text-accent-ink" : "border-accent/60 bg-raised text-accent"}`}
        >
          {isFilled ? t(how === "add" ? "addTo" : "replace") : t(isNew ? "asNew" : "put")}
        </span>
      ))}
    </div>
  );
}
