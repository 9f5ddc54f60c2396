// API keys: one's own, and those of services for whoever may manage them.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";

import { identityRevokeOwnKey, identityRevokeServiceKey, type KeyOut } from "@/api";
import { useSession } from "@/app/session";
import { useRightName } from "@/features/people/queries";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { SkeletonRows } from "@/ui/marks";
import { useMoment } from "@/ui/money";
import { Card } from "@/ui/page";
import { ErrorState, Refusal } from "@/ui/states";
import { useToast } from "@/ui/toast";

import { MakeKey } from "./keys-make";
import { keysOf, type Owner, useKeys } from "./keys-queries";

export function Keys() {
  const { may } = useSession();
  return (
    <>
      <KeysOf owner="person" />
      {may("identity.keys") && <KeysOf owner="service" />}
    </>
  );
}

function KeysOf({ owner }: { owner: Owner }) {
  const t = useTranslations("keys");
  const [isMaking, setMaking] = useState(false);
  const [revoked, setRevoked] = useState<KeyOut | null>(null);
  const keys = useKeys(owner);
  return (
    <Card title={t("title", { owner })}>
      <p className="mb-3 text-ink-2">{t("hint", { owner })}</p>
      {keys.isError ? (
        <ErrorState failure={keys.error} onRetry={() => void keys.refetch()} />
      ) : keys.isPending ? (
        <SkeletonRows rows={2} />
      ) : (
        <ul className="mb-3 grid gap-3">
          {keys.data.items.map((key) => (
            <Row key={key.id} apiKey={key} onRevoke={() => setRevoked(key)} />
          ))}
        </ul>
      )}
      <Button disabled={!keys.isSuccess} onClick={() => setMaking(true)}>
        {t("make", { owner })}
      </Button>
      <Dialog title={t("make", { owner })} isOpen={isMaking} onClose={() => setMaking(false)} size="sm">
        <MakeKey owner={owner} grantable={keys.data?.grantable ?? []} />
      </Dialog>
      <Dialog title={t("revoke")} isOpen={revoked !== null} onClose={() => setRevoked(null)} size="sm">
        {revoked !== null && <Revoke owner={owner} apiKey={revoked} onDone={() => setRevoked(null)} />}
      </Dialog>
    </Card>
  );
}

function Row({ apiKey, onRevoke }: { apiKey: KeyOut; onRevoke: () => void }) {
  const t = useTranslations("keys");
  const moment = useMoment();
  const rightName = useRightName();
  return (
    <li className="flex flex-wrap items-start gap-3">
      <div className="min-w-0 flex-1">
        <p className="font-medium break-words">{apiKey.name}</p>
        <p className="text-ink-2">
          <span translate="no">{apiKey.hint}</span>
          {" · "}
          {t("until", { day: moment(apiKey.expires_at) })}
          {" · "}
          {apiKey.last_used_at === null
            ? t("neverUsed")
            : t("lastUsed", { day: moment(apiKey.last_used_at) })}
        </p>
        <p className="break-words text-ink-2">
          {apiKey.permissions.map((right) => rightName(right, right)).join(", ")}
        </p>
      </div>
      <Button aria-label={t("revokeNamed", { name: apiKey.name })} onClick={onRevoke}>
        {t("revoke")}
      </Button>
    </li>
  );
}

function Revoke({ owner, apiKey, onDone }: { owner: Owner; apiKey: KeyOut; onDone: () => void }) {
  const t = useTranslations("keys");
  const client = useQueryClient();
  const toast = useToast();
  const revoke = useMutation({
    mutationFn: () =>
      owner === "person"
        ? identityRevokeOwnKey({ path: { key_id: apiKey.id } })
        : identityRevokeServiceKey({ path: { key_id: apiKey.id } }),
    onSuccess: async () => {
      toast(t("revoked", { name: apiKey.name }));
      await client.invalidateQueries({ queryKey: keysOf(owner) });
      onDone();
    },
  });
  return (
    <div className="grid gap-4">
      <Refusal failure={revoke.error} />
      <p>{t("revokeHint", { name: apiKey.name })}</p>
      <Button kind="danger" isBusy={revoke.isPending} onClick={() => revoke.mutate()}>
        {t("revoke")}
      </Button>
    </div>
  );
}
