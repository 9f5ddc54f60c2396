// The people of the shop, and inviting one by a link that works once.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";

import { identityInvitePerson, identityListPeople } from "@/api";
import { useSession } from "@/app/session";
import { OneTimeLink } from "@/features/identity/one-time-link";
import { ResetLink } from "@/features/identity/reset-link";
import { newId } from "@/ids";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { SelectField, TextField } from "@/ui/field";
import { Badge, SkeletonRows } from "@/ui/marks";
import { Card } from "@/ui/page";
import { ErrorState, Refusal } from "@/ui/states";

const KEY = ["people"];
const ROLES = ["cashier", "owner"] as const;

export function People() {
  const t = useTranslations("settings");
  const common = useTranslations("common");
  const { session } = useSession();
  const [isInviting, setInviting] = useState(false);
  const people = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => identityListPeople({ query: { limit: 200 }, signal }),
  });
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
              <span className="font-medium">{person.name}</span>
              <span className="flex-1 text-ink-2">{person.email}</span>
              <span className="text-ink-2">{common("role", { role: person.role })}</span>
              {!person.is_active && <Badge tone="warn">{t("inactive")}</Badge>}
              {person.is_active && person.id !== session?.person.id && <ResetLink person={person} />}
            </li>
          ))}
        </ul>
      )}
      <Button onClick={() => setInviting(true)}>{t("invite")}</Button>
      <Dialog title={t("invite")} isOpen={isInviting} onClose={() => setInviting(false)} size="sm">
        <Invite />
      </Dialog>
    </Card>
  );
}

function Invite() {
  const t = useTranslations("settings");
  const client = useQueryClient();
  const [id] = useState(newId);
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<(typeof ROLES)[number]>("cashier");
  const invite = useMutation({
    mutationFn: () => identityInvitePerson({ body: { id, name, email, role } }),
    onSuccess: () => client.invalidateQueries({ queryKey: KEY }),
  });
  if (invite.data !== undefined) return <OneTimeLink lead={t("inviteLink")} path={invite.data.link_path} />;
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
      <SelectField
        label={t("role")}
        value={role}
        onChange={(event) => setRole(ROLES.find((one) => one === event.target.value) ?? "cashier")}
      >
        {ROLES.map((one) => (
          <option key={one} value={one}>
            {t(one)}
          </option>
        ))}
      </SelectField>
      <Button type="submit" kind="primary" isBusy={invite.isPending}>
        {t("makeLink")}
      </Button>
    </form>
  );
}
