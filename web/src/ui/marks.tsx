// Small marks: badges, chips, keys and skeletons. Colour never speaks alone: each says its state in words.
import type { ButtonHTMLAttributes, ReactNode } from "react";

export type Tone = "plain" | "ok" | "warn" | "bad" | "accent";

const TONES: Record<Tone, string> = {
  plain: "bg-line-2 text-ink-2",
  ok: "bg-ok-soft text-ok",
  warn: "bg-warn-soft text-warn",
  bad: "bg-bad-soft text-bad",
  accent: "bg-accent-soft text-accent",
};

export function Badge({ tone = "plain", children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span
      className={`inline-flex items-center gap-1.5 rounded-full px-2.5 py-0.5 text-xs font-medium ${TONES[tone]}`}
    >
      {children}
    </span>
  );
}

export function Dot() {
  return <span aria-hidden className="inline-block size-1.5 rounded-full bg-current" />;
}

export function Chip({
  isOn = false,
  className = "",
  ...rest
}: ButtonHTMLAttributes<HTMLButtonElement> & { isOn?: boolean }) {
  const look = isOn
    ? "border-transparent bg-accent-soft text-accent font-medium"
    : "border-line bg-panel text-ink-2";
  return (
    <button
      type="button"
      aria-pressed={isOn}
      {...rest}
      className={`inline-flex items-center gap-1.5 rounded-full border px-3 py-1 text-sm transition-colors duration-100 hover:border-edge ${look} ${className}`}
    />
  );
}

export function Kbd({ children }: { children: ReactNode }) {
  return (
    <kbd className="rounded border border-current/40 px-1 pointer-coarse:hidden font-sans text-xs leading-4">
      {children}
    </kbd>
  );
}

export function Skeleton({ className = "" }: { className?: string }) {
  return <div aria-hidden className={`skeleton h-4 ${className}`} />;
}

export function SkeletonRows({ rows = 8 }: { rows?: number }) {
  return (
    <div className="grid gap-4 p-4">
      {Array.from({ length: rows }, (_, index) => (
        <Skeleton key={index} className={index % 3 === 0 ? "w-2/3" : index % 3 === 1 ? "w-5/6" : "w-1/2"} />
      ))}
    </div>
  );
}
