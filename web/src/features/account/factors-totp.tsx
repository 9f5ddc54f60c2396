// Setting up an authenticator app: the QR code and the key, then a code of it, then the recovery codes.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslations } from "use-intl";

import { identityBeginTotp, identityConfirmTotp, type TotpKeyOut } from "@/api";
import { useSession } from "@/app/session";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { SkeletonRows } from "@/ui/marks";
import { useToast } from "@/ui/toast";

import { FACTORS } from "./factors-queries";
import { CodeField, FactorRefusal } from "./give-factor";

export function SetUpTotp({ onClose }: { onClose: () => void }) {
  const t = useTranslations("factors");
  const { mutate, ...begun } = useMutation({
    mutationFn: () => identityBeginTotp(),
    onError: () => undefined,
  });
  useEffect(() => mutate(), [mutate]);
  return (
    <Dialog title={t("setUpApp")} isOpen onClose={onClose}>
      {begun.isError ? (
        <div className="grid gap-4">
          <FactorRefusal failure={begun.error} />
          <Button onClick={() => mutate()}>{t("tryAgain")}</Button>
        </div>
      ) : begun.data === undefined ? (
        <SkeletonRows rows={5} />
      ) : (
        <Confirm totpKey={begun.data} onDone={onClose} />
      )}
    </Dialog>
  );
}

function Confirm({ totpKey, onDone }: { totpKey: TotpKeyOut; onDone: () => void }) {
  const t = useTranslations("factors");
  const client = useQueryClient();
  const toast = useToast();
  const { renew } = useSession();
  const [code, setCode] = useState("");
  const confirm = useMutation({
    mutationFn: () => identityConfirmTotp({ body: { code: code.replaceAll(" ", "") } }),
    onSuccess: async (session) => {
      toast(t("appAdded"));
      await client.invalidateQueries({ queryKey: FACTORS.queryKey });
      renew(session);
      onDone();
    },
    onError: () => setCode(""),
  });
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        confirm.mutate();
      }}
    >
      <p>{t("scan")}</p>
      <div className="flex flex-wrap items-center gap-5">
        <img
          src={`data:image/svg+xml,${encodeURIComponent(totpKey.picture)}`}
          alt={t("qrCode")}
          width={176}
          height={176}
          className="rounded-lg bg-paper"
        />
        <div className="min-w-48 flex-1">
          <p className="text-sm text-ink-2">{t("orType")}</p>
          <p translate="no" dir="ltr" className="font-mono break-words select-all">
            {totpKey.key.match(/.{1,4}/g)?.join(" ")}
          </p>
        </div>
      </div>
      <FactorRefusal failure={confirm.error} />
      <CodeField kind="totp" value={code} onValue={setCode} size="md" />
      <Button type="submit" kind="primary" isBusy={confirm.isPending}>
        {t("confirm")}
      </Button>
    </form>
  );
}
