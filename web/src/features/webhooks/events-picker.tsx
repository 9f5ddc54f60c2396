// Picking events by the part of the program that tells of them: single ones, a whole part, or everything.
import { ChevronRight } from "lucide-react";
import { useTranslations } from "use-intl";

import {
  countPicked,
  EVERYTHING,
  isPicked,
  isWider,
  lostOf,
  type Part,
  partsOf,
  pick,
  wholeOf,
} from "./picked";

interface EventsPickerProps {
  offered: readonly string[];
  picked: readonly string[];
  error: string | undefined;
  onPick: (picked: string[]) => void;
}

export function EventsPicker({ offered, picked, error, onPick }: EventsPickerProps) {
  const t = useTranslations("webhooks");
  const lost = lostOf(picked, offered);
  const box = { picked, onPick };
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1.5 text-sm font-medium text-ink-2">{t("pickEvents")}</legend>
      <Box {...box} name={EVERYTHING} label={t("everything")} />
      <div className="rounded-lg border border-line">
        {partsOf(offered).map((part) => (
          <PartOfEvents key={part.name} {...box} part={part} />
        ))}
      </div>
      {lost.length > 0 && (
        <div className="grid gap-1">
          <p className="text-sm text-warn">{t("lost")}</p>
          {lost.map((name) => (
            <Box key={name} {...box} name={name} />
          ))}
        </div>
      )}
      {error !== undefined && (
        <p role="alert" className="text-sm text-bad">
          {error}
        </p>
      )}
    </fieldset>
  );
}

type Picking = Pick<EventsPickerProps, "picked" | "onPick">;

function PartOfEvents({ part, ...box }: Picking & { part: Part }) {
  const t = useTranslations("webhooks");
  const rights = useTranslations("rights");
  const count = countPicked(box.picked, part);
  return (
    <details className="group border-line-2 not-first:border-t">
      <summary className="flex cursor-pointer items-center gap-2 px-3 py-1.5">
        <ChevronRight
          size={16}
          aria-hidden
          className="shrink-0 text-ink-3 group-open:rotate-90 rtl:-scale-x-100"
        />
        <span className="flex-1">{rights("group", { group: part.name })}</span>
        <span className={`tabular text-sm ${count > 0 ? "font-medium text-accent" : "text-ink-3"}`}>
          {t("pickedOf", { count, all: part.events.length })}
        </span>
      </summary>
      <div className="grid gap-1 px-3 pb-2">
        <Box {...box} name={wholeOf(part.name)} label={t("wholePart")} />
        {part.events.map((name) => (
          <Box key={name} {...box} name={name} />
        ))}
      </div>
    </details>
  );
}

function Box({ picked, onPick, name, label }: Picking & { name: string; label?: string }) {
  return (
    <label className="hit flex min-h-6 items-center gap-2">
      <input
        type="checkbox"
        checked={isPicked(picked, name)}
        disabled={isWider(picked, name)}
        onChange={(event) => onPick(pick(picked, name, event.target.checked))}
      />
      {label === undefined ? (
        <span translate="no" className="break-all">
          {name}
        </span>
      ) : (
        <span>{label}</span>
      )}
    </label>
  );
}
