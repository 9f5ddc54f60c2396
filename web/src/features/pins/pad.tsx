// A keypad for a PIN: big keys for fingers, digits of the keyboard as well; what was typed shows as dots only.
import { Delete } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl";

import { Button } from "@/ui/button";

import { isForPad, LEAST, typed } from "./typing";

interface PinPadProps {
  /** Whose PIN it is, for those who hear the page. */
  label: string;
  isBusy: boolean;
  /** Grows with each refusal, which empties the pad. */
  refusals: number;
  onPin: (pin: string) => void;
}

const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];
const KEY = "!min-h-16 text-2xl tabular";

export function PinPad({ label, isBusy, refusals, onPin }: PinPadProps) {
  const t = useTranslations("pins");
  const [state, setState] = useState({ pin: "", refusals });
  if (state.refusals !== refusals) setState({ pin: "", refusals });
  const { pin } = state;
  const press = (key: string) => setState((now) => ({ ...now, pin: typed(now.pin, key) }));
  const give = () => {
    if (pin.length >= LEAST && !isBusy) onPin(pin);
  };

  const pad = useRef<HTMLDivElement>(null);
  const latest = useRef({ press, give });
  useEffect(() => {
    latest.current = { press, give };
  });
  useEffect(() => {
    const hear = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      if (event.key === "Enter") {
        if (!isForPad(pad.current, document.activeElement)) return;
        // Enter on a key of the pad would type its digit as well.
        event.preventDefault();
        latest.current.give();
      } else if (/^\d$/.test(event.key) || event.key === "Backspace") {
        event.preventDefault();
        latest.current.press(event.key);
      }
    };
    window.addEventListener("keydown", hear);
    return () => window.removeEventListener("keydown", hear);
  }, []);

  return (
    <div ref={pad} role="group" aria-label={label} className="grid gap-4">
      <p role="status" className="sr-only">
        {t("digits", { count: pin.length })}
      </p>
      <p aria-hidden className="flex min-h-4 justify-center gap-3">
        {Array.from({ length: Math.max(LEAST, pin.length) }, (_, place) => (
          <span
            key={place}
            className={`size-3.5 rounded-full border ${place < pin.length ? "border-accent bg-accent" : "border-edge"}`}
          />
        ))}
      </p>
      <div className="grid grid-cols-3 gap-2">
        {DIGITS.map((digit) => (
          <Button key={digit} size="xl" className={KEY} onClick={() => press(digit)}>
            {digit}
          </Button>
        ))}
        <Button
          size="xl"
          kind="quiet"
          className={KEY}
          aria-label={t("delete")}
          onClick={() => press("Backspace")}
        >
          <Delete size={24} aria-hidden className="rtl:rotate-180" />
        </Button>
        <Button size="xl" className={KEY} onClick={() => press("0")}>
          {"0"}
        </Button>
        <Button
          size="xl"
          kind="primary"
          className="!min-h-16 !px-1"
          isBusy={isBusy}
          disabled={pin.length < LEAST || isBusy}
          onClick={give}
        >
          {t("enter")}
        </Button>
      </div>
    </div>
  );
}
