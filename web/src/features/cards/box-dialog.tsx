// One line of the card: where it belongs, what it says, split and merged.
import { Combine, Scissors } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";

import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { TextField } from "@/ui/field";

import { wordsOf } from "./boxes";
import type { CardBox } from "@/api";
import { usePlaceName } from "./place-name";
import { type Place, placesOf, ROWS, textAt } from "./places";
import { assign, hasRoom, type How, merge, newRow, placesWith, retype, split, type Work } from "./work";

interface BoxDialogProps {
  work: Work;
  line: CardBox;
  /** Whether it is a line of this card, and not of its other side: only that can be changed. */
  isOwn: boolean;
  onAct: (change: (work: Work) => Work) => void;
  onClose: () => void;
}

export function BoxDialog({ work, line, isOwn, onAct, onClose }: BoxDialogProps) {
  const t = useTranslations("cards");
  const act = (change: (work: Work) => Work) => {
    onAct(change);
    onClose();
  };
  const box = isOwn ? line.id : null;
  return (
    <Dialog title={t("line")} isOpen onClose={onClose}>
      <div className="grid gap-5">
        <p className="rounded-lg bg-line-2 px-3 py-2 text-lg font-medium break-words">
          <bdi>{line.text}</bdi>
          <span className="block text-xs font-normal text-ink-3">
            {t("engineRead", { engine: line.engine ?? "", share: line.confidence })}
          </span>
        </p>
        <PlaceForm
          work={work}
          box={box}
          onPut={(place, how) => act((now) => assign(now, { ...line, box }, place, how))}
        />
        {isOwn && <Changes work={work} line={line} onAct={act} />}
      </div>
    </Dialog>
  );
}

/** What it says, and where it begins and ends. */
function Changes({ work, line, onAct }: Pick<BoxDialogProps, "work" | "line" | "onAct">) {
  const t = useTranslations("cards");
  const [text, setText] = useState(line.text);
  const words = wordsOf(line.text);
  const after = work.boxes[work.boxes.findIndex((one) => one.id === line.id) + 1];
  return (
    <>
      <form
        className="flex items-end gap-2 border-t border-line-2 pt-4"
        onSubmit={(event) => {
          event.preventDefault();
          onAct((now) => retype(now, line.id, text));
        }}
      >
        <div className="min-w-0 flex-1">
          <TextField
            label={t("retype")}
            value={text}
            maxLength={500}
            autoComplete="off"
            onChange={(event) => setText(event.target.value)}
          />
        </div>
        <Button type="submit" className="min-h-9" disabled={text.trim() === "" || text.trim() === line.text}>
          {t("retypeDo")}
        </Button>
      </form>
      {words.length > 1 && (
        <div className="grid gap-2">
          <p className="text-sm font-medium text-ink-2">{t("split")}</p>
          <p className="flex flex-wrap items-center gap-1">
            {words.map((word, index) => (
              <span key={index} className="inline-flex items-center gap-1">
                {index > 0 && (
                  <button
                    type="button"
                    aria-label={t("splitBefore", { word })}
                    title={t("splitBefore", { word })}
                    className="inline-flex size-7 items-center justify-center rounded-md text-ink-3 hover:bg-accent-soft hover:text-accent"
                    onClick={() => onAct((now) => split(now, line.id, index))}
                  >
                    <Scissors size={14} aria-hidden />
                  </button>
                )}
                <bdi>{word}</bdi>
              </span>
            ))}
          </p>
        </div>
      )}
      {after !== undefined && (
        <div>
          <Button onClick={() => onAct((now) => merge(now, line.id))}>
            <Combine size={15} aria-hidden />
            {t("mergeWith", { text: after.text })}
          </Button>
        </div>
      )}
    </>
  );
}

interface PlaceFormProps {
  work: Work;
  box: number | null;
  onPut: (place: Place, how: How) => void;
}

/** Arrow keys go through the fields, Enter puts the line there. */
function PlaceForm({ work, box, onPut }: PlaceFormProps) {
  const t = useTranslations("cards");
  const crm = useTranslations("crm");
  const nameOf = usePlaceName();
  const [present] = box === null ? [] : placesWith(work, box);
  const [place, setPlace] = useState<Place>(present ?? "name");
  const rooms = ROWS.filter((name) => hasRoom(work.draft, name)).map((name) => ({
    place: newRow(work.draft, name),
    name: crm("addRow", { field: name }),
    text: "",
  }));
  const choices = [
    ...placesOf(work.draft).map((one) => ({ place: one, name: nameOf(one), text: textAt(work.draft, one) })),
    ...rooms,
  ];
  const isFilled = choices.some((one) => one.place === place && one.text.trim() !== "");
  return (
    <form
      className="grid gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        onPut(place, "replace");
      }}
    >
      <fieldset>
        <legend className="mb-2 text-sm font-medium text-ink-2">{t("belongs")}</legend>
        <div className="grid grid-cols-2 gap-1.5 max-sm:grid-cols-1">
          {choices.map((one) => (
            <label
              key={one.place}
              className="flex cursor-pointer items-center gap-2 rounded-lg border border-line px-2.5 py-1.5 hover:border-edge has-checked:border-accent has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-accent"
            >
              <input
                type="radio"
                name="place"
                className="accent-accent outline-none"
                checked={place === one.place}
                onChange={() => setPlace(one.place)}
              />
              <span className="min-w-0">
                <span className="block font-medium">{one.name}</span>
                {one.text !== "" && <bdi className="block truncate text-xs text-ink-2">{one.text}</bdi>}
              </span>
            </label>
          ))}
        </div>
      </fieldset>
      <div className="flex flex-wrap gap-2">
        <Button type="submit" kind="primary">
          {isFilled ? t("replace") : t("put")}
        </Button>
        {isFilled && <Button onClick={() => onPut(place, "add")}>{t("addTo")}</Button>}
      </div>
    </form>
  );
}
