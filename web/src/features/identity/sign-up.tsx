// Signing up by oneself, where the program lets people: a mail confirms the address, then somebody approves.
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslations } from "use-intl";

import { identitySignUp } from "@/api";
import { GoTo } from "@/app/go-to";
import { NotFound } from "@/app/not-found";
import { useSession } from "@/app/session";
import { useLanguage } from "@/i18n/provider";
import { Button } from "@/ui/button";
import { TextField } from "@/ui/field";
import { SkeletonRows } from "@/ui/marks";
import { ErrorState, Refusal } from "@/ui/states";

import { Entry } from "./entry";
import { fieldError } from "./field-error";
import { BackToSignIn } from "./forgot";
import { NewPassword, useVerdict } from "./password-field";
import { setupQuery } from "./setup";

export function SignUpPage() {
  const t = useTranslations("identity");
  const { session } = useSession();
  const setup = useQuery(setupQuery);
  const [hours, setHours] = useState<number | null>(null);
  if (session) return <GoTo href="/" />;
  if (setup.isPending) {
    return (
      <Entry title={t("signUp")}>
        <SkeletonRows rows={3} />
      </Entry>
    );
  }
  if (setup.isError) return <ErrorState failure={setup.error} onRetry={() => void setup.refetch()} />;
  if (!setup.data.takes_sign_ups) return <NotFound />;
  if (hours !== null) {
    return (
      <Entry title={t("signUpAsked")} lead={t("signUpAskedHint", { hours })}>
        <p className="text-ink-2">{t("signUpNothingCame")}</p>
        <BackToSignIn />
      </Entry>
    );
  }
  return (
    <Entry title={t("signUp")} lead={t("signUpLead")}>
      <SignUpForm onAsked={setHours} />
      <BackToSignIn />
    </Entry>
  );
}

function SignUpForm({ onAsked }: { onAsked: (hours: number) => void }) {
  const t = useTranslations("identity");
  const { language } = useLanguage();
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const verdict = useVerdict(password, { name, email });
  const ask = useMutation({
    mutationFn: () =>
      identitySignUp({ body: { name, email, password, language: language === "ru" ? "ru" : "en" } }),
    onSuccess: (told) => onAsked(told.link_hours),
  });
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        ask.mutate();
      }}
    >
      <Refusal failure={ask.error} />
      <TextField
        label={t("name")}
        autoComplete="name"
        required
        autoFocus
        maxLength={100}
        inputSize="lg"
        error={fieldError(ask.error, "name")}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <TextField
        label={t("email")}
        type="email"
        autoComplete="username"
        required
        inputSize="lg"
        error={fieldError(ask.error, "email")}
        value={email}
        onChange={(event) => setEmail(event.target.value)}
      />
      <NewPassword
        value={password}
        onValue={setPassword}
        verdict={verdict}
        error={fieldError(ask.error, "password")}
      />
      <Button
        type="submit"
        kind="primary"
        size="lg"
        isBusy={ask.isPending}
        disabled={verdict.problem !== null || ask.isPending}
      >
        {t("signUp")}
      </Button>
    </form>
  );
}

/** The way to the page, where people may sign up by themselves; elsewhere nothing. */
export function SignUpLink() {
  const t = useTranslations("identity");
  const setup = useQuery(setupQuery);
  if (setup.data?.takes_sign_ups !== true) return null;
  return (
    <p>
      <Link to="/sign-up" className="hit text-accent underline">
        {t("signUpHere")}
      </Link>
    </p>
  );
}
