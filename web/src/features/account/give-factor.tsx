// Giving a second factor: a passkey, a code of the authenticator app, or a recovery code; the person chooses which.
import { useMutation } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslations } from "use-intl";

import type { CodeIn, IdentityGiveSecondStepData, PasskeyRequestOut, SecondStepOut, SessionOut } from "@/api";
import { ApiProblem } from "@/http";
import { Button } from "@/ui/button";
import { TextField } from "@/ui/field";
import { Refusal } from "@/ui/states";

import { arePasskeysHere, NoPasskey, signWithPasskey } from "./webauthn";

export type FactorKind = SecondStepOut["factors"][number];
type CodeKind = CodeIn["kind"];

interface GiveFactorProps {
  kinds: readonly FactorKind[];
  give: (factor: IdentityGiveSecondStepData["body"]) => Promise<SessionOut>;
  askPasskey: () => Promise<PasskeyRequestOut>;
  onGiven: (session: SessionOut) => void;
  size?: "md" | "lg";
}

const CODE_KINDS: readonly CodeKind[] = ["totp", "recovery_code"];

export function GiveFactor({ kinds, give, askPasskey, onGiven, size = "md" }: GiveFactorProps) {
  const t = useTranslations("factors");
  const codes = CODE_KINDS.filter((kind) => kinds.includes(kind));
  const [chosen, setChosen] = useState<CodeKind | null>(null);
  const kind = chosen ?? (codes.includes("totp") ? "totp" : null);
  const mayPasskey = kinds.includes("passkey") && arePasskeysHere();
  const byPasskey = useMutation({
    mutationFn: async () => give(await signWithPasskey(await askPasskey())),
    onSuccess: onGiven,
  });
  const others = codes.filter((one) => one !== kind);
  return (
    <div className="grid gap-4">
      {mayPasskey && (
        <>
          <FactorRefusal failure={byPasskey.error} />
          <Button
            kind={kind === null ? "primary" : "plain"}
            size={size}
            isBusy={byPasskey.isPending}
            onClick={() => byPasskey.mutate()}
          >
            <KeyRound size={17} aria-hidden />
            {t("usePasskey")}
          </Button>
        </>
      )}
      {kind !== null && <CodeForm key={kind} kind={kind} give={give} onGiven={onGiven} size={size} />}
      {others.map((one) => (
        <p key={one} className="text-center">
          <button type="button" className="hit text-accent underline" onClick={() => setChosen(one)}>
            {t("useInstead", { kind: one })}
          </button>
        </p>
      ))}
      {!mayPasskey && kind === null && others.length === 0 && <p className="text-ink-2">{t("noneHere")}</p>}
    </div>
  );
}

type CodeFormProps = Pick<GiveFactorProps, "give" | "onGiven"> & { kind: CodeKind; size: "md" | "lg" };

function CodeForm({ kind, give, onGiven, size }: CodeFormProps) {
  const t = useTranslations("factors");
  const [code, setCode] = useState("");
  const given = useMutation({
    mutationFn: () => give({ kind, code: code.trim() }),
    onSuccess: onGiven,
    onError: () => setCode(""),
  });
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        given.mutate();
      }}
    >
      <FactorRefusal failure={given.error} />
      <CodeField kind={kind} value={code} onValue={setCode} size={size} />
      <Button type="submit" kind="primary" size={size} isBusy={given.isPending}>
        {t("goOn")}
      </Button>
    </form>
  );
}

interface CodeFieldProps {
  kind: CodeKind;
  value: string;
  onValue: (value: string) => void;
  size: "md" | "lg";
}

export function CodeField({ kind, value, onValue, size }: CodeFieldProps) {
  const t = useTranslations("factors");
  const isApp = kind === "totp";
  return (
    <TextField
      label={t("code", { kind })}
      hint={t("codeHint", { kind })}
      required
      autoFocus
      dir="ltr"
      autoComplete="one-time-code"
      inputMode={isApp ? "numeric" : "text"}
      pattern={isApp ? "[0-9 ]{6,7}" : ".{10,40}"}
      title={t("codeHint", { kind })}
      maxLength={isApp ? 7 : 40}
      spellCheck={false}
      autoCapitalize="off"
      inputSize={size}
      className="tabular tracking-widest"
      value={value}
      onChange={(event) => onValue(event.target.value)}
    />
  );
}

const OWN_WORDS: Record<string, string> = {
  "identity.wrong_factor": "wrongFactor",
  "identity.step_lost": "stepLost",
  "identity.too_many_factor_tries": "tooManyTries",
  "identity.passkey_refused": "passkeyRefused",
  "identity.passkey_known": "passkeyKnown",
  "identity.passkeys_not_here": "passkeysNotHere",
  "identity.code_wrong": "codeWrong",
  "identity.factor_required": "factorRequired",
};

/** A refusal of a factor, in the person's language where it is one of those that people meet. */
export function FactorRefusal({ failure }: { failure: unknown }) {
  const t = useTranslations("factors");
  if (failure instanceof NoPasskey) return <Told>{t("noPasskey")}</Told>;
  const key = failure instanceof ApiProblem ? OWN_WORDS[failure.code] : undefined;
  return key === undefined ? <Refusal failure={failure} /> : <Told>{t(key as "wrongFactor")}</Told>;
}

function Told({ children }: { children: ReactNode }) {
  return (
    <p role="alert" className="rounded-lg bg-bad-soft px-3 py-2 text-bad">
      {children}
    </p>
  );
}
