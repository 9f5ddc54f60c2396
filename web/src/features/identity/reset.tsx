// Setting a new password by a one-time link. The token is in the fragment, which no server sees.
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslations } from "use-intl";

import { identityCheckReset, identityUseReset, type ResetCheckOut } from "@/api";
import { ApiProblem } from "@/http";
import { Button, buttonStyle } from "@/ui/button";
import { TextField } from "@/ui/field";
import { SkeletonRows } from "@/ui/marks";
import { ErrorState, Refusal } from "@/ui/states";

import { Entry } from "./entry";
import { fieldError } from "./field-error";
import { NewPassword, useVerdict } from "./password-field";

export function ResetPage() {
  const t = useTranslations("identity");
  const [token] = useState(() => window.location.hash.slice(1));
  const [isDone, setDone] = useState(false);
  const reset = useQuery({
    queryKey: ["reset", token],
    queryFn: () => identityCheckReset({ body: { token } }),
    retry: false,
    staleTime: Infinity,
  });
  if (isDone) {
    return (
      <Entry title={t("resetDone")} lead={t("resetDoneHint")}>
        <Link to="/sign-in" className={buttonStyle("primary", "lg")}>
          {t("signIn")}
        </Link>
      </Entry>
    );
  }
  if (reset.isPending) {
    return (
      <Entry title={t("checking")}>
        <SkeletonRows rows={3} />
      </Entry>
    );
  }
  if (reset.isError) {
    return reset.error instanceof ApiProblem && reset.error.status < 500 ? (
      <Entry title={t("linkUnknown")} lead={t("resetUnknownHint")}>
        <Link to="/forgot" className={buttonStyle("primary", "lg")}>
          {t("askAgain")}
        </Link>
      </Entry>
    ) : (
      <ErrorState failure={reset.error} onRetry={() => void reset.refetch()} />
    );
  }
  return (
    <Entry title={t("resetTitle")} lead={t("resetLead")}>
      <ResetForm token={token} person={reset.data} onDone={() => setDone(true)} />
    </Entry>
  );
}

interface ResetFormProps {
  token: string;
  person: ResetCheckOut;
  onDone: () => void;
}

function ResetForm({ token, person, onDone }: ResetFormProps) {
  const t = useTranslations("identity");
  const [password, setPassword] = useState("");
  const verdict = useVerdict(password, { token, name: person.name, email: person.email });
  const use = useMutation({
    mutationFn: () => identityUseReset({ body: { token, password } }),
    onSuccess: onDone,
  });
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        use.mutate();
      }}
    >
      <Refusal failure={use.error} />
      <TextField
        label={t("email")}
        type="email"
        autoComplete="username"
        readOnly
        inputSize="lg"
        value={person.email}
      />
      <NewPassword
        label={t("newPassword")}
        value={password}
        onValue={setPassword}
        verdict={verdict}
        error={fieldError(use.error, "password")}
      />
      <Button
        type="submit"
        kind="primary"
        size="lg"
        isBusy={use.isPending}
        disabled={verdict.problem !== null || use.isPending}
      >
        {t("setPassword")}
      </Button>
    </form>
  );
}
