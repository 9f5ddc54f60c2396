// The people of the shop: who they are, and inviting one by a link that works once.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";

import { identityInvitePerson } from "@/api";
import { useSession } from "@/app/session";
import { OneTimeLink } from "@/features/identity/one-time-link";
import { ResetLink } from "@/features/identity/reset-link";
import { newId } from "@/ids";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { TextField } from "@/ui/field";
import { Badge, SkeletonRows } from "@/ui/marks";
import { Card } from "@/ui/page";
import { ErrorState, Refusal } from "@/ui/states";

import { PersonDetails } from "./person";
import { PEOPLE, usePeople, useRoleName } from "./queries";
import { RoleField } from "./role-field";
import { StoresField } from "./stores-field";
import { Waiting } from "./waiting";

export function People() {
  const t = useTranslations("people");
  const roleName = useRoleName();
  const { session } = useSession();
  const [isInviting, setInviting] = useState(false);
  const [openId, setOpenId] = useState<string | null>(null);
  const people = usePeople();
  const open = people.data?.items.find((person) => person.id === openId);
  return (
    <Card title={t("people")}>
      {people.isError ? (
        <ErrorState failure={people.error} onRetry={() => void people.refetch()} />
      ) : people.isPending ? (
        <SkeletonRows rows={3} />
      ) : (
        <ul className="mb-3 grid gap-2">
          {people.data.items.map((person) => (
            <li key={person.id} className="flex flex-wrap items-center gap-3">
              <button
                type="button"
                aria-label={t("open", { name: person.name })}
                className="hit font-medium text-accent underline"
                onClick={() => setOpenId(person.id)}
              >
                {person.name}
              </button>
              <span className="flex-1 text-ink-2">{person.email}</span>
              <span className="text-ink-2">{roleName(person.role)}</span>
              {!person.is_active && <Badge tone="warn">{t("inactive")}</Badge>}
              {person.is_active && person.id !== session?.person.id && <ResetLink person={person} />}
            </li>
          ))}
        </ul>
      )}
      <Button onClick={() => setInviting(true)}>{t("invite")}</Button>
      <Waiting />
      <Dialog title={t("invite")} isOpen={isInviting} onClose={() => setInviting(false)} size="sm">
        <Invite />
      </Dialog>
      <Dialog title={open?.name ?? ""} isOpen={open !== undefined} onClose={() => setOpenId(null)} side>
        {open !== undefined && (
          <PersonDetails
            key={open.id}
            person={open}
            isOwn={open.id === session?.person.id}
            onGone={() => setOpenId(null)}
          />
        )}
      </Dialog>
    </Card>
  );
}

function Invite() {
  const t = useTranslations("people");
  const mail = useTranslations("mail");
  const client = useQueryClient();
  const [id] = useState(newId);
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [role, setRole] = useState("cashier");
  const [stores, setStores] = useState<string[] | null>(null);
  const invite = useMutation({
    mutationFn: () =>
      identityInvitePerson({ body: { id, name, email, role, place_ids: role === "owner" ? null : stores } }),
    onSuccess: () => client.invalidateQueries({ queryKey: PEOPLE }),
  });
  if (invite.data?.link_path != null)
    return <OneTimeLink lead={t("inviteLink")} path={invite.data.link_path} />;
  if (invite.data !== undefined) return <p>{mail("invited", { email })}</p>;
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        invite.mutate();
      }}
    >
      <Refusal failure={invite.error} />
      <TextField
        label={t("name")}
        required
        autoFocus
        maxLength={100}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <TextField
        label={t("email")}
        type="email"
        required
        value={email}
        onChange={(event) => setEmail(event.target.value)}
      />
      <RoleField label={t("role")} value={role} onRole={setRole} />
      {role !== "owner" && <StoresField value={stores} onStores={setStores} />}
      <Button
        type="submit"
        kind="primary"
        isBusy={invite.isPending}
        disabled={role !== "owner" && stores?.length === 0}
      >
        {t("makeLink")}
      </Button>
    </form>
  );
}
