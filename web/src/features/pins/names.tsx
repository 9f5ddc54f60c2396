// Names to choose one's own from.
import type { StationPersonOut } from "@/api";

interface NamesProps {
  people: readonly StationPersonOut[];
  onChoose: (person: StationPersonOut) => void;
}

export function Names({ people, onChoose }: NamesProps) {
  return (
    <ul className="grid gap-2 sm:grid-cols-2">
      {people.map((person) => (
        <li key={person.id}>
          <button
            type="button"
            onClick={() => onChoose(person)}
            className="flex min-h-16 w-full items-center gap-3 rounded-xl border border-line bg-panel px-4 py-2 text-start text-xl font-semibold shadow-1 transition-colors duration-100 hover:border-accent"
          >
            <span
              aria-hidden
              className="grid size-9 shrink-0 place-items-center rounded-full bg-accent-soft text-base text-accent"
            >
              {person.name.slice(0, 1)}
            </span>
            <span className="min-w-0 break-words">{person.name}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
