// The lines that were read from a card, in the order of reading, each with the field it went into: by the keyboard and by
// a finger what the boxes in the picture are for the mouse.
import { CircleHelp } from "lucide-react";
import type { PointerEvent as Press } from "react";
import { useTranslations } from "use-intl";

import type { CardBox } from "@/api";
import type { Place } from "./places";
import { usePlaceName } from "./place-name";
import { placesWith, SURE, type Work } from "./work";

interface LinesProps {
  work: Work;
  active: ReadonlySet<number>;
  onHover: (box: number | null) => void;
  onOpen: (box: number) => void;
  onTake: (box: number, event: Press) => void;
}

export const LINES = "card-lines";

export function Lines({ work, active, onHover, onOpen, onTake }: LinesProps) {
  const t = useTranslations("cards");
  const places = new Map(work.boxes.map((box) => [box.id, placesWith(work, box.id)]));
  const unused = work.boxes.filter((box) => places.get(box.id)?.length === 0).length;
  return (
    <section aria-label={t("lines")} className="border-t border-line bg-panel max-md:border-b">
      <div className="flex items-baseline gap-2 px-4 pt-2.5">
        <h2 className="text-xs font-medium text-ink-2">{t("lines")}</h2>
        <p className="text-xs text-ink-3">
          {work.boxes.length === 0
            ? t("noLines")
            : unused > 0
              ? t("unusedLines", { count: unused })
              : t("allUsed")}
        </p>
      </div>
      <ul
        id={LINES}
        className="flex max-h-36 flex-wrap gap-1.5 overflow-y-auto px-4 pt-2 pb-3 max-md:max-h-none max-md:flex-nowrap max-md:overflow-x-auto"
      >
        {work.boxes.map((box) => (
          <li key={box.id} className="shrink-0">
            <Line
              box={box}
              places={places.get(box.id) ?? []}
              isActive={active.has(box.id)}
              onHover={onHover}
              onOpen={onOpen}
              onTake={onTake}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

interface LineProps extends Pick<LinesProps, "onHover" | "onOpen" | "onTake"> {
  box: CardBox;
  places: readonly Place[];
  isActive: boolean;
}

function Line({ box, places, isActive, onHover, onOpen, onTake }: LineProps) {
  const t = useTranslations("cards");
  const nameOf = usePlaceName();
  const isUnsure = box.confidence < SURE;
  const ground = isActive
    ? "border-accent bg-accent-soft"
    : places.length === 0
      ? "border-dashed border-edge bg-bg"
      : "border-line bg-panel";
  return (
    <button
      type="button"
      className={`flex min-h-8 max-w-72 items-center gap-1.5 rounded-lg border px-2 text-start text-sm transition-colors duration-100 hover:border-accent ${ground}`}
      onFocus={() => onHover(box.id)}
      onBlur={() => onHover(null)}
      onPointerEnter={() => onHover(box.id)}
      onPointerLeave={() => onHover(null)}
      onPointerDown={(event) => {
        // A finger moves the list; the mouse takes the line.
        if (event.pointerType !== "touch") onTake(box.id, event);
      }}
      onClick={(event) => {
        // The mouse's click ends what its press began; here are the keyboard's and the finger's.
        const { pointerType } = event.nativeEvent as globalThis.PointerEvent;
        if (event.detail === 0 || pointerType === "touch") onOpen(box.id);
      }}
    >
      {isUnsure && <CircleHelp size={14} aria-label={t("unsure")} className="shrink-0 text-warn" />}
      <bdi className="min-w-0 truncate">{box.text}</bdi>
      <span className={`shrink-0 text-xs ${places.length === 0 ? "text-ink-3" : "text-accent"}`}>
        {places.length === 0 ? t("unused") : places.map(nameOf).join(", ")}
      </span>
    </button>
  );
}
