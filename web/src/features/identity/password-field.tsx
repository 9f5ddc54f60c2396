// A new password: any characters, paste allowed. What is wrong with it and how strong it is are told while it grows; the
// list of stolen passwords and the names of the business are asked of the server, which has the last word anyway.
import { useQuery } from "@tanstack/react-query";
import { type ChangeEvent, useState } from "react";
import { useTranslations } from "use-intl";

import { identityCheckPassword } from "@/api";
import { TextField } from "@/ui/field";
import { useSettled } from "@/ui/settled";

import { lengthOf, type Problem, problemOf, type Rules, strengthOf } from "./password-rules";

/** Who wants the password: somebody who is signed in, or holds a link, and says a name and an e-mail. */
export interface Wanting {
  token?: string;
  name?: string;
  email?: string;
}

export interface Verdict {
  rules: Rules;
  problem: Problem | null;
  strength: number;
}

const USUAL: Rules = { min_length: 15, max_length: 128, needs_mix: false };
const REST_MS = 400;

/** Judge a password as the server does; while it is being asked, by what can be seen. */
export function useVerdict(password: string, { token, name, email }: Wanting): Verdict {
  const own = { token: token ?? null, name: name || null, email: email?.includes("@") ? email : null };
  const rules = useQuery({
    queryKey: ["password-rules", own.token],
    queryFn: () => identityCheckPassword({ body: { password: "", ...own, name: null, email: null } }),
    retry: false,
    staleTime: Infinity,
  });
  const demanded = rules.data ?? USUAL;
  const seen = problemOf(password, demanded, [name ?? "", email ?? ""]);
  const settled = useSettled(password, REST_MS);
  const asked = useQuery({
    // What was typed is nobody's business: it is not kept once another password is looked at.
    queryKey: ["password-verdict", settled, own],
    queryFn: ({ signal }) => identityCheckPassword({ body: { password: settled, ...own }, signal }),
    enabled: seen === null && settled === password,
    retry: false,
    staleTime: Infinity,
    gcTime: 0,
  });
  const problem = seen ?? (settled === password ? (asked.data?.problem ?? null) : null);
  return { rules: demanded, problem, strength: problem === null ? strengthOf(password) : 0 };
}

interface NewPasswordProps {
  label?: string;
  value: string;
  onValue: (value: string) => void;
  verdict: Verdict;
  error?: string | undefined;
}

export function NewPassword({ label, value, onValue, verdict, error }: NewPasswordProps) {
  const t = useTranslations("identity");
  const [isShown, setShown] = useState(false);
  const { rules, problem, strength } = verdict;
  const facts = { count: lengthOf(value), least: rules.min_length, most: rules.max_length };
  const told =
    value === ""
      ? t("passwordHint", facts)
      : problem === null
        ? t("passwordStrength", { strength: String(strength) })
        : t("passwordProblem", { problem, ...facts });
  return (
    <div className="relative">
      <TextField
        label={label ?? t("password")}
        type={isShown ? "text" : "password"}
        autoComplete="new-password"
        required
        inputSize="lg"
        hint={
          <span className="grid gap-1.5">
            {value !== "" && <Bars strength={strength} />}
            <span aria-live="polite" data-testid="password-verdict">
              {told}
            </span>
          </span>
        }
        error={error}
        value={value}
        onChange={(event: ChangeEvent<HTMLInputElement>) => onValue(event.target.value)}
      />
      <button
        type="button"
        className="hit absolute end-0 -top-1 text-end text-sm text-accent"
        onClick={() => setShown(!isShown)}
      >
        {isShown ? t("hidePassword") : t("showPassword")}
      </button>
    </div>
  );
}

const BARS = ["bg-bad", "bg-warn", "bg-ok", "bg-ok"];

/** What the sentence below says in words. */
function Bars({ strength }: { strength: number }) {
  return (
    <span aria-hidden className="mt-1 grid grid-cols-3 gap-1">
      {[1, 2, 3].map((bar) => (
        <span
          key={bar}
          className={`h-1 rounded-full ${bar <= Math.max(strength, 1) ? (BARS[strength] ?? "") : "bg-line"}`}
        />
      ))}
    </span>
  );
}
