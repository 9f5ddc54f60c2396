// Short notes that something was done; read out by screen readers, gone by themselves.
import { createContext, type ReactNode, useCallback, useContext, useMemo, useRef, useState } from "react";

import type { Tone } from "./marks";

interface Note {
  id: number;
  text: string;
  tone: Tone;
}

type Notify = (text: string, tone?: Tone) => void;

const Notes = createContext<Notify | null>(null);
const SHOWN_MS = 5000;

export function ToastProvider({ children }: { children: ReactNode }) {
  const [notes, setNotes] = useState<Note[]>([]);
  const next = useRef(0);
  const notify = useCallback<Notify>((text, tone = "plain") => {
    next.current += 1;
    const note = { id: next.current, text, tone };
    setNotes((present) => [...present, note]);
    window.setTimeout(() => {
      setNotes((present) => present.filter((one) => one.id !== note.id));
    }, SHOWN_MS);
  }, []);
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
