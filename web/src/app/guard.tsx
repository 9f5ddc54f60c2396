// Pages for signed-in people: everybody else signs in first and comes back.
import { Navigate, Outlet, useLocation } from "@tanstack/react-router";

import { SkeletonRows } from "@/ui/marks";

import { useSession } from "./session";
import { usePages } from "./shell";

export function Guarded() {
  const { session } = useSession();
  const location = useLocation();
  if (session === undefined) return <SkeletonRows />;
  if (session === null) {
    return <Navigate to="/sign-in" search={location.href === "/" ? {} : { back: location.href }} replace />;
  }
  return <Outlet />;
}

/** The start: the owner sees the numbers, a cashier the till. */
export function Start() {
  const pages = usePages();
  const home = pages.find((page) => page.to === "/numbers") ?? pages[0];
  return home === undefined ? null : <Navigate to={home.to} replace />;
}
