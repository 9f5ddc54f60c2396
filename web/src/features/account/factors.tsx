// The section “Second factors” of one's own account: the authenticator app, passkeys and recovery codes.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useFormatter, useTranslations } from "use-intl";

import { type FactorsOut, identityRemoveTotp } from "@/api";
import { Button } from "@/ui/button";
import { Badge, Dot, SkeletonRows } from "@/ui/marks";
import { Card } from "@/ui/page";
import { ErrorState } from "@/ui/states";
import { useToast } from "@/ui/toast";

import { RecoveryCodes } from "./factors-codes";
import { Passkeys } from "./factors-passkeys";
import { FACTORS, hasFactor } from "./factors-queries";
import { SetUpTotp } from "./factors-totp";
import { FactorRefusal } from "./give-factor";

export function SecondFactors() {
  const t = useTranslations("factors");
  const factors = useQuery(FACTORS);
  return (
    <Card title={t("title")}>
      {factors.isError ? (
        <ErrorState failure={factors.error} onRetry={() => void factors.refetch()} />
      ) : factors.isPending ? (
        <SkeletonRows rows={4} />
      ) : (
        <div className="grid gap-5">
          <div className="flex flex-wrap items-center gap-3">
            <p className="min-w-60 flex-1 text-ink-2">{t("lead")}</p>
            <Badge tone={hasFactor(factors.data) ? "ok" : "warn"}>
              <Dot />
              {hasFactor(factors.data) ? t("on") : t("off")}
            </Badge>
          </div>
          <AuthenticatorApp factors={factors.data} />
          <Passkeys factors={factors.data} />
          {hasFactor(factors.data) && <RecoveryCodes left={factors.data.recovery_codes_left} />}
        </div>
      )}
    </Card>
  );
}

function AuthenticatorApp({ factors }: { factors: FactorsOut }) {
  const t = useTranslations("factors");
  const client = useQueryClient();
  const toast = useToast();
  const format = useFormatter();
  const [isSettingUp, setSettingUp] = useState(false);
  const remove = useMutation({
    mutationFn: () => identityRemoveTotp(),
    onSuccess: () => toast(t("removed")),
    onSettled: () => client.invalidateQueries({ queryKey: FACTORS.queryKey }),
  });
  const { totp } = factors;
  return (
    <section aria-label={t("app")} className="grid gap-2 border-t border-line-2 pt-4">
      <h3 className="font-medium">{t("app")}</h3>
      <p className="text-ink-2">
        {totp === null
          ? t("appHint")
          : t("since", {
              day: format.dateTime(new Date(totp.confirmed_at), { dateStyle: "medium" }),
              used: format.dateTime(new Date(totp.last_used_at ?? totp.confirmed_at), {
                dateStyle: "medium",
                timeStyle: "short",
              }),
            })}
      </p>
      <FactorRefusal failure={remove.error} />
      <div className="flex flex-wrap gap-2">
        <Button onClick={() => setSettingUp(true)}>{totp === null ? t("setUpApp") : t("replaceApp")}</Button>
        {totp !== null && (
          <Button kind="quiet" isBusy={remove.isPending} onClick={() => remove.mutate()}>
            {t("removeApp")}
          </Button>
        )}
      </div>
      {isSettingUp && <SetUpTotp onClose={() => setSettingUp(false)} />}
    </section>
  );
}
