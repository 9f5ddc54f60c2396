// One person: role, access, rights and why, and deleting them with the address typed.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslations } from "use-intl";

import { identityChangePerson, identityDeletePerson, identityReadRights, type PersonOut } from "@/api";
import { versionAfter } from "@/race";
import { Button } from "@/ui/button";
import { TextField } from "@/ui/field";
import { SkeletonRows } from "@/ui/marks";
import { RaceRefusal, takeTheirs } from "@/ui/race";
import { ErrorState } from "@/ui/states";
import { useToast } from "@/ui/toast";

import { keyOf, PEOPLE, useRightName, useRoleName, useTold } from "./queries";
import { RoleField } from "./role-field";
import { StoresField } from "./stores-field";

export interface PersonDetailsProps {
  person: PersonOut;
  isOwn: boolean;
  onGone: () => void;
}

export function PersonDetails({ person, isOwn, onGone }: PersonDetailsProps) {
  const t = useTranslations("people");
  return (
    <div className="grid gap-6">
      {isOwn ? <p className="text-ink-2">{t("ownAccess")}</p> : <Standing person={person} />}
      <Rights person={person} />
      {!isOwn && <Deleting person={person} onGone={onGone} />}
    </div>
  );
}

function Standing({ person }: { person: PersonOut }) {
  const t = useTranslations("people");
  const common = useTranslations("common");
  const rightsOf = useTranslations("rights");
  const client = useQueryClient();
  const toast = useToast();
  // What the form began with: a list that is read anew meanwhile takes nothing of what was typed away.
  const [read, setRead] = useState(person.version);
  const [name, setName] = useState(person.name);
  const [role, setRole] = useState(person.role);
  const [isActive, setActive] = useState(person.is_active);
  const [stores, setStores] = useState(person.place_ids);
  const told = useTold();
  const take = (field: string, value: unknown) => {
    if (field === "name") setName(String(value));
    if (field === "role") setRole(String(value));
    if (field === "is_active") setActive(value === true);
    if (field === "place_ids") setStores(value as string[] | null);
  };
  const save = useMutation({
    mutationFn: (version: number) =>
      identityChangePerson({
        path: { person_id: person.id },
        body: {
          version,
          name,
          role,
          is_active: isActive,
          ...(role !== "owner" && { place_ids: stores }),
        },
      }),
    onSuccess: (changed) => {
      setRead(changed.version);
      toast(t("saved", { name: changed.name }));
      return client.invalidateQueries({ queryKey: PEOPLE });
    },
    onError: (failure) => takeTheirs(failure, take),
  });
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(versionAfter(save.error, read));
      }}
    >
      <RaceRefusal failure={save.error} {...told} onTake={take} />
      <TextField
        label={t("name")}
        required
        maxLength={200}
        dir="auto"
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <RoleField label={t("role")} value={role} onRole={setRole} />
      {role === "owner" ? (
        <p className="text-ink-2">{rightsOf("ownerEverywhere")}</p>
      ) : (
        <StoresField value={stores} onStores={setStores} />
      )}
      <label className="flex min-h-6 items-center gap-2">
        <input
          type="checkbox"
          className="size-5"
          checked={isActive}
          onChange={(event) => setActive(event.target.checked)}
        />
        {t("active")}
      </label>
      <Button
        type="submit"
        kind="primary"
        isBusy={save.isPending}
        disabled={role !== "owner" && stores?.length === 0}
      >
        {common("save")}
      </Button>
    </form>
  );
}

/** Rights to see fields: who lacks them finds these fields empty, everywhere. */
const FIELDS = new Set(["catalog.read_cost", "crm.see_personal"]);

function Line({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex flex-wrap gap-x-3">
      <dt className="flex-1 font-medium">{name}</dt>
      <dd className="text-ink-2">{children}</dd>
    </div>
  );
}

function Rights({ person }: { person: PersonOut }) {
  const t = useTranslations("people");
  const named = useTranslations("rights");
  const rightName = useRightName();
  const roleName = useRoleName();
  const rights = useQuery({
    queryKey: [...PEOPLE, "rights", person.id, person.version],
    queryFn: ({ signal }) => identityReadRights({ path: { person_id: person.id }, signal }),
  });
  return (
    <section className="grid gap-2">
      <h3 className="font-medium">{t("rights", { name: person.name })}</h3>
      {rights.isError ? (
        <ErrorState failure={rights.error} onRetry={() => void rights.refetch()} />
      ) : rights.isPending ? (
        <SkeletonRows rows={4} />
      ) : (
        <>
          <dl className="grid gap-1 rounded-lg bg-bg p-3">
            <Line name={named("stores")}>{rights.data.places?.join(", ") ?? named("everywhere")}</Line>
            {rights.data.extents.map((kind) => (
              <Line key={kind.name} name={named("records", { name: keyOf(kind.name), title: kind.title })}>
                {named("extent", { extent: kind.extent })}
              </Line>
            ))}
          </dl>
          <ul className="grid gap-1">
            {rights.data.items.map((right) => (
              <li key={right.name} className="flex flex-wrap gap-x-3">
                <span className="flex-1">{rightName(right.name, right.title)}</span>
                <span className="text-ink-2">
                  {right.is_held
                    ? t("given", { role: roleName(rights.data.role) })
                    : FIELDS.has(right.name)
                      ? t("hidden")
                      : t("notGiven")}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function Deleting({ person, onGone }: { person: PersonOut; onGone: () => void }) {
  const t = useTranslations("people");
  const client = useQueryClient();
  const toast = useToast();
  const [typed, setTyped] = useState("");
  const told = useTold();
  const remove = useMutation({
    mutationFn: (version: number) =>
      identityDeletePerson({ path: { person_id: person.id }, query: { version } }),
    onSuccess: () => {
      toast(t("deleted", { name: person.name }));
      onGone();
      return client.invalidateQueries({ queryKey: PEOPLE });
    },
  });
  return (
    <form
      className="grid gap-3 border-t border-line-2 pt-4"
      onSubmit={(event) => {
        event.preventDefault();
        remove.mutate(versionAfter(remove.error, person.version));
      }}
    >
      <h3 className="font-medium">{t("deletePerson", { name: person.name })}</h3>
      <p className="text-ink-2">{t("deleteHint", { name: person.name })}</p>
      <RaceRefusal failure={remove.error} {...told} onTake={() => undefined} />
      <TextField
        label={t("email")}
        autoComplete="off"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      <Button type="submit" kind="danger" isBusy={remove.isPending} disabled={typed !== person.email}>
        {t("delete")}
      </Button>
    </form>
  );
}
