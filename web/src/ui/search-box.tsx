// Searching a list: what is typed goes into the address after a moment.
import { Search } from "lucide-react";
import { useEffect, useState } from "react";

const TYPING_MS = 200;

interface SearchBoxProps {
  label: string;
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}

export function SearchBox({ label, value, onChange }: SearchBoxProps) {
  const [text, setText] = useState(value ?? "");
  useEffect(() => {
    const wanted = text.trim() || undefined;
    if (wanted === value) return;
    const timer = window.setTimeout(() => onChange(wanted), TYPING_MS);
    return () => window.clearTimeout(timer);
  });
  return (
    <label className="relative min-w-64 flex-1">
      <span className="sr-only">{label}</span>
      <Search size={16} aria-hidden className="absolute start-3 top-2.5 text-ink-3" />
      <input
        type="search"
        placeholder={label}
        className="min-h-9 w-full rounded-lg border border-edge bg-panel ps-9 pe-3 placeholder:text-ink-3"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </label>
  );
}
