// Who I am here; the name is mine to change.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";

import { type AccountOut, identityChangeAccount } from "@/api";
import { useSession } from "@/app/session";
import { fieldError } from "@/features/identity/field-error";
import { raceOf, versionAfter } from "@/race";
import { Button } from "@/ui/button";
import { TextField } from "@/ui/field";
import { SkeletonRows } from "@/ui/marks";
import { Card } from "@/ui/page";
import { RaceRefusal } from "@/ui/race";
import { ErrorState } from "@/ui/states";
import { useToast } from "@/ui/toast";

import { ACCOUNT, useAccount } from "./queries";

export function Profile() {
  const t = useTranslations("account");
  const account = useAccount();
  return (
    <Card title={t("profile")}>
      {account.isError ? (
        <ErrorState failure={account.error} onRetry={() => void account.refetch()} />
      ) : account.isPending ? (
        <SkeletonRows rows={3} />
      ) : (
        <ProfileForm account={account.data} />
      )}
    </Card>
  );
}

function ProfileForm({ account }: { account: AccountOut }) {
  const t = useTranslations("account");
  const common = useTranslations("common");
  const client = useQueryClient();
  const toast = useToast();
  const { session, renew } = useSession();
  // What the form began with: a list that is read anew meanwhile takes nothing of what was typed away.
  const [read, setRead] = useState(account.version);
  const [name, setName] = useState(account.name);
  const save = useMutation({
    mutationFn: (version: number) => identityChangeAccount({ body: { version, name } }),
    onSuccess: (changed) => {
      setRead(changed.version);
      setName(changed.name);
      client.setQueryData(ACCOUNT, changed);
      if (session) renew({ ...session, person: { ...session.person, name: changed.name } });
      toast(t("saved"));
    },
  });
  // What was there before somebody else's change is a change too.
  const isSame = name.trim() === "" || (name.trim() === account.name && raceOf(save.error) === null);
  return (
    <form
      className="grid max-w-md gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(versionAfter(save.error, read));
      }}
    >
      <RaceRefusal
        failure={save.error}
        label={(field) => (field === "name" ? t("name") : undefined)}
        told={(_, value) => String(value)}
        onTake={(_, value) => setName(String(value))}
      />
      <TextField
        label={t("name")}
        autoComplete="name"
        required
        maxLength={200}
        dir="auto"
        error={fieldError(save.error, "name")}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <dl className="grid grid-cols-[6rem_1fr] gap-y-2">
        <dt className="text-ink-2">{t("email")}</dt>
        <dd className="min-w-0 break-words">{account.email}</dd>
        <dt className="text-ink-2">{t("role")}</dt>
        <dd>{common("role", { role: account.role })}</dd>
      </dl>
      <div>
        <Button type="submit" isBusy={save.isPending} disabled={isSame || save.isPending}>
          {common("save")}
        </Button>
      </div>
    </form>
  );
}
