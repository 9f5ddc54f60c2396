// Roles: what each may do, by groups of rights; new ones start as copies.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";

import { identityAddRole, identityChangeRole, identityDeleteRole, type RoleOut } from "@/api";
import { useSession } from "@/app/session";
import { newId } from "@/ids";
import { versionAfter } from "@/race";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { SelectField, TextField } from "@/ui/field";
import { SkeletonRows } from "@/ui/marks";
import { Card } from "@/ui/page";
import { RaceRefusal, takeTheirs } from "@/ui/race";
import { ErrorState, Refusal } from "@/ui/states";

import { groupOf, keyOf, PEOPLE, usePermissions, useRightName, useRoleName, useRoles } from "./queries";
import { RoleField } from "./role-field";

type Extent = RoleOut["extents"][string];
const EXTENTS: Extent[] = ["own", "team", "all"];

export function Roles() {
  const t = useTranslations("people");
  const { may } = useSession();
  const roleName = useRoleName();
  const roles = useRoles();
  const [openKey, setOpenKey] = useState<string | null>(null);
  const [isAdding, setAdding] = useState(false);
  const open = roles.data?.items.find((role) => role.key === openKey);
  return (
    <Card title={t("roles")}>
      {roles.isError ? (
        <ErrorState failure={roles.error} onRetry={() => void roles.refetch()} />
      ) : roles.isPending ? (
        <SkeletonRows rows={5} />
      ) : (
        <ul className="mb-3 grid gap-2">
          {roles.data.items.map((role) => (
            <li key={role.key} className="flex flex-wrap items-center gap-3">
              <button
                type="button"
                aria-label={t("changeRole", { name: roleName(role.key) })}
                className="hit font-medium text-accent underline"
                onClick={() => setOpenKey(role.key)}
              >
                {roleName(role.key)}
              </button>
              <span className="text-ink-2">
                {t("roleLine", { rights: role.permissions.length, people: role.people })}
              </span>
            </li>
          ))}
        </ul>
      )}
      {may("identity.roles") && <Button onClick={() => setAdding(true)}>{t("newRole")}</Button>}
      <Dialog title={t("newRole")} isOpen={isAdding} onClose={() => setAdding(false)} size="sm">
        <NewRole roles={roles.data?.items ?? []} onDone={() => setAdding(false)} />
      </Dialog>
      <Dialog
        title={open === undefined ? "" : roleName(open.key)}
        isOpen={open !== undefined}
        onClose={() => setOpenKey(null)}
        side
      >
        {open !== undefined && <RoleEditor key={open.key} role={open} onGone={() => setOpenKey(null)} />}
      </Dialog>
    </Card>
  );
}

function NewRole({ roles, onDone }: { roles: RoleOut[]; onDone: () => void }) {
  const t = useTranslations("people");
  const common = useTranslations("common");
  const client = useQueryClient();
  const [id] = useState(newId);
  const [title, setTitle] = useState("");
  const [source, setSource] = useState("read_only");
  const add = useMutation({
    mutationFn: () =>
      identityAddRole({
        body: {
          id,
          title,
          permissions: roles.find((role) => role.key === source)?.permissions ?? [],
          extents: roles.find((role) => role.key === source)?.extents ?? {},
        },
      }),
    onSuccess: () => {
      onDone();
      return client.invalidateQueries({ queryKey: PEOPLE });
    },
  });
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        add.mutate();
      }}
    >
      <Refusal failure={add.error} />
      <TextField
        label={t("title")}
        required
        maxLength={200}
        value={title}
        onChange={(event) => setTitle(event.target.value)}
      />
      <RoleField label={t("copyOf")} value={source} onRole={setSource} />
      <Button type="submit" kind="primary" isBusy={add.isPending}>
        {common("save")}
      </Button>
    </form>
  );
}

function RoleEditor({ role, onGone }: { role: RoleOut; onGone: () => void }) {
  const t = useTranslations("people");
  const common = useTranslations("common");
  const { may } = useSession();
  const client = useQueryClient();
  const permissions = usePermissions();
  const named = useTranslations("rights");
  const rightName = useRightName();
  // What the form began with: a list that is read anew meanwhile takes nothing of what was typed away.
  const [read] = useState(role.version);
  const [held, setHeld] = useState(() => new Set(role.permissions));
  const [extents, setExtents] = useState(role.extents);
  const isFixed = role.key === "owner" || !may("identity.roles");
  const take = (field: string, value: unknown) => {
    if (field === "permissions") setHeld(new Set(value as string[]));
    if (field === "extents") setExtents(value as RoleOut["extents"]);
  };
  const onSuccess = () => {
    onGone();
    return client.invalidateQueries({ queryKey: PEOPLE });
  };
  const save = useMutation({
    mutationFn: (version: number) =>
      identityChangeRole({
        path: { key: role.key },
        body: { version, permissions: [...held].sort(), extents },
      }),
    onSuccess,
    onError: (failure) => takeTheirs(failure, take),
  });
  const remove = useMutation({
    mutationFn: (version: number) => identityDeleteRole({ path: { key: role.key }, query: { version } }),
    onSuccess,
  });
  const toggle = (name: string) =>
    setHeld((before) => {
      const after = new Set(before);
      if (!after.delete(name)) after.add(name);
      return after;
    });
  const items = permissions.data?.items ?? [];
  const told = (field: string, value: unknown, base: unknown) => {
    if (field === "extents")
      return Object.entries(value as RoleOut["extents"])
        .map(([name, extent]) => {
          const kind = permissions.data?.records.find((one) => one.name === name);
          const title = named("records", { name: keyOf(name), title: kind?.title ?? name });
          return `${title}: ${named("extent", { extent })}`;
        })
        .join("\n");
    // A role has dozens of rights: what one side did to them is what differs from before.
    const [after, before] = [value as string[], (base ?? []) as string[]];
    const title = (name: string) => rightName(name, items.find((one) => one.name === name)?.title ?? name);
    const less = before.filter((name) => !after.includes(name)).map((name) => `− ${title(name)}`);
    const more = after.filter((name) => !before.includes(name)).map((name) => `+ ${title(name)}`);
    return after === before ? t("rightCount", { count: after.length }) : [...less, ...more].join("\n");
  };
  const groups = [...new Set(items.map((right) => groupOf(right.name)))];
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(versionAfter(save.error ?? remove.error, read));
      }}
    >
      {role.key === "owner" && <p className="text-ink-2">{t("ownerFixed")}</p>}
      <RaceRefusal
        failure={save.error ?? remove.error}
        label={(field) => ({ permissions: t("roleRights"), extents: named("reach") })[field]}
        told={told}
        onTake={take}
      />
      {groups.map((group) => (
        <fieldset key={group} disabled={isFixed} className="grid gap-1">
          <legend className="mb-1 font-medium">{named("group", { group })}</legend>
          {items
            .filter((right) => groupOf(right.name) === group)
            .map((right) => (
              <label key={right.name} className="flex min-h-6 items-center gap-2">
                <input
                  type="checkbox"
                  className="size-5"
                  checked={held.has(right.name)}
                  onChange={() => toggle(right.name)}
                />
                {rightName(right.name, right.title)}
              </label>
            ))}
        </fieldset>
      ))}
      <fieldset disabled={isFixed} className="grid gap-2">
        <legend className="mb-1 font-medium">{named("reach")}</legend>
        {permissions.data?.records.map((kind) => (
          <SelectField
            key={kind.name}
            label={named("records", { name: keyOf(kind.name), title: kind.title })}
            value={extents[kind.name] ?? "all"}
            onChange={(event) => setExtents({ ...extents, [kind.name]: event.target.value as Extent })}
          >
            {EXTENTS.map((extent) => (
              <option key={extent} value={extent}>
                {named("extent", { extent })}
              </option>
            ))}
          </SelectField>
        ))}
        <p className="text-ink-2">{named("reachHint")}</p>
      </fieldset>
      {!isFixed && (
        <Button type="submit" kind="primary" isBusy={save.isPending}>
          {common("save")}
        </Button>
      )}
      {!isFixed && !role.is_built_in && (
        <Button
          kind="danger"
          isBusy={remove.isPending}
          onClick={() => remove.mutate(versionAfter(remove.error, read))}
        >
          {t("deleteRole")}
        </Button>
      )}
    </form>
  );
}
