// Which roles must have a second factor.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "use-intl";

import { identityReadFactorPolicy, identitySetFactorPolicy } from "@/api";
import { FactorRefusal } from "@/features/account/give-factor";
import { useRoleName, useRoles } from "@/features/people/queries";
import { SkeletonRows } from "@/ui/marks";
import { Card } from "@/ui/page";
import { ErrorState } from "@/ui/states";
import { useToast } from "@/ui/toast";

const KEY = ["factor-policy"];

export function FactorPolicy() {
  const t = useTranslations("factors");
  const policy = useQuery({ queryKey: KEY, queryFn: ({ signal }) => identityReadFactorPolicy({ signal }) });
  const roles = useRoles();
  const failed = policy.isError ? policy : roles.isError ? roles : null;
  return (
    <Card title={t("policyTitle")}>
      <p className="mb-3 text-ink-2">{t("policyHint")}</p>
      {failed !== null ? (
        <ErrorState failure={failed.error} onRetry={() => void failed.refetch()} />
      ) : policy.data === undefined || roles.data === undefined ? (
        <SkeletonRows rows={2} />
      ) : (
        <Roles required={policy.data.roles} all={roles.data.items.map((role) => role.key)} />
      )}
    </Card>
  );
}

function Roles({ required, all }: { required: readonly string[]; all: readonly string[] }) {
  const t = useTranslations("factors");
  const roleName = useRoleName();
  const client = useQueryClient();
  const toast = useToast();
  const save = useMutation({
    mutationFn: (roles: string[]) => identitySetFactorPolicy({ body: { roles } }),
    onSuccess: async (policy) => {
      client.setQueryData(KEY, policy);
      toast(t("policySaved"));
      // Whoever has just bound themselves is led to set a factor up.
      await client.invalidateQueries({ queryKey: ["session"] });
    },
  });
  return (
    <div className="grid gap-2">
      <FactorRefusal failure={save.error} />
      {all.map((role) => (
        <label key={role} className="hit flex items-center gap-2">
          <input
            type="checkbox"
            className="size-4 accent-accent"
            checked={required.includes(role)}
            disabled={save.isPending}
            onChange={(event) =>
              save.mutate(event.target.checked ? [...required, role] : required.filter((one) => one !== role))
            }
          />
          {roleName(role)}
        </label>
      ))}
    </div>
  );
}
