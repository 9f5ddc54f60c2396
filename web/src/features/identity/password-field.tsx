// A new password: any characters, paste allowed, its length told as it grows (the server has the last word).
import { type ChangeEvent, useState } from "react";
import { useTranslations } from "use-intl";

import { TextField } from "@/ui/field";

export const SHORTEST_PASSWORD = 15;

/** Count characters as the server does: code points, so that an emoji is one and not two. */
export function lengthOf(password: string): number {
  return Array.from(password).length;
}

interface NewPasswordProps {
  value: string;
  onValue: (value: string) => void;
  error?: string | undefined;
}

export function NewPassword({ value, onValue, error }: NewPasswordProps) {
  const t = useTranslations("identity");
  const [isShown, setShown] = useState(false);
  const length = lengthOf(value);
  const told =
    value === ""
      ? t("passwordHint")
      : length < SHORTEST_PASSWORD
        ? t("passwordLength", { count: length })
        : t("passwordLong");
  return (
    <div className="relative">
      <TextField
        label={t("password")}
        type={isShown ? "text" : "password"}
        autoComplete="new-password"
        required
        maxLength={128}
        inputSize="lg"
        hint={told}
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
