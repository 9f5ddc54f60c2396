// Signing in: with the password and, where there is one, a second factor; or with a passkey alone.
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { KeyRound } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslations } from "use-intl";

import {
  identityAskPasskey,
  identityAskSecondStepPasskey,
  identityGiveSecondStep,
  identityReadStation,
  identitySignIn,
  identitySignInByPasskey,
  type SecondStepOut,
} from "@/api";
import { GoTo } from "@/app/go-to";
import { useSession } from "@/app/session";
import { FactorRefusal, GiveFactor } from "@/features/account/give-factor";
import { arePasskeysHere, signWithPasskey } from "@/features/account/webauthn";
import { isShared, noteShared } from "@/features/pins/device";
import { PinSignIn } from "@/features/pins/sign-in";
import { ApiProblem } from "@/http";
import { Button } from "@/ui/button";
import { TextField } from "@/ui/field";
import { SkeletonRows } from "@/ui/marks";
import { ErrorState, Refusal } from "@/ui/states";

import { Entry } from "./entry";
import { SignUpLink } from "./sign-up";

export function SignInPage() {
  const { session } = useSession();
  const { back } = useSearch({ from: "/sign-in" });
  const [mayBePin, setMayBePin] = useState(isShared);
  if (session) return <GoTo href={session.station ? `/till/${session.station.place_id}` : (back ?? "/")} />;
  return mayBePin ? <AtStation onPassword={() => setMayBePin(false)} /> : <ByPassword />;
}

/** On a shared device the PIN comes first; one that is none any more goes on with the password. */
function AtStation({ onPassword }: { onPassword: () => void }) {
  const here = useQuery({
    queryKey: ["station"],
    queryFn: ({ signal }) => identityReadStation({ signal }),
    staleTime: 0,
  });
  const isNone = here.data?.station === null;
  useEffect(() => {
    if (isNone) noteShared(false);
  }, [isNone]);
  if (here.isPending) return <SkeletonRows />;
  if (here.isError) return <ErrorState failure={here.error} onRetry={() => void here.refetch()} />;
  const { station, people } = here.data;
  if (station === null) return <ByPassword />;
  return <PinSignIn station={station} people={people} onPassword={onPassword} />;
}

function ByPassword() {
  const [step, setStep] = useState<SecondStepOut | null>(null);
  return step === null ? (
    <FirstStep onStep={setStep} />
  ) : (
    <SecondStep step={step} onBack={() => setStep(null)} />
  );
}

function FirstStep({ onStep }: { onStep: (step: SecondStepOut) => void }) {
  const t = useTranslations("identity");
  const { begin } = useSession();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [endsWithBrowser, setEndsWithBrowser] = useState(false);
  const signIn = useMutation({
    mutationFn: () => identitySignIn({ body: { email, password, ends_with_browser: endsWithBrowser } }),
    onSuccess: (answer) => ("factors" in answer ? onStep(answer) : begin(answer)),
  });
  const isWaiting = signIn.error instanceof ApiProblem && signIn.error.code === "identity.sign_up_waiting";
  return (
    <Entry title={t("signIn")} lead={t("signInLead")}>
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          signIn.mutate();
        }}
      >
        {isWaiting ? (
          <p role="alert" className="rounded-lg bg-warn-soft px-3 py-2 text-warn">
            {t("signUpWaits")}
          </p>
        ) : (
          <Refusal failure={signIn.error} />
        )}
        <TextField
          label={t("email")}
          type="email"
          autoComplete="username"
          required
          autoFocus
          inputSize="lg"
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
        <TextField
          label={t("password")}
          type="password"
          autoComplete="current-password"
          required
          inputSize="lg"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <label className="flex items-start gap-2 text-ink-2">
          <input
            type="checkbox"
            className="mt-1 size-4"
            checked={endsWithBrowser}
            onChange={(event) => setEndsWithBrowser(event.target.checked)}
          />
          <span>{t("endsWithBrowser")}</span>
        </label>
        <Button type="submit" kind="primary" size="lg" isBusy={signIn.isPending}>
          {t("signIn")}
        </Button>
      </form>
      <p>
        <Link to="/forgot" className="hit text-accent underline">
          {t("forgot")}
        </Link>
      </p>
      <SignUpLink />
      {arePasskeysHere() && <ByPasskey endsWithBrowser={endsWithBrowser} />}
    </Entry>
  );
}

function ByPasskey({ endsWithBrowser }: { endsWithBrowser: boolean }) {
  const t = useTranslations("factors");
  const { begin } = useSession();
  const signIn = useMutation({
    mutationFn: async () => {
      const signed = await signWithPasskey(await identityAskPasskey());
      return identitySignInByPasskey({ body: { ...signed, ends_with_browser: endsWithBrowser } });
    },
    onSuccess: begin,
  });
  return (
    <div className="grid gap-3 border-t border-line pt-5">
      <FactorRefusal failure={signIn.error} />
      <Button size="lg" isBusy={signIn.isPending} onClick={() => signIn.mutate()}>
        <KeyRound size={17} aria-hidden />
        {t("signInWithPasskey")}
      </Button>
    </div>
  );
}

function SecondStep({ step, onBack }: { step: SecondStepOut; onBack: () => void }) {
  const t = useTranslations("factors");
  const { begin } = useSession();
  return (
    <Entry title={t("stepTitle")} lead={t("stepLead")}>
      <GiveFactor
        kinds={step.factors}
        give={(body) => identityGiveSecondStep({ body })}
        askPasskey={() => identityAskSecondStepPasskey()}
        onGiven={begin}
        size="lg"
      />
      <p className="text-center">
        <button type="button" className="hit text-accent underline" onClick={onBack}>
          {t("startAgain")}
        </button>
      </p>
    </Entry>
  );
}
