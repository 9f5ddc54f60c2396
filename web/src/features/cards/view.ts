// Which part of a picture is seen: zoomed about a point, moved, and fitted.
import type { Bounds, Point } from "./quad";

const MARGIN = 0.06;
const MOST = 12;

/** Return the part of the picture that shows a place with a margin around it. */
export function fitted({ x, y, width, height }: Bounds): Bounds {
  const margin = Math.max(width, height) * MARGIN;
  return { x: x - margin, y: y - margin, width: width + 2 * margin, height: height + 2 * margin };
}

/** Zoom about a point that stays where it is: in by a factor above 1, at most so that the whole is seen. */
export function zoomed(view: Bounds, factor: number, [x, y]: Point, whole: Bounds): Bounds {
  const least = Math.max(whole.width, whole.height) / MOST;
  const most = fitted(whole);
  const wanted = view.width / factor;
  const widest = Math.max(most.width, (most.height * view.width) / view.height);
  const width = Math.min(Math.max(wanted, Math.min(least, view.width)), Math.max(widest, view.width));
  const scale = width / view.width;
  return kept(
    {
      x: x - (x - view.x) * scale,
      y: y - (y - view.y) * scale,
      width,
      height: view.height * scale,
    },
    whole,
  );
}

export function moved(view: Bounds, dx: number, dy: number, whole: Bounds): Bounds {
  return kept({ ...view, x: view.x + dx, y: view.y + dy }, whole);
}

export const middleOf = ({ x, y, width, height }: Bounds): Point => [x + width / 2, y + height / 2];

/** The middle of what is seen stays inside the picture, so that it is never lost. */
function kept(view: Bounds, whole: Bounds): Bounds {
  const clamp = (value: number, from: number, size: number) => Math.min(Math.max(value, from), from + size);
  const [x, y] = middleOf(view);
  return {
    ...view,
    x: clamp(x, whole.x, whole.width) - view.width / 2,
    y: clamp(y, whole.y, whole.height) - view.height / 2,
  };
}
