// Pages for signed-in people: everybody else signs in first and comes back.
import { Outlet, useLocation } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";

import { SkeletonRows } from "@/ui/marks";

import { ReadOnlyBanner } from "./flags";
import { GoTo } from "./go-to";
import { MailLanguage } from "./mail-language";
import { useSession } from "./session";
import { usePages } from "./places";

const SetUpFactorPage = lazy(() =>
  import("@/features/account/factors-must").then(({ SetUpFactorPage }) => ({ default: SetUpFactorPage })),
);

function MustSetUp() {
  return (
    <Suspense fallback={<SkeletonRows />}>
      <SetUpFactorPage />
    </Suspense>
  );
}

export function Guarded() {
  const { session } = useSession();
  if (session === undefined) return <SkeletonRows />;
  if (session === null) return <ToSignIn />;
  // The role must have a second factor, and nothing else can be done before there is one.
  if (session.factor === "lacking") return <MustSetUp />;
  return (
    <div className="grid h-full grid-cols-[minmax(0,1fr)] grid-rows-[auto_minmax(0,1fr)] print:block">
      <ReadOnlyBanner />
      <div className="h-full min-h-0">
        <MailLanguage />
        <Outlet />
      </div>
    </div>
  );
}

function ToSignIn() {
  // Where the person was when they were found signed out; the address is about to change.
  const { href } = useLocation();
  const [from] = useState(href);
  return <GoTo href={from === "/" ? "/sign-in" : `/sign-in?back=${encodeURIComponent(from)}`} />;
}

/** The start: the owner sees the numbers, a cashier the till. */
export function Start() {
  const pages = usePages();
  const home = pages.find((page) => page.to === "/numbers") ?? pages[0];
  return home === undefined ? null : <GoTo href={home.to} />;
}
