// Locks the till when nobody touches it, as the program does on its side; a till without a network goes on selling.
import { useEffect, useRef } from "react";

import { identityReadSession } from "@/api";

import { lastTouch, noteTouch } from "./last-touch";
import { isAlive } from "./use-connection";

const LOOK_EVERY_MS = 5_000;
/** Work at the till that asks nothing of the program still keeps the session: it is told this often in its time. */
const TELLINGS = 4;

export function useIdleLock(idleSeconds: number | null, lock: () => void): void {
  const latest = useRef(lock);
  useEffect(() => {
    latest.current = lock;
  });
  useEffect(() => {
    if (idleSeconds === null) return;
    const idleMs = idleSeconds * 1000;
    let touchedAt = Date.now();
    let toldAt = touchedAt;
    const touch = () => {
      touchedAt = Date.now();
      noteTouch(touchedAt);
    };
    // A tab that nobody looks at does not end the session in the middle of another tab's ticket.
    const isIdle = () => {
      const now = Date.now();
      return now - lastTouch(touchedAt, now) >= idleMs;
    };
    noteTouch(touchedAt);
    const look = () => {
      const now = Date.now();
      if (isIdle()) {
        void isAlive().then((isReachable) => {
          if (isReachable && isIdle()) latest.current();
        });
      } else if (touchedAt > toldAt && now - toldAt >= idleMs / TELLINGS) {
        toldAt = now;
        // That the session has ended is heard by the client itself; silence is the outbox's to tell of.
        void identityReadSession().catch(() => undefined);
      }
    };
    const timer = window.setInterval(look, LOOK_EVERY_MS);
    window.addEventListener("pointerdown", touch);
    window.addEventListener("keydown", touch);
    return () => {
      window.clearInterval(timer);
      window.removeEventListener("pointerdown", touch);
      window.removeEventListener("keydown", touch);
    };
  }, [idleSeconds]);
}
