// The people of the shop, and inviting one by a link that works once.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Copy } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";

import { identityInvitePerson, identityListPeople } from "@/api";
import { newId } from "@/ids";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { SelectField, TextField } from "@/ui/field";
import { Badge, SkeletonRows } from "@/ui/marks";
import { Card } from "@/ui/page";
import { ErrorState, Refusal } from "@/ui/states";
import { useToast } from "@/ui/toast";

const KEY = ["people"];
const ROLES = ["cashier", "owner"] as const;

export function People() {
  const t = useTranslations("settings");
  const common = useTranslations("common");
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
  const mail = useTranslations("mail");
  const client = useQueryClient();
  const [id] = useState(newId);
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<(typeof ROLES)[number]>("cashier");
  const invite = useMutation({
    mutationFn: () => identityInvitePerson({ body: { id, name, email, role } }),
    onSuccess: () => client.invalidateQueries({ queryKey: KEY }),
  });
  if (invite.data?.link_path != null)
    return <OneTimeLink link={`${window.location.origin}${invite.data.link_path}`} />;
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

function OneTimeLink({ link }: { link: string }) {
  const t = useTranslations("settings");
  const common = useTranslations("common");
  const toast = useToast();
  return (
    <div className="grid gap-3">
      <p>{t("inviteLink")}</p>
      <p className="rounded-lg bg-line-2 p-3 break-all select-all">{link}</p>
      <Button
        kind="primary"
        onClick={() => void navigator.clipboard.writeText(link).then(() => toast(common("copied")))}
      >
        <Copy size={16} aria-hidden />
        {common("copy")}
      </Button>
    </div>
  );
}
