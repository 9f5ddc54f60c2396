// Four-cornered places in a picture, in its pixels; corners in the order of reading: top left, top right, bottom right,
// bottom left. A card may lie in its picture at any angle.

import type { CardBox } from "@/api";

export type Point = readonly [x: number, y: number];
export type Quad = readonly [Point, Point, Point, Point];

export interface Bounds {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Return the shape with these corners; what the program sends has four, and a missing one counts as the origin. */
export function quadOf(corners: readonly (readonly number[])[]): Quad {
  const point = (index: number): Point => [corners[index]?.[0] ?? 0, corners[index]?.[1] ?? 0];
  return [point(0), point(1), point(2), point(3)];
}

/** Return the corners as the program takes them. */
export function cornersOf([a, b, c, d]: Quad): CardBox["quad"] {
  return [[...a], [...b], [...c], [...d]];
}

/** Return the corners as SVG has them. */
export function pointsOf(quad: Quad): string {
  return quad.map(([x, y]) => `${round(x)},${round(y)}`).join(" ");
}

export function boundsOf(quad: Quad): Bounds {
  const xs = quad.map(([x]) => x);
  const ys = quad.map(([, y]) => y);
  const x = Math.min(...xs);
  const y = Math.min(...ys);
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}

/** Return the part from `start` to `end`, shares (0 to 1) of the way along the line of print. */
export function pieceOf([a, b, c, d]: Quad, start: number, end: number): Quad {
  return [between(a, b, start), between(a, b, end), between(d, c, end), between(d, c, start)];
}

/** Return the smallest rectangle that holds both, as upright as the first one is. */
export function around(one: Quad, other: Quad): Quad {
  const angle = angleOf(one);
  const turned = [...one, ...other].map((point) => rotated(point, -angle));
  const xs = turned.map(([x]) => x);
  const ys = turned.map(([, y]) => y);
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const back = (x: number, y: number) => rotated([x, y], angle);
  return [back(left, top), back(right, top), back(right, bottom), back(left, bottom)];
}

/** Return by how many degrees a picture is to be turned clockwise so that the print in these places stands upright. */
export function uprightTurn(quads: readonly Quad[]): number {
  // The longest line is the surest; a crooked one among many counts for little.
  const [longest] = quads.toSorted((one, other) => lengthOf(other) - lengthOf(one));
  if (longest === undefined) return 0;
  const like = quads.filter((quad) => Math.cos(angleOf(quad) - angleOf(longest)) > 0.9);
  const x = like.reduce((sum, [[a], [b]]) => sum + b - a, 0);
  const y = like.reduce((sum, [[, a], [, b]]) => sum + b - a, 0);
  return round((-Math.atan2(y, x) * 180) / Math.PI);
}

/** Return the bounds of a place in a picture that was turned about its origin, by degrees clockwise. */
export function turnedBounds([a, b, c, d]: Quad, turn: number): Bounds {
  const turned = (point: Point) => rotated(point, (turn * Math.PI) / 180);
  return boundsOf([turned(a), turned(b), turned(c), turned(d)]);
}

/** The way that the print runs, in radians. */
function angleOf([[x, y], [u, v]]: Quad): number {
  return Math.atan2(v - y, u - x);
}

const lengthOf = ([[x, y], [u, v]]: Quad) => Math.hypot(u - x, v - y);

function rotated([x, y]: Point, angle: number): Point {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return [x * cos - y * sin, x * sin + y * cos];
}

function between([x, y]: Point, [u, v]: Point, share: number): Point {
  return [x + (u - x) * share, y + (v - y) * share];
}

const round = (value: number) => Math.round(value * 10) / 10;
