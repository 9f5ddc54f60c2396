// One's own passkeys: which there are, when each was used last, one more, and taking one away.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { KeyRound, Trash2 } from "lucide-react";
import { useState } from "react";
import { useFormatter, useTranslations } from "use-intl";

import {
  type FactorsOut,
  identityAddPasskey,
  identityBeginPasskey,
  identityRemovePasskey,
  type OwnPasskeyOut,
} from "@/api";
import { useSession } from "@/app/session";
import { Button, IconButton } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { TextField } from "@/ui/field";
import { useToast } from "@/ui/toast";

import { FACTORS } from "./factors-queries";
import { FactorRefusal } from "./give-factor";
import { arePasskeysHere, makePasskey } from "./webauthn";

export function Passkeys({ factors }: { factors: FactorsOut }) {
  const t = useTranslations("factors");
  const [isAdding, setAdding] = useState(false);
  return (
    <section aria-label={t("passkeys")} className="grid gap-2 border-t border-line-2 pt-4">
      <h3 className="font-medium">{t("passkeys")}</h3>
      <p className="text-ink-2">{t("passkeysHint")}</p>
      {factors.passkeys.length > 0 && (
        <ul className="grid">
          {factors.passkeys.map((passkey) => (
            <Passkey key={passkey.id} passkey={passkey} />
          ))}
        </ul>
      )}
      <div>
        <Button disabled={!arePasskeysHere()} onClick={() => setAdding(true)}>
          {t("addPasskey")}
        </Button>
        {!arePasskeysHere() && <p className="mt-1 text-sm text-ink-3">{t("passkeysNotHere")}</p>}
      </div>
      {isAdding && <AddPasskey onClose={() => setAdding(false)} />}
    </section>
  );
}

function Passkey({ passkey }: { passkey: OwnPasskeyOut }) {
  const t = useTranslations("factors");
  const client = useQueryClient();
  const toast = useToast();
  const format = useFormatter();
  const remove = useMutation({
    mutationFn: () => identityRemovePasskey({ path: { passkey_id: passkey.id } }),
    onSuccess: () => toast(t("removed")),
    onSettled: () => client.invalidateQueries({ queryKey: FACTORS.queryKey }),
  });
  return (
    <li className="grid gap-2 border-b border-line-2 py-2 last:border-b-0">
      <div className="flex items-center gap-3">
        <KeyRound size={17} aria-hidden className="text-ink-3" />
        <p className="min-w-0 flex-1">
          <span className="block truncate font-medium" dir="auto">
            {passkey.name}
          </span>
          <span className="block text-sm text-ink-3">
            {t("since", {
              day: format.dateTime(new Date(passkey.created_at), { dateStyle: "medium" }),
              used: format.dateTime(new Date(passkey.last_used_at ?? passkey.created_at), {
                dateStyle: "medium",
                timeStyle: "short",
              }),
            })}
            {" · "}
            <span translate="no">{passkey.site}</span>
          </span>
        </p>
        <IconButton
          label={t("removePasskey", { name: passkey.name })}
          isBusy={remove.isPending}
          onClick={() => remove.mutate()}
        >
          <Trash2 size={16} aria-hidden />
        </IconButton>
      </div>
      <FactorRefusal failure={remove.error} />
    </li>
  );
}

export function AddPasskey({ onClose }: { onClose: () => void }) {
  const t = useTranslations("factors");
  const client = useQueryClient();
  const toast = useToast();
  const { renew } = useSession();
  const [name, setName] = useState(t("thisDevice"));
  const add = useMutation({
    mutationFn: async () =>
      identityAddPasskey({ body: await makePasskey(await identityBeginPasskey(), name) }),
    onSuccess: async (session) => {
      toast(t("passkeyAdded", { name }));
      await client.invalidateQueries({ queryKey: FACTORS.queryKey });
      renew(session);
      onClose();
    },
  });
  return (
    <Dialog title={t("addPasskey")} isOpen onClose={onClose} size="sm">
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate();
        }}
      >
        <p className="text-ink-2">{t("addPasskeyHint")}</p>
        <FactorRefusal failure={add.error} />
        <TextField
          label={t("passkeyName")}
          required
          maxLength={100}
          dir="auto"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Button type="submit" kind="primary" isBusy={add.isPending}>
          {t("goOn")}
        </Button>
      </form>
    </Dialog>
  );
}
