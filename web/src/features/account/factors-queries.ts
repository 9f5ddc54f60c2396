// The person's own second factors, as they are asked for and told.
import { queryOptions } from "@tanstack/react-query";

import { type FactorsOut, identityReadFactors } from "@/api";

import type { FactorKind } from "./give-factor";

export const FACTORS = queryOptions({
  queryKey: ["account", "factors"],
  queryFn: ({ signal }) => identityReadFactors({ signal }),
});

/** The kinds of factor that a person can give. */
export function kindsOf(factors: FactorsOut): FactorKind[] {
  const kinds: FactorKind[] = [];
  if (factors.passkeys.length > 0) kinds.push("passkey");
  if (factors.totp !== null) kinds.push("totp");
  if (factors.recovery_codes_left > 0) kinds.push("recovery_code");
  return kinds;
}

/** Whether there is a factor besides the password. */
export function hasFactor(factors: FactorsOut): boolean {
  return factors.totp !== null || factors.passkeys.length > 0;
}
