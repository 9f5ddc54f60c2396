// A card in small, cut out of its picture and upright.
import { cardPictureOf } from "@/addresses";
import type { CardRowOut } from "@/api";

import { InSight } from "./in-sight";
import { type Bounds, quadOf, turnedBounds, uprightTurn } from "./quad";

interface CardThumbProps {
  card: Pick<CardRowOut, "photo_id" | "place" | "photo_width" | "photo_height">;
  /** What it is called; empty where its name stands beside it. */
  label: string;
  className?: string;
}

export function CardThumb({ card, label, className = "" }: CardThumbProps) {
  const { photo_width: width, photo_height: height } = card;
  const quad = quadOf(card.place);
  const turn = uprightTurn([quad]);
  const bounds = turnedBounds(quad, turn);
  return (
    <InSight label={label} className={`overflow-hidden bg-line-2 ${className}`}>
      <svg aria-hidden viewBox={viewBoxOf(bounds)} preserveAspectRatio="xMidYMid meet" className="size-full">
        <g transform={`rotate(${turn})`}>
          <image
            href={cardPictureOf(card.photo_id)}
            width={width}
            height={height}
            preserveAspectRatio="none"
          />
        </g>
      </svg>
    </InSight>
  );
}

export const viewBoxOf = ({ x, y, width, height }: Bounds) => `${x} ${y} ${width} ${height}`;
