// Short notes that something was done; read out by screen readers, gone by themselves.
import { createContext, type ReactNode, useCallback, useContext, useMemo, useRef, useState } from "react";
import { useTranslations } from "use-intl";

import type { Tone } from "./marks";

interface Note {
  id: number;
  text: string;
  tone: Tone;
  undo: (() => void) | undefined;
}

/** Say that something was done; what can be taken back offers that for longer. */
type Notify = (text: string, tone?: Tone, undo?: () => void) => void;

const Notes = createContext<Notify | null>(null);
const SHOWN_MS = 5000;
const SHOWN_WITH_UNDO_MS = 12_000;

export function ToastProvider({ children }: { children: ReactNode }) {
  const t = useTranslations("common");
  const [notes, setNotes] = useState<Note[]>([]);
  const next = useRef(0);
  const remove = useCallback(
    (id: number) => setNotes((present) => present.filter((one) => one.id !== id)),
    [],
  );
  const notify = useCallback<Notify>(
    (text, tone = "plain", undo) => {
      next.current += 1;
      const note = { id: next.current, text, tone, undo };
      setNotes((present) => [...present, note]);
      window.setTimeout(() => remove(note.id), undo === undefined ? SHOWN_MS : SHOWN_WITH_UNDO_MS);
    },
    [remove],
  );
  const value = useMemo(() => notify, [notify]);
  return (
    <Notes value={value}>
      {children}
      <div
        role="status"
        aria-live="polite"
        className="pointer-events-none fixed inset-x-0 bottom-4 z-50 grid justify-items-center gap-2 print:hidden"
      >
        {notes.map((note) => (
          <p
            key={note.id}
            className={`rounded-xl px-4 py-2.5 shadow-2 ${note.tone === "bad" ? "bg-bad-soft text-bad" : "bg-ink text-bg"}`}
          >
            {note.text}
            {note.undo !== undefined && (
              <button
                type="button"
                className="pointer-events-auto ms-3 min-h-6 rounded border border-current px-2 font-semibold"
                onClick={() => {
                  remove(note.id);
                  note.undo?.();
                }}
              >
                {t("undo")}
              </button>
            )}
          </p>
        ))}
      </div>
    </Notes>
  );
}

export function useToast(): Notify {
  const notify = useContext(Notes);
  if (notify === null) throw new Error("useToast needs a ToastProvider");
  return notify;
}
