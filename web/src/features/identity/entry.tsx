// The frame of the pages for people who are not signed in yet.
import type { ReactNode } from "react";

import { Preferences } from "@/app/preferences";
import { useTitle } from "@/ui/title";

interface EntryProps {
  title: string;
  lead?: string;
  children?: ReactNode;
}

export function Entry({ title, lead, children }: EntryProps) {
  useTitle(title);
  return (
    <main className="grid min-h-full grid-rows-[1fr_auto] justify-items-center p-6">
      <div className="grid w-full max-w-sm content-center gap-6">
        <div className="grid gap-2">
          <p className="flex items-center gap-2 font-semibold text-ink-2">
            <span aria-hidden className="size-3 rounded bg-accent" />
            <span translate="no">{"Tradepost"}</span>
          </p>
          <h1 className="text-3xl font-semibold tracking-tight">{title}</h1>
          {lead !== undefined && <p className="text-lg text-ink-2">{lead}</p>}
        </div>
        {children}
      </div>
      <div className="w-56 pt-6 text-sm">
        <Preferences />
      </div>
    </main>
  );
}
