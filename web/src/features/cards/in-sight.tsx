// Draws what costs a download only when it comes into sight, and keeps it then.
import { type ReactNode, useEffect, useRef, useState } from "react";

interface InSightProps {
  /** What the picture is called, from the beginning on; empty where its name stands beside it. */
  label: string;
  className: string;
  children: ReactNode;
}

export function InSight({ label, className, children }: InSightProps) {
  const place = useRef<HTMLDivElement>(null);
  const [isSeen, setSeen] = useState(false);
  useEffect(() => {
    const element = place.current;
    if (element === null || isSeen) return;
    const watcher = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) setSeen(true);
      },
      { rootMargin: "200px" },
    );
    watcher.observe(element);
    return () => watcher.disconnect();
  }, [isSeen]);
  return (
    <div
      ref={place}
      {...(label === "" ? { "aria-hidden": true } : { role: "img", "aria-label": label })}
      className={className}
    >
      {isSeen && children}
    </div>
  );
}
