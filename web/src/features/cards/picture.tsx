// The picture of a card with the lines that were read drawn over it: zoomed, moved, fitted, and each line taken from it.
import { IdCard, Image, RotateCw, ZoomIn, ZoomOut } from "lucide-react";
import {
  type PointerEvent as Press,
  type Ref,
  useEffect,
  useEffectEvent,
  useImperativeHandle,
  useRef,
  useState,
} from "react";
import { useTranslations } from "use-intl";

import { IconButton } from "@/ui/button";

import { viewBoxOf } from "./card-thumb";
import { cardPictureOf } from "@/addresses";
import { type Bounds, type Point, pointsOf, type Quad, turnedBounds, uprightTurn } from "./quad";
import { fitted, middleOf, moved, zoomed } from "./view";

export interface Drawn {
  id: number;
  text: string;
  quad: Quad;
  look: "used" | "unsure" | "unused";
  isActive: boolean;
}

export interface PictureControl {
  zoom: (factor: number) => void;
  fit: () => void;
}

interface PictureProps {
  photo: { id: string; width: number; height: number };
  place: Quad;
  boxes: readonly Drawn[];
  label: string;
  control?: Ref<PictureControl>;
  onHover?: (box: number | null) => void;
  onTake?: (box: number, event: Press) => void;
}

const STEP = 1.4;
const LOOKS: Record<Drawn["look"], string> = {
  used: "stroke-box",
  unsure: "stroke-box-unsure [stroke-dasharray:6_3]",
  unused: "stroke-box-unused [stroke-dasharray:2_3]",
};
const FILLS: Record<Drawn["look"], string> = {
  used: "fill-box/6",
  unsure: "fill-box-unsure/12",
  unused: "fill-box-unused/5",
};

export function Picture({ photo, place, boxes, label, control, onHover, onTake }: PictureProps) {
  const t = useTranslations("cards");
  const [turn, setTurn] = useState(() =>
    uprightTurn(boxes.length > 0 ? boxes.map((box) => box.quad) : [place]),
  );
  const whole = turnedBounds(
    [
      [0, 0],
      [photo.width, 0],
      [photo.width, photo.height],
      [0, photo.height],
    ],
    turn,
  );
  const card = fitted(turnedBounds(place, turn));
  const [chosen, setView] = useState<Bounds | null>(null);
  const view = chosen ?? card;
  const svg = useRef<SVGSVGElement>(null);
  const zoomAbout = (factor: number, about: Point) => setView(zoomed(view, factor, about, whole));
  const zoom = (factor: number) => zoomAbout(factor, middleOf(view));
  useImperativeHandle(control, () => ({ zoom, fit: () => setView(null) }));
  const fingers = useFingers(svg, {
    onMove: (dx, dy) => setView(moved(view, dx, dy, whole)),
    onZoom: zoomAbout,
  });
  return (
    <div className="relative min-h-0 flex-1 overflow-hidden">
      <svg
        ref={svg}
        role="img"
        aria-label={label}
        viewBox={viewBoxOf(view)}
        className="absolute inset-0 size-full cursor-grab touch-none select-none active:cursor-grabbing"
        {...fingers}
      >
        <g transform={`rotate(${turn})`}>
          <image
            href={cardPictureOf(photo.id)}
            width={photo.width}
            height={photo.height}
            preserveAspectRatio="none"
          />
          {boxes.map((box) => (
            <polygon
              key={box.id}
              points={pointsOf(box.quad)}
              vectorEffect="non-scaling-stroke"
              data-box={box.id}
              className={`cursor-pointer ${LOOKS[box.look]} ${box.isActive ? "fill-box/20 [stroke-width:2.5]" : `${FILLS[box.look]} [stroke-width:1.25]`}`}
              onPointerEnter={() => onHover?.(box.id)}
              onPointerLeave={() => onHover?.(null)}
              onPointerDown={(event) => {
                event.stopPropagation();
                onTake?.(box.id, event);
              }}
            />
          ))}
        </g>
      </svg>
      <div
        role="group"
        aria-label={t("look")}
        className="absolute end-3 bottom-3 flex rounded-xl border border-line bg-raised p-0.5 shadow-2"
      >
        <IconButton label={t("zoomOut")} onClick={() => zoom(1 / STEP)}>
          <ZoomOut size={16} aria-hidden />
        </IconButton>
        <IconButton label={t("zoomIn")} onClick={() => zoom(STEP)}>
          <ZoomIn size={16} aria-hidden />
        </IconButton>
        <IconButton label={t("fitCard")} onClick={() => setView(null)}>
          <IdCard size={16} aria-hidden />
        </IconButton>
        <IconButton label={t("fitPicture")} onClick={() => setView(fitted(whole))}>
          <Image size={16} aria-hidden />
        </IconButton>
        <IconButton
          label={t("turn")}
          onClick={() => {
            setTurn(turn + 90);
            setView(null);
          }}
        >
          <RotateCw size={16} aria-hidden />
        </IconButton>
      </div>
    </div>
  );
}

interface Moves {
  onMove: (dx: number, dy: number) => void;
  onZoom: (factor: number, about: Point) => void;
}

/** One finger or the mouse moves the picture, two fingers or the wheel zoom it. */
function useFingers(svg: React.RefObject<SVGSVGElement | null>, { onMove, onZoom }: Moves) {
  const [fingers, setFingers] = useState<ReadonlyMap<number, Point>>(new Map());
  const inPicture = ([x, y]: Point): Point => {
    const way = svg.current?.getScreenCTM()?.inverse();
    if (way === undefined) return [0, 0];
    const point = new DOMPoint(x, y).matrixTransform(way);
    return [point.x, point.y];
  };
  const wheel = useEffectEvent((event: WheelEvent) => {
    event.preventDefault();
    onZoom(Math.exp(-event.deltaY / 400), inPicture([event.clientX, event.clientY]));
  });
  useEffect(() => {
    const element = svg.current;
    if (element === null) return;
    const onWheel = (event: WheelEvent) => wheel(event);
    // React's own listener is passive, and the page would scroll too.
    element.addEventListener("wheel", onWheel, { passive: false });
    return () => element.removeEventListener("wheel", onWheel);
  }, [svg]);
  const off = (event: Press) =>
    setFingers((all) => new Map([...all].filter(([id]) => id !== event.pointerId)));
  return {
    onPointerDown: (event: Press) => {
      event.currentTarget.setPointerCapture(event.pointerId);
      setFingers((all) => new Map([...all, [event.pointerId, [event.clientX, event.clientY] as Point]]));
    },
    onPointerMove: (event: Press) => {
      const before = fingers.get(event.pointerId);
      if (before === undefined) return;
      const now: Point = [event.clientX, event.clientY];
      setFingers(new Map([...fingers, [event.pointerId, now]]));
      const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
      if (other === undefined) {
        const [from, to] = [inPicture(before), inPicture(now)];
        onMove(from[0] - to[0], from[1] - to[1]);
      } else {
        onZoom(
          apart(now, other) / Math.max(apart(before, other), 1),
          inPicture([(now[0] + other[0]) / 2, (now[1] + other[1]) / 2]),
        );
      }
    },
    onPointerUp: off,
    onPointerCancel: off,
  };
}

const apart = ([x, y]: Point, [u, v]: Point) => Math.hypot(x - u, y - v);
