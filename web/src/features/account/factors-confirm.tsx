// The dialog that asks for a second factor once more before a dangerous act.
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";

import { identityAskFactorPasskey, identityGiveFactor } from "@/api";
import { useSession } from "@/app/session";
import { Dialog } from "@/ui/dialog";
import { SkeletonRows } from "@/ui/marks";
import { ErrorState } from "@/ui/states";

import { FACTORS, kindsOf } from "./factors-queries";
import { GiveFactor } from "./give-factor";

export function FreshFactorDialog({ onEnd }: { onEnd: (isGiven: boolean) => void }) {
  const t = useTranslations("factors");
  const { renew } = useSession();
  const factors = useQuery(FACTORS);
  return (
    <Dialog title={t("confirmTitle")} isOpen onClose={() => onEnd(false)} size="sm">
      <div className="grid gap-4">
        <p className="text-ink-2">{t("confirmLead")}</p>
        {factors.isError ? (
          <ErrorState failure={factors.error} onRetry={() => void factors.refetch()} />
        ) : factors.isPending ? (
          <SkeletonRows rows={2} />
        ) : (
          <GiveFactor
            kinds={kindsOf(factors.data)}
            give={(body) => identityGiveFactor({ body })}
            askPasskey={() => identityAskFactorPasskey()}
            onGiven={(session) => {
              renew(session);
              onEnd(true);
            }}
          />
        )}
      </div>
    </Dialog>
  );
}
