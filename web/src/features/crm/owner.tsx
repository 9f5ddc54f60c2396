// Whose a contact is: shown with its facts, chosen among those whose contacts one sees, and what a list is narrowed to.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId } from "react";
import { useTranslations } from "use-intl";

import { type ContactOut, crmChangeContact } from "@/api";
import { useSession } from "@/app/session";
import { Refusal } from "@/ui/states";

import type { Search } from "./list-state";
import { refresh, useOwners } from "./queries";

const SELECT = "min-h-9 max-w-48 min-w-0 rounded-lg border border-edge bg-panel px-2";
const HOUSE = "house";

/** Narrows a list down to one's own contacts, those of a colleague, or the house's. */
export function OwnerFilter({ search, change }: { search: Search; change: (next: Search) => void }) {
  const t = useTranslations("crm");
  const { session } = useSession();
  const owners = useOwners().data;
  const others = (owners?.items ?? []).filter(({ id }) => id !== session?.person.id);
  const house = owners?.house === true;
  // It is there, and as wide, before its choices are known, so that nothing moves under the pointer.
  return (
    <select
      aria-label={t("owner")}
      className={`${SELECT} w-44 text-ink-2`}
      value={search.owner ?? ""}
      onChange={(event) => change({ owner: event.target.value || undefined })}
    >
      <option value="">{t("anybodys")}</option>
      <option value="me">{t("myContacts")}</option>
      {house && <option value={HOUSE}>{t("house")}</option>}
      {others.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  );
}

/** Gives what is picked to somebody at once. */
export function GiveSelect({ label, onGive }: { label: string; onGive: (ownerId: string | null) => void }) {
  const t = useTranslations("crm");
  const owners = useOwners().data;
  const people = owners?.items ?? [];
  const hasHouse = owners?.house === true;
  if (people.length + Number(hasHouse) < 2) return null;
  return (
    <select
      aria-label={label}
      className={SELECT}
      value=""
      onChange={(event) => onGive(event.target.value === HOUSE ? null : event.target.value)}
    >
      <option value="" disabled>
        {label}
      </option>
      {hasHouse && <option value={HOUSE}>{t("house")}</option>}
      {people.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  );
}

/** Whose a contact is; those who may change it choose anew. */
export function OwnerFact({ contact }: { contact: ContactOut }) {
  const t = useTranslations("crm");
  const { may } = useSession();
  const id = useId();
  const client = useQueryClient();
  const owners = useOwners().data;
  const give = useMutation({
    mutationFn: (ownerId: string | null) =>
      crmChangeContact({
        path: { contact_id: contact.id },
        body: { version: contact.version, owner_id: ownerId },
      }),
    onSettled: () => refresh(client),
  });
  const people = owners?.items ?? [];
  const hasHouse = owners?.house === true;
  const name = contact.owner_name ?? t("house");
  const shown = contact.has_owner_left ? t("ownerLeft", { name }) : name;
  if (!may("crm.write") || people.length + Number(hasHouse) < 2)
    return (
      <>
        <dt className="text-ink-2">{t("owner")}</dt>
        <dd className="min-h-9 break-words">{shown}</dd>
      </>
    );
  const isListed = contact.owner_id === null ? hasHouse : people.some((one) => one.id === contact.owner_id);
  return (
    <>
      <dt className="text-ink-2">
        <label htmlFor={id}>{t("owner")}</label>
      </dt>
      <dd className="grid gap-1">
        <select
          id={id}
          className={`${SELECT} max-w-full`}
          disabled={give.isPending}
          value={contact.owner_id ?? HOUSE}
          onChange={(event) => give.mutate(event.target.value === HOUSE ? null : event.target.value)}
        >
          {!isListed && <option value={contact.owner_id ?? HOUSE}>{shown}</option>}
          {hasHouse && <option value={HOUSE}>{t("house")}</option>}
          {people.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name}
            </option>
          ))}
        </select>
        <Refusal failure={give.error} />
      </dd>
    </>
  );
}
