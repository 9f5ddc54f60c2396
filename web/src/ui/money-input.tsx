// A field for an amount of money that yields integer minor units, or null while it cannot be read.
import { type InputHTMLAttributes, useState } from "react";
import { useTranslations } from "use-intl";

import { currency as currencyOf, formatMinor, parseAmount } from "@/money/currency";

import { TextField } from "./field";

interface MoneyInputProps extends Omit<InputHTMLAttributes<HTMLInputElement>, "value" | "onChange"> {
  label: string;
  currency: string;
  minor: number | null;
  onMinor: (minor: number | null) => void;
  inputSize?: "md" | "lg";
  hint?: string;
}

/** Read "12,40", "12.4" or "1 240" as minor units; null when it is not an amount of the currency. */
export function readAmount(text: string, code: string): number | null {
  const plain = text
    .trim()
    .replace(/[\s\u00a0\u202f']/g, "")
    .replace(",", ".");
  if (plain === "") return null;
  try {
    return parseAmount(plain, currencyOf(code));
  } catch (refusal) {
    if (refusal instanceof Error) return null;
    throw refusal;
  }
}

export function MoneyInput({ currency, minor, onMinor, ...rest }: MoneyInputProps) {
  const t = useTranslations("common");
  const [text, setText] = useState(minor === null ? "" : formatMinor(minor, currencyOf(currency)));
  const isWrong = text.trim() !== "" && readAmount(text, currency) === null;
  return (
    <TextField
      {...rest}
      inputMode="decimal"
      autoComplete="off"
      className="tabular"
      value={text}
      error={isWrong ? t("amountUnreadable") : undefined}
      onChange={(event) => {
        setText(event.target.value);
        onMinor(readAmount(event.target.value, currency));
      }}
    />
  );
}
