// The dialog that asks for a second factor once more before a dangerous act.
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";

import { identityAskFactorPasskey, identityGiveFactor, type SessionOut } from "@/api";
import { useSession } from "@/app/session";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { TextField } from "@/ui/field";
import { SkeletonRows } from "@/ui/marks";
import { ErrorState } from "@/ui/states";

import { FACTORS, hasFactor, kindsOf } from "./factors-queries";
import { FactorRefusal, GiveFactor } from "./give-factor";

export function FreshFactorDialog({ onEnd }: { onEnd: (isGiven: boolean) => void }) {
  const t = useTranslations("factors");
  const { renew } = useSession();
  const factors = useQuery(FACTORS);
  const goOn = (session: SessionOut) => {
    renew(session);
    onEnd(true);
  };
  return (
    <Dialog title={t("confirmTitle")} isOpen onClose={() => onEnd(false)} size="sm">
      <div className="grid gap-4">
        {factors.isError ? (
          <ErrorState failure={factors.error} onRetry={() => void factors.refetch()} />
        ) : factors.isPending ? (
          <SkeletonRows rows={2} />
        ) : (
          <>
            <p className="text-ink-2">{t(hasFactor(factors.data) ? "confirmLead" : "passwordLead")}</p>
            {hasFactor(factors.data) ? (
              <GiveFactor
                kinds={kindsOf(factors.data)}
                give={(body) => identityGiveFactor({ body })}
                askPasskey={() => identityAskFactorPasskey()}
                onGiven={goOn}
              />
            ) : (
              <GivePassword onGiven={goOn} />
            )}
          </>
        )}
      </div>
    </Dialog>
  );
}

function GivePassword({ onGiven }: { onGiven: (session: SessionOut) => void }) {
  const t = useTranslations("factors");
  const [password, setPassword] = useState("");
  const given = useMutation({
    mutationFn: () => identityGiveFactor({ body: { kind: "password", password } }),
    onSuccess: onGiven,
    onError: () => setPassword(""),
  });
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        given.mutate();
      }}
    >
      <FactorRefusal failure={given.error} />
      <TextField
        label={t("password")}
        type="password"
        autoComplete="current-password"
        required
        autoFocus
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      <Button type="submit" kind="primary" isBusy={given.isPending}>
        {t("goOn")}
      </Button>
    </form>
  );
}
