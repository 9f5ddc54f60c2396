// What is known of an error, line by line; the values are the program's own words, which nobody translates.
export function Facts({ facts }: { facts: readonly (readonly [string, string])[] }) {
  return (
    <dl className="grid grid-cols-[7rem_minmax(0,1fr)] gap-x-2 gap-y-2">
      {facts.map(([label, value]) => (
        <div key={label} className="contents">
          <dt className="break-words text-ink-2">{label}</dt>
          <dd className="break-words" translate="no">
            {value}
          </dd>
        </div>
      ))}
    </dl>
  );
}
