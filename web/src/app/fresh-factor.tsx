// Asks for the second factor once more when a dangerous act needs it; the act goes on by itself afterwards.
import { lazy, Suspense, useEffect, useState } from "react";

import { whenFactorIsStale } from "@/http";

const FreshFactorDialog = lazy(() =>
  import("@/features/account/factors-confirm").then(({ FreshFactorDialog }) => ({
    default: FreshFactorDialog,
  })),
);

type Answer = (isGiven: boolean) => void;

export function FreshFactor() {
  const [waiting, setWaiting] = useState<readonly Answer[]>([]);
  useEffect(() => {
    whenFactorIsStale(() => new Promise<boolean>((resolve) => setWaiting((others) => [...others, resolve])));
  }, []);
  if (waiting.length === 0) return null;
  return (
    <Suspense fallback={null}>
      <FreshFactorDialog
        onEnd={(isGiven) => {
          setWaiting([]);
          for (const answer of waiting) answer(isGiven);
        }}
      />
    </Suspense>
  );
}
