// What a person sees whose role must have a second factor and who has none yet: setting one up, and nothing else.
import { useState } from "react";
import { useTranslations } from "use-intl";

import { useSession } from "@/app/session";
import { Entry } from "@/features/identity/entry";
import { Button } from "@/ui/button";

import { AddPasskey } from "./factors-passkeys";
import { SetUpTotp } from "./factors-totp";
import { arePasskeysHere } from "./webauthn";

export function SetUpFactorPage() {
  const t = useTranslations("factors");
  const common = useTranslations("common");
  const { end } = useSession();
  const [open, setOpen] = useState<"app" | "passkey" | null>(null);
  const close = () => setOpen(null);
  return (
    <Entry title={t("mustTitle")} lead={t("mustLead")}>
      <div className="grid gap-3">
        {arePasskeysHere() && (
          <Button kind="primary" size="lg" onClick={() => setOpen("passkey")}>
            {t("addPasskey")}
          </Button>
        )}
        <Button size="lg" onClick={() => setOpen("app")}>
          {t("setUpApp")}
        </Button>
        <Button kind="quiet" onClick={() => void end()}>
          {common("signOut")}
        </Button>
      </div>
      {open === "app" && <SetUpTotp onClose={close} />}
      {open === "passkey" && <AddPasskey onClose={close} />}
    </Entry>
  );
}
