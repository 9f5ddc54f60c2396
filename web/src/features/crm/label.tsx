// A tag or a group, in its colour and always with its name.
import type { LabelOut } from "@/api";

const MARKS: Record<LabelOut["colour"], string> = {
  grey: "bg-[var(--tag-grey)]",
  red: "bg-[var(--tag-red)]",
  orange: "bg-[var(--tag-orange)]",
  amber: "bg-[var(--tag-amber)]",
  green: "bg-[var(--tag-green)]",
  teal: "bg-[var(--tag-teal)]",
  blue: "bg-[var(--tag-blue)]",
  violet: "bg-[var(--tag-violet)]",
  pink: "bg-[var(--tag-pink)]",
};

export const COLOURS = Object.keys(MARKS) as LabelOut["colour"][];

interface LabelProps {
  label: Pick<LabelOut, "name" | "colour">;
  isGroup?: boolean;
}

export function Label({ label, isGroup = false }: LabelProps) {
  return (
    <span
      className={`relative inline-flex max-w-full items-center gap-1.5 overflow-hidden border border-line bg-panel px-2 py-0.5 text-xs text-ink ${isGroup ? "rounded" : "rounded-full"}`}
    >
      <span aria-hidden className={`absolute inset-0 opacity-10 ${MARKS[label.colour]}`} />
      <span
        aria-hidden
        className={`size-2 shrink-0 ${isGroup ? "rounded-xs" : "rounded-full"} ${MARKS[label.colour]}`}
      />
      <span className="min-w-0 truncate">{label.name}</span>
    </span>
  );
}

export function Labels({ tags, groups }: { tags: readonly LabelOut[]; groups: readonly LabelOut[] }) {
  if (tags.length + groups.length === 0) return null;
  return (
    <span className="flex flex-wrap gap-1">
      {groups.map((one) => (
        <Label key={one.id} label={one} isGroup />
      ))}
      {tags.map((one) => (
        <Label key={one.id} label={one} />
      ))}
    </span>
  );
}
