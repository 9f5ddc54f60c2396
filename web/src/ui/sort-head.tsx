// The head of a column that a list can be sorted by: pressed once, and once more from the other end.
import { ArrowDown, ArrowUp } from "lucide-react";

interface SortHeadProps {
  label: string;
  /** What a press does, in words. */
  title: string;
  /** The order of the first press, as the program is asked for it; a `-` stands before an order from its end. */
  first: string;
  second?: string | undefined;
  sort: string | undefined;
  onSort: (sort: string) => void;
}

export function SortHead({ label, title, first, second, sort, onSort }: SortHeadProps) {
  const isFirst = sort === first;
  const isOn = isFirst || (sort !== undefined && sort === second);
  const Arrow = sort?.startsWith("-") ? ArrowDown : ArrowUp;
  return (
    <button
      type="button"
      title={title}
      aria-pressed={isOn}
      className="inline-flex min-h-6 min-w-6 items-center gap-1 hover:text-ink"
      onClick={() => onSort(isFirst && second !== undefined ? second : first)}
    >
      {label}
      {isOn && <Arrow size={12} aria-hidden />}
    </button>
  );
}
