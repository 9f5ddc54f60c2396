// Which roles must have a second factor.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "use-intl";

import { type FactorPolicyOut, identityReadFactorPolicy, identitySetFactorPolicy } from "@/api";
import { FactorRefusal } from "@/features/account/give-factor";
import { useRoleName, useRoles } from "@/features/people/queries";
import { raceOf } from "@/race";
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
        <Roles policy={policy.data} all={roles.data.items.map((role) => role.key)} />
      )}
    </Card>
  );
}

interface Tick {
  role: string;
  isRequired: boolean;
}

/** State the policy with one role more or less; where somebody else was first, upon what they have stated. */
async function ticked(read: FactorPolicyOut, { role, isRequired }: Tick): Promise<FactorPolicyOut> {
  const others = read.roles.filter((one) => one !== role);
  const roles = isRequired ? [...others, role] : others;
  try {
    return await identitySetFactorPolicy({ body: { version: read.version, roles } });
  } catch (failure) {
    const race = raceOf(failure);
    if (race === null) throw failure;
    return ticked(race.theirs as unknown as FactorPolicyOut, { role, isRequired });
  }
}

function Roles({ policy, all }: { policy: FactorPolicyOut; all: readonly string[] }) {
  const t = useTranslations("factors");
  const roleName = useRoleName();
  const client = useQueryClient();
  const toast = useToast();
  const save = useMutation({
    mutationFn: (tick: Tick) => ticked(policy, tick),
    onSuccess: async (stated) => {
      client.setQueryData(KEY, stated);
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
            checked={policy.roles.includes(role)}
            disabled={save.isPending}
            onChange={(event) => save.mutate({ role, isRequired: event.target.checked })}
          />
          {roleName(role)}
        </label>
      ))}
    </div>
  );
}
