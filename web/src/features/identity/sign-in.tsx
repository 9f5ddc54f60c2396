// Signing in.
import { useMutation } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslations } from "use-intl";

import { identitySignIn } from "@/api";
import { GoTo } from "@/app/go-to";
import { useSession } from "@/app/session";
import { Button } from "@/ui/button";
import { TextField } from "@/ui/field";
import { Refusal } from "@/ui/states";

import { Entry } from "./entry";

export function SignInPage() {
  const t = useTranslations("identity");
  const { begin, session } = useSession();
  const { back } = useSearch({ from: "/sign-in" });
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [endsWithBrowser, setEndsWithBrowser] = useState(false);
  const signIn = useMutation({
    mutationFn: () => identitySignIn({ body: { email, password, ends_with_browser: endsWithBrowser } }),
    onSuccess: begin,
  });
  if (session) return <GoTo href={back ?? "/"} />;
  return (
    <Entry title={t("signIn")} lead={t("signInLead")}>
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          signIn.mutate();
        }}
      >
        <Refusal failure={signIn.error} />
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
    </Entry>
  );
}
