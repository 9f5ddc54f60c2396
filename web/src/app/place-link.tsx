// A link of the rail or the bar, marked while the page is open that it leads to, or one that is found from there.
import { Link, useLocation } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { isHere, type Place } from "./places";

interface PlaceLinkProps {
  to: Place;
  className: string;
  /** What it looks like besides while it is marked. */
  marked: string;
  onClick?: () => void;
  children: ReactNode;
}

export function PlaceLink({ to, className, marked, onClick, children }: PlaceLinkProps) {
  const { pathname } = useLocation();
  const isMarked = isHere(to, pathname);
  return (
    <Link
      to={to}
      className={isMarked ? `${className} ${marked}` : className}
      aria-current={isMarked ? "page" : undefined}
      {...(onClick === undefined ? {} : { onClick })}
    >
      {children}
    </Link>
  );
}
