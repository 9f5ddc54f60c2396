// Beside a form that was saved too late: what of it clashes, side by side with a choice, and what was taken over.
import { useEffect, useRef } from "react";
import { useTranslations } from "use-intl";

import { type Race, raceOf, theirsAlone } from "@/race";

import { Button } from "./button";
import { Refusal } from "./states";

interface RaceProps {
  /** What a field is called; undefined for one that the form does not show. */
  label: (field: string) => string | undefined;
  /** How a value of it reads; `base` is what it was. */
  told: (field: string, value: unknown, base: unknown) => string;
  /** Puts their value into the form. */
  onTake: (field: string, value: unknown) => void;
}

/** Put what only they changed into a form that was saved too late: the rest is for whoever typed it. */
export function takeTheirs(failure: unknown, take: (field: string, value: unknown) => void): void {
  const race = raceOf(failure);
  if (race !== null) theirsAlone(race).forEach((field) => take(field, race.theirs[field]));
}

/** Why a form was not saved; where somebody was first, with all that it takes to go on. */
export function RaceRefusal({ failure, ...props }: RaceProps & { failure: unknown }) {
  const race = raceOf(failure);
  return race === null ? <Refusal failure={failure} /> : <RaceNote race={race} {...props} />;
}

function RaceNote({ race, label, told, onTake }: RaceProps & { race: Race }) {
  const t = useTranslations("race");
  const { base, mine, theirs, conflicts } = race;
  const note = useRef<HTMLDivElement>(null);
  // A long form is saved at its end, and this stands at its beginning.
  useEffect(() => {
    // Browsers begin to return a promise here, which is nothing to clean up by.
    note.current?.scrollIntoView({ block: "nearest" });
  }, [race.theirs]);
  const sides = { ...(base && { base }), mine, theirs };
  const text = (field: string, value: unknown) => told(field, value, base?.[field]) || t("nothing");
  const taken = theirsAlone(race).filter((field) => label(field) !== undefined);
  return (
    <div ref={note} role="alert" className="grid gap-2 rounded-xl bg-warn-soft p-3 text-warn">
      <p className="font-semibold">{t("title")}</p>
      <p>{t(conflicts.length > 0 ? "choose" : "again")}</p>
      {conflicts.map((field) => (
        <section
          key={field}
          aria-label={label(field) ?? field}
          className="grid gap-2 rounded-lg bg-panel p-2 text-ink"
        >
          <p className="font-medium">{label(field) ?? field}</p>
          <dl className="grid grid-cols-[5rem_1fr] gap-y-1">
            {Object.entries(sides).map(([side, facts]) => (
              <div key={side} className="contents">
                <dt className="text-ink-2">{t("side", { side })}</dt>
                <dd className="break-words whitespace-pre-line">{text(field, facts[field])}</dd>
              </div>
            ))}
          </dl>
          <div>
            <Button onClick={() => onTake(field, theirs[field])}>{t("take")}</Button>
          </div>
        </section>
      ))}
      {taken.map((field) => (
        <p key={field} className="break-words">
          {t("taken", { field: label(field) ?? field, value: text(field, theirs[field]) })}
        </p>
      ))}
    </div>
  );
}
