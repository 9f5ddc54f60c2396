// Buttons: one primary act a page, the rest quiet; at the till they are at least 44 px high.
import type { ButtonHTMLAttributes, ReactNode } from "react";

type Kind = "primary" | "plain" | "quiet" | "danger";
type Size = "md" | "lg" | "xl";

const KINDS: Record<Kind, string> = {
  primary: "bg-accent text-accent-ink border-accent font-semibold hover:bg-accent-hover",
  plain: "bg-panel text-ink border-line hover:border-edge shadow-1",
  quiet: "bg-transparent text-ink-2 border-transparent hover:bg-line-2 hover:text-ink",
  danger: "bg-bad-soft text-bad border-transparent font-semibold hover:border-bad",
};

const SIZES: Record<Size, string> = {
  md: "min-h-8 px-3 py-1 text-base rounded-lg",
  lg: "min-h-11 px-4 py-2 text-lg rounded-lg",
  xl: "min-h-15 px-5 py-3 text-xl rounded-xl",
};

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  kind?: Kind;
  size?: Size;
  isBusy?: boolean;
  children: ReactNode;
}

export function buttonStyle(kind: Kind = "plain", size: Size = "md"): string {
  return `inline-flex items-center justify-center gap-2 border transition-colors duration-100 disabled:opacity-50 ${KINDS[kind]} ${SIZES[size]}`;
}

export function Button({
  kind = "plain",
  size = "md",
  isBusy = false,
  className = "",
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      aria-busy={isBusy}
      disabled={rest.disabled ?? isBusy}
      className={`${buttonStyle(kind, size)} ${className}`}
    />
  );
}

interface IconButtonProps extends ButtonProps {
  label: string;
  isLarge?: boolean;
}

export function IconButton({ label, isLarge = false, className = "", ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...rest}
      className={`inline-flex ${isLarge ? "size-11" : "size-8"} items-center justify-center rounded-lg text-ink-2 transition-colors duration-100 hover:bg-line-2 hover:text-ink ${className}`}
    />
  );
}
