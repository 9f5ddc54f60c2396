// Changing the password: the present one is asked, and every other device is signed out.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";

import { identityChangePassword } from "@/api";
import { useSession } from "@/app/session";
import { fieldError } from "@/features/identity/field-error";
import { NewPassword, useVerdict } from "@/features/identity/password-field";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { TextField } from "@/ui/field";
import { useMoment } from "@/ui/money";
import { Card } from "@/ui/page";
import { Refusal } from "@/ui/states";
import { useToast } from "@/ui/toast";

import { ACCOUNT, useAccount } from "./queries";

export function Password() {
  const t = useTranslations("account");
  const moment = useMoment();
  const account = useAccount();
  const [isChanging, setChanging] = useState(false);
  return (
    <Card title={t("passwordSection")}>
      <p className="mb-3 text-ink-2">
        {account.data !== undefined && (
          <>{t("passwordAge", { moment: moment(account.data.password_changed_at) })} </>
        )}
        {t("passwordHint")}
      </p>
      <Button onClick={() => setChanging(true)}>{t("changePassword")}</Button>
      <Dialog title={t("changePassword")} isOpen={isChanging} onClose={() => setChanging(false)} size="sm">
        <PasswordForm onDone={() => setChanging(false)} />
      </Dialog>
    </Card>
  );
}

function PasswordForm({ onDone }: { onDone: () => void }) {
  const t = useTranslations("account");
  const client = useQueryClient();
  const toast = useToast();
  const { session, renew } = useSession();
  const [present, setPresent] = useState("");
  const [password, setPassword] = useState("");
  const { name, email } = session?.person ?? { name: "", email: "" };
  const verdict = useVerdict(password, { name, email });
  const change = useMutation({
    mutationFn: () => identityChangePassword({ body: { present_password: present, password } }),
    onSuccess: (renewed) => {
      renew(renewed);
      toast(t("passwordChanged"));
      onDone();
      return client.invalidateQueries({ queryKey: ACCOUNT });
    },
  });
  const presentError = fieldError(change.error, "present_password");
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate();
      }}
    >
      {presentError === undefined && <Refusal failure={change.error} />}
      {/* Tells password managers whose password it is. */}
      <input type="text" autoComplete="username" value={email} readOnly hidden />
      <TextField
        label={t("presentPassword")}
        type="password"
        autoComplete="current-password"
        required
        inputSize="lg"
        error={presentError}
        value={present}
        onChange={(event) => setPresent(event.target.value)}
      />
      <NewPassword
        label={t("newPassword")}
        value={password}
        onValue={setPassword}
        verdict={verdict}
        error={fieldError(change.error, "password")}
      />
      <Button
        type="submit"
        kind="primary"
        size="lg"
        isBusy={change.isPending}
        disabled={present === "" || verdict.problem !== null || change.isPending}
      >
        {t("changePassword")}
      </Button>
    </form>
  );
}
