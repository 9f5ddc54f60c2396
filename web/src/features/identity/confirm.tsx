// Confirming the address of a sign-up by the mailed link and the password that was chosen. The token is in the fragment.
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";

import { identityCheckSignUp, identityConfirmSignUp, type SignUpCheckOut } from "@/api";
import { ApiProblem } from "@/http";
import { Button } from "@/ui/button";
import { TextField } from "@/ui/field";
import { SkeletonRows } from "@/ui/marks";
import { ErrorState, Refusal } from "@/ui/states";

import { Entry } from "./entry";
import { fieldError } from "./field-error";
import { BackToSignIn } from "./forgot";

export function ConfirmPage() {
  const t = useTranslations("identity");
  const [token] = useState(() => window.location.hash.slice(1));
  const [isDone, setDone] = useState(false);
  const signUp = useQuery({
    queryKey: ["sign-up", token],
    queryFn: () => identityCheckSignUp({ body: { token } }),
    retry: false,
    staleTime: Infinity,
  });
  if (isDone) {
    return (
      <Entry title={t("confirmed")} lead={t("confirmedHint")}>
        <BackToSignIn />
      </Entry>
    );
  }
  if (signUp.isPending) {
    return (
      <Entry title={t("checking")}>
        <SkeletonRows rows={3} />
      </Entry>
    );
  }
  if (signUp.isError) {
    return signUp.error instanceof ApiProblem && signUp.error.status < 500 ? (
      <Entry title={t("linkUnknown")} lead={t("confirmUnknownHint")}>
        <BackToSignIn />
      </Entry>
    ) : (
      <ErrorState failure={signUp.error} onRetry={() => void signUp.refetch()} />
    );
  }
  return (
    <Entry title={t("confirmTitle")} lead={t("confirmLead", { name: signUp.data.name })}>
      <ConfirmForm token={token} signUp={signUp.data} onDone={() => setDone(true)} />
    </Entry>
  );
}

interface ConfirmFormProps {
  token: string;
  signUp: SignUpCheckOut;
  onDone: () => void;
}

function ConfirmForm({ token, signUp, onDone }: ConfirmFormProps) {
  const t = useTranslations("identity");
  const [password, setPassword] = useState("");
  const confirm = useMutation({
    mutationFn: () => identityConfirmSignUp({ body: { token, password } }),
    onSuccess: onDone,
  });
  const isWrong = fieldError(confirm.error, "password") !== undefined;
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        confirm.mutate();
      }}
    >
      {!isWrong && <Refusal failure={confirm.error} />}
      <TextField
        label={t("email")}
        type="email"
        autoComplete="username"
        readOnly
        inputSize="lg"
        value={signUp.email}
      />
      <TextField
        label={t("passwordChosen")}
        type="password"
        autoComplete="current-password"
        required
        autoFocus
        inputSize="lg"
        error={isWrong ? t("passwordOther") : undefined}
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      <Button type="submit" kind="primary" size="lg" isBusy={confirm.isPending}>
        {t("confirmAddress")}
      </Button>
    </form>
  );
}
