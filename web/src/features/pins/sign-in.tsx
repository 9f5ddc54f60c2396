// Signing in at a till: choose your name, type your PIN.
import { useMutation } from "@tanstack/react-query";
import { ArrowLeft, Lock } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";

import { type HereOut, identitySignInByPin, type StationPersonOut } from "@/api";
import { Preferences } from "@/app/preferences";
import { useSession } from "@/app/session";
import { Button } from "@/ui/button";
import { EmptyState } from "@/ui/states";
import { useTitle } from "@/ui/title";

import { Names } from "./names";
import { PinPad } from "./pad";
import { PinRefusal } from "./refusal";

interface PinSignInProps {
  station: NonNullable<HereOut["station"]>;
  people: readonly StationPersonOut[];
  onPassword: () => void;
}

export function PinSignIn({ station, people, onPassword }: PinSignInProps) {
  const t = useTranslations("pins");
  useTitle(station.place_name);
  const [person, setPerson] = useState<StationPersonOut | null>(null);
  return (
    <main className="grid min-h-full grid-rows-[1fr_auto] justify-items-center gap-6 p-6">
      <div className="grid w-full max-w-xl content-center gap-6">
        <div className="grid gap-2">
          <p className="flex items-center gap-2 text-lg font-semibold text-ink-2">
            <Lock size={17} aria-hidden />
            {station.place_name}
          </p>
          <h1 className="text-3xl font-semibold tracking-tight">
            {person === null ? t("whoAreYou") : t("pinOf", { name: person.name })}
          </h1>
        </div>
        {person !== null ? (
          <Pin key={person.id} person={person} onBack={() => setPerson(null)} />
        ) : people.length === 0 ? (
          <EmptyState title={t("nobody")}>{t("nobodyHint")}</EmptyState>
        ) : (
          <Names people={people} onChoose={setPerson} />
        )}
      </div>
      <div className="flex flex-wrap items-end justify-center gap-4">
        <Button size="lg" kind="quiet" onClick={onPassword}>
          {t("byPassword")}
        </Button>
        <div className="w-56 text-sm">
          <Preferences />
        </div>
      </div>
    </main>
  );
}

function Pin({ person, onBack }: { person: StationPersonOut; onBack: () => void }) {
  const t = useTranslations("pins");
  const { begin } = useSession();
  const [refusals, setRefusals] = useState(0);
  const signIn = useMutation({
    mutationFn: (pin: string) => identitySignInByPin({ body: { person_id: person.id, pin } }),
    onSuccess: begin,
    onError: () => setRefusals((count) => count + 1),
  });
  return (
    <div className="mx-auto grid w-full max-w-sm gap-4">
      <PinRefusal failure={signIn.error} />
      <PinPad
        label={t("pinOf", { name: person.name })}
        isBusy={signIn.isPending}
        refusals={refusals}
        onPin={(pin) => signIn.mutate(pin)}
      />
      <Button size="lg" kind="quiet" onClick={onBack}>
        <ArrowLeft size={17} aria-hidden className="rtl:rotate-180" />
        {t("otherName")}
      </Button>
    </div>
  );
}
