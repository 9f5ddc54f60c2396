// A code to scan from the screen or from paper: always dark on light, and never mirrored.
import { bars, widthOf } from "./code39";

const QUIET = 10;
const HEIGHT = 40;

export function Barcode({ text, label }: { text: string; label: string }) {
  const width = widthOf(text) + 2 * QUIET;
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${width} ${HEIGHT}`}
      width={width * 2}
      height={HEIGHT * 2}
      preserveAspectRatio="none"
      className="h-16 max-w-full bg-paper text-print"
    >
      {bars(text).map((bar) => (
        <rect
          key={bar.at}
          x={QUIET + bar.at}
          y={4}
          width={bar.width}
          height={HEIGHT - 8}
          fill="currentColor"
        />
      ))}
    </svg>
  );
}
