// Asking for a link to set a new password. The answer is the same for every address, so that nobody learns who is here.
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslations } from "use-intl";

import { identityRequestReset } from "@/api";
import { Button } from "@/ui/button";
import { TextField } from "@/ui/field";
import { SkeletonRows } from "@/ui/marks";
import { ErrorState, Refusal } from "@/ui/states";

import { Entry } from "./entry";
import { setupQuery } from "./setup";

export function ForgotPage() {
  const t = useTranslations("identity");
  const setup = useQuery(setupQuery);
  const ask = useMutation({ mutationFn: (email: string) => identityRequestReset({ body: { email } }) });
  if (setup.isPending) {
    return (
      <Entry title={t("forgotTitle")}>
        <SkeletonRows rows={3} />
      </Entry>
    );
  }
  if (setup.isError) return <ErrorState failure={setup.error} onRetry={() => void setup.refetch()} />;
  if (!setup.data.sends_mail) {
    return (
      <Entry title={t("forgotTitle")} lead={t("forgotNoMail")}>
        <BackToSignIn />
      </Entry>
    );
  }
  if (ask.data !== undefined) {
    return (
      <Entry title={t("forgotAsked")} lead={t("forgotAskedHint", { minutes: ask.data.link_minutes })}>
        <p className="text-ink-2">{t("forgotNothingCame")}</p>
        <BackToSignIn />
      </Entry>
    );
  }
  return (
    <Entry title={t("forgotTitle")} lead={t("forgotLead")}>
      <Asking ask={ask.mutate} isBusy={ask.isPending} failure={ask.error} />
      <BackToSignIn />
    </Entry>
  );
}

interface AskingProps {
  ask: (email: string) => void;
  isBusy: boolean;
  failure: unknown;
}

function Asking({ ask, isBusy, failure }: AskingProps) {
  const t = useTranslations("identity");
  const [email, setEmail] = useState("");
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        ask(email);
      }}
    >
      <Refusal failure={failure} />
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
      <Button type="submit" kind="primary" size="lg" isBusy={isBusy}>
        {t("forgotSend")}
      </Button>
    </form>
  );
}

export function BackToSignIn() {
  const t = useTranslations("identity");
  return (
    <p>
      <Link to="/sign-in" className="hit text-accent underline">
        {t("backToSignIn")}
      </Link>
    </p>
  );
}
