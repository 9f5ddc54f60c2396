// People, roles and rights as the server has them, and what a role is called in the language of the page.
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";

import { identityListPeople, identityListPermissions, identityListPlaces, identityListRoles } from "@/api";

export const PEOPLE = ["people"];
export const ROLES = ["people", "roles"];

export const usePeople = () =>
  useQuery({
    queryKey: [...PEOPLE, "list"],
    queryFn: ({ signal }) => identityListPeople({ query: { limit: 200 }, signal }),
  });

export const useRoles = () =>
  useQuery({ queryKey: ROLES, queryFn: ({ signal }) => identityListRoles({ signal }) });

export const usePermissions = () =>
  useQuery({
    queryKey: ["people", "permissions"],
    queryFn: ({ signal }) => identityListPermissions({ signal }),
  });

export const usePlaces = () =>
  useQuery({ queryKey: ["people", "places"], queryFn: ({ signal }) => identityListPlaces({ signal }) });

/** Built-in roles are named in the language of the page, others as somebody titled them. */
export function useRoleName(): (key: string) => string {
  const common = useTranslations("common");
  const roles = useRoles();
  return (key) => {
    const role = roles.data?.items.find((one) => one.key === key);
    return role === undefined || role.is_built_in ? common("role", { role: key }) : role.title;
  };
}

/** The name of a right as messages select by it. */
export const keyOf = (name: string) => name.replace(".", "_");

/** Rights are named in the language of the page; one that it does not know, as the server titles it. */
export function useRightName(): (name: string, title: string) => string {
  const t = useTranslations("rights");
  return (name, title) => t("right", { name: keyOf(name), title });
}

/** How the fields of a person are called and read where somebody was first to change them. */
export function useTold() {
  const t = useTranslations("people");
  const rights = useTranslations("rights");
  const race = useTranslations("race");
  const roleName = useRoleName();
  const places = usePlaces();
  const names = { name: t("name"), role: t("role"), is_active: t("active"), place_ids: rights("stores") };
  return {
    label: (field: string): string | undefined => names[field as keyof typeof names],
    told: (field: string, value: unknown): string => {
      if (field === "role") return roleName(String(value));
      if (field === "is_active") return race("switch", { isOn: String(value) });
      if (field !== "place_ids") return String(value);
      const nameOf = (id: string) => places.data?.items.find((one) => one.id === id)?.name ?? "…";
      return value === null ? rights("everywhere") : (value as string[]).map(nameOf).join(", ");
    },
  };
}

/** The module that a right belongs to, by which rights are grouped. */
export function groupOf(right: string): string {
  return right.split(".")[0] ?? right;
}
