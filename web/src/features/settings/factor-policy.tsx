// Which roles must have a second factor.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "use-intl";

import { type FactorPolicyOut, identityReadFactorPolicy, identitySetFactorPolicy } from "@/api";
import { FactorRefusal } from "@/features/account/give-factor";
import { SkeletonRows } from "@/ui/marks";
import { Card } from "@/ui/page";
import { ErrorState } from "@/ui/states";
import { useToast } from "@/ui/toast";

type Role = FactorPolicyOut["roles"][number];
const KEY = ["factor-policy"];
const ROLES: readonly Role[] = ["owner", "cashier"];

export function FactorPolicy() {
  const t = useTranslations("factors");
  const policy = useQuery({ queryKey: KEY, queryFn: ({ signal }) => identityReadFactorPolicy({ signal }) });
  return (
    <Card title={t("policyTitle")}>
      <p className="mb-3 text-ink-2">{t("policyHint")}</p>
      {policy.isError ? (
        <ErrorState failure={policy.error} onRetry={() => void policy.refetch()} />
      ) : policy.isPending ? (
        <SkeletonRows rows={2} />
      ) : (
        <Roles required={policy.data.roles} />
      )}
    </Card>
  );
}

function Roles({ required }: { required: readonly Role[] }) {
  const t = useTranslations("factors");
  const common = useTranslations("common");
  const client = useQueryClient();
  const toast = useToast();
  const save = useMutation({
    mutationFn: (roles: Role[]) => identitySetFactorPolicy({ body: { roles } }),
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
      {ROLES.map((role) => (
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
          {common("role", { role })}
        </label>
      ))}
    </div>
  );
}
