// A card in small, cut out of its picture and upright.
import { cardPictureOf } from "@/addresses";
import { InSight } from "./in-sight";
import { type Bounds, quadOf, turnedBounds, uprightTurn } from "./quad";

interface CardThumbProps {
  card: {
    photo_id: string;
    place?: number[][];
    photo_width?: number;
    photo_height?: number;
  };
  /** What it is called; empty where its name stands beside it. */
  label: string;
  className?: string;
}

export function CardThumb({ card, label, className = "" }: CardThumbProps) {
  const { photo_width: width = 1600, photo_height: height = 1200 } = card;
  const isKnown = card.photo_width !== undefined;
  const quad = quadOf(
    card.place ?? [
      [0, 0],
      [width, 0],
      [width, height],
      [0, height],
    ],
  );
  const turn = uprightTurn([quad]);
  const bounds = turnedBounds(quad, turn);
  return (
    <InSight className={`overflow-hidden bg-line-2 ${className}`}>
      <svg
        {...(label === "" ? { "aria-hidden": true } : { role: "img", "aria-label": label })}
        viewBox={viewBoxOf(bounds)}
        preserveAspectRatio="xMidYMid slice"
        className="size-full"
      >
        <g transform={`rotate(${turn})`}>
          <image
            href={cardPictureOf(card.photo_id)}
            width={width}
            height={height}
            preserveAspectRatio={isKnown ? "none" : "xMidYMid slice"}
          />
        </g>
      </svg>
    </InSight>
  );
}

export const viewBoxOf = ({ x, y, width, height }: Bounds) => `${x} ${y} ${width} ${height}`;
