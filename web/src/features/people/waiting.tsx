// People who signed up by themselves, confirmed their address and wait: approving with a role, or refusing.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";

import { identityApproveSignUp, identityListSignUps, identityRefuseSignUp, type WaitingOut } from "@/api";
import { setupQuery } from "@/features/identity/setup";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { SkeletonRows } from "@/ui/marks";
import { ErrorState, Refusal } from "@/ui/states";
import { useToast } from "@/ui/toast";

import { PEOPLE } from "./queries";
import { RoleField } from "./role-field";
import { StoresField } from "./stores-field";

/** Nothing where people do not sign up by themselves. */
export function Waiting() {
  const setup = useQuery(setupQuery);
  return setup.data?.takes_sign_ups === true ? <WaitingList /> : null;
}

function WaitingList() {
  const t = useTranslations("people");
  const [open, setOpen] = useState<{ person: WaitingOut; decision: "approve" | "refuse" } | null>(null);
  const waiting = useQuery({
    queryKey: [...PEOPLE, "waiting"],
    queryFn: ({ signal }) => identityListSignUps({ query: { limit: 200 }, signal }),
  });
  if (waiting.isError) return <ErrorState failure={waiting.error} onRetry={() => void waiting.refetch()} />;
  if (waiting.isPending) return <SkeletonRows rows={1} />;
  const close = () => setOpen(null);
  return (
    <section className="mt-4 grid gap-2 border-t border-line-2 pt-4">
      <h3 className="font-medium">{t("waiting")}</h3>
      {waiting.data.items.length === 0 && <p className="text-ink-2">{t("nobodyWaits")}</p>}
      <ul className="grid gap-2">
        {waiting.data.items.map((person) => (
          <li key={person.id} className="flex flex-wrap items-center gap-x-3 gap-y-1">
            {/* Where both find no room in one line, the buttons go to the next. */}
            <div className="flex min-w-0 flex-1 basis-64 flex-wrap gap-x-3">
              <span className="font-medium">
                <bdi>{person.name}</bdi>
              </span>
              <span className="min-w-0 wrap-anywhere text-ink-2">{person.email}</span>
            </div>
            <div className="flex flex-wrap gap-3">
              <Button
                aria-label={t("approvePerson", { name: person.name })}
                onClick={() => setOpen({ person, decision: "approve" })}
              >
                {t("approve")}
              </Button>
              <Button
                aria-label={t("refusePerson", { name: person.name })}
                onClick={() => setOpen({ person, decision: "refuse" })}
              >
                {t("refuse")}
              </Button>
            </div>
          </li>
        ))}
      </ul>
      <Dialog
        title={
          open === null
            ? ""
            : t(open.decision === "approve" ? "approvePerson" : "refusePerson", { name: open.person.name })
        }
        isOpen={open !== null}
        onClose={close}
        size="sm"
      >
        {open?.decision === "approve" && <Approving person={open.person} onDone={close} />}
        {open?.decision === "refuse" && <Refusing person={open.person} onDone={close} />}
      </Dialog>
    </section>
  );
}

interface DecidingProps {
  person: WaitingOut;
  onDone: () => void;
}

function useDecided(message: string, onDone: () => void) {
  const client = useQueryClient();
  const toast = useToast();
  return () => {
    toast(message);
    onDone();
    return client.invalidateQueries({ queryKey: PEOPLE });
  };
}

function Approving({ person, onDone }: DecidingProps) {
  const t = useTranslations("people");
  const [role, setRole] = useState("cashier");
  const [stores, setStores] = useState<string[] | null>(null);
  const approve = useMutation({
    mutationFn: () =>
      identityApproveSignUp({
        path: { sign_up_id: person.id },
        body: { role, place_ids: role === "owner" ? null : stores },
      }),
    onSuccess: useDecided(t("approved", { name: person.name }), onDone),
  });
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        approve.mutate();
      }}
    >
      <Refusal failure={approve.error} />
      <p className="text-ink-2">{t("approveHint", { email: person.email })}</p>
      <RoleField label={t("role")} value={role} onRole={setRole} />
      {role !== "owner" && <StoresField value={stores} onStores={setStores} />}
      <Button
        type="submit"
        kind="primary"
        isBusy={approve.isPending}
        disabled={role !== "owner" && stores?.length === 0}
      >
        {t("approve")}
      </Button>
    </form>
  );
}

function Refusing({ person, onDone }: DecidingProps) {
  const t = useTranslations("people");
  const refuse = useMutation({
    mutationFn: () => identityRefuseSignUp({ path: { sign_up_id: person.id } }),
    onSuccess: useDecided(t("refused", { name: person.name }), onDone),
  });
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        refuse.mutate();
      }}
    >
      <Refusal failure={refuse.error} />
      <p className="text-ink-2">{t("refuseHint", { email: person.email })}</p>
      <Button type="submit" kind="danger" isBusy={refuse.isPending}>
        {t("refuse")}
      </Button>
    </form>
  );
}
