// Whether the program answers: asked every few seconds, and at once when the device's network comes or goes.
import { useCallback, useEffect, useRef, useState } from "react";

import { healthLive } from "@/api";

const ASK_EVERY_MS = 10_000;
const PATIENCE_MS = 5_000;

export interface Connection {
  isReachable: boolean;
  /** Tell what an attempt to reach the program came to. */
  note: (wasHeard: boolean) => void;
  /** Resolve after some milliseconds, or as soon as the program answers again after a silence. */
  pause: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** Whether the program answers now. */
export async function isAlive(): Promise<boolean> {
  return healthLive({ signal: AbortSignal.timeout(PATIENCE_MS) }).then(
    () => true,
    () => false,
  );
}

export function useConnection(): Connection {
  const [isReachable, setReachable] = useState(() => navigator.onLine);
  const wasReachable = useRef(isReachable);
  const back = useRef(new EventTarget());

  const note = useCallback((wasHeard: boolean) => {
    if (wasHeard && !wasReachable.current) back.current.dispatchEvent(new Event("back"));
    wasReachable.current = wasHeard;
    setReachable(wasHeard);
  }, []);

  useEffect(() => {
    const ask = () => void isAlive().then(note);
    const lose = () => note(false);
    const timer = window.setInterval(ask, ASK_EVERY_MS);
    window.addEventListener("online", ask);
    window.addEventListener("offline", lose);
    return () => {
      window.clearInterval(timer);
      window.removeEventListener("online", ask);
      window.removeEventListener("offline", lose);
    };
  }, [note]);

  const pause = useCallback((milliseconds: number, signal: AbortSignal) => {
    const target = back.current;
    return new Promise<void>((resolve) => {
      const end = () => {
        window.clearTimeout(timer);
        target.removeEventListener("back", end);
        signal.removeEventListener("abort", end);
        resolve();
      };
      const timer = window.setTimeout(end, milliseconds);
      target.addEventListener("back", end);
      signal.addEventListener("abort", end);
    });
  }, []);

  return { isReachable, note, pause };
}
