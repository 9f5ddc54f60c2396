// Fields: label, input, hint and error belong together and are announced together.
import {
  type InputHTMLAttributes,
  type ReactNode,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
  useId,
} from "react";

const INPUT =
  "w-full rounded-lg border bg-panel px-3 text-ink placeholder:text-ink-3 transition-colors duration-100 disabled:opacity-60";

export function inputStyle(isWrong = false, size: "md" | "lg" = "md"): string {
  const height = size === "lg" ? "min-h-12 text-xl" : "min-h-9 text-base";
  return `${INPUT} ${height} ${isWrong ? "border-bad" : "border-edge"}`;
}

interface FieldProps {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
}

function Around({ id, label, hint, error, children }: FieldProps & { id: string; children: ReactNode }) {
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="text-sm font-medium text-ink-2">
        {label}
      </label>
      {children}
      {hint !== undefined && (
        <div id={`${id}-hint`} className="text-sm text-ink-3">
          {hint}
        </div>
      )}
      {error !== undefined && (
        <p id={`${id}-error`} role="alert" className="text-sm text-bad">
          {error}
        </p>
      )}
    </div>
  );
}

function described(id: string, hint: unknown, error: unknown): string | undefined {
  const parts = [hint === undefined ? "" : `${id}-hint`, error === undefined ? "" : `${id}-error`];
  return parts.filter(Boolean).join(" ") || undefined;
}

type Size = { inputSize?: "md" | "lg" };

export function TextField({
  label,
  hint,
  error,
  inputSize = "md",
  className = "",
  ...rest
}: FieldProps & Size & InputHTMLAttributes<HTMLInputElement>) {
  const id = useId();
  return (
    <Around id={id} label={label} hint={hint} error={error}>
      <input
        id={id}
        aria-invalid={error !== undefined}
        aria-describedby={described(id, hint, error)}
        {...rest}
        className={`${inputStyle(error !== undefined, inputSize)} ${className}`}
      />
    </Around>
  );
}

export function TextArea({
  label,
  hint,
  error,
  ...rest
}: FieldProps & TextareaHTMLAttributes<HTMLTextAreaElement>) {
  const id = useId();
  return (
    <Around id={id} label={label} hint={hint} error={error}>
      <textarea
        id={id}
        aria-invalid={error !== undefined}
        aria-describedby={described(id, hint, error)}
        {...rest}
        className={`${inputStyle(error !== undefined)} resize-y py-1.5`}
      />
    </Around>
  );
}

export function SelectField({
  label,
  hint,
  error,
  children,
  ...rest
}: FieldProps & SelectHTMLAttributes<HTMLSelectElement>) {
  const id = useId();
  return (
    <Around id={id} label={label} hint={hint} error={error}>
      <select
        id={id}
        aria-invalid={error !== undefined}
        aria-describedby={described(id, hint, error)}
        {...rest}
        className={inputStyle(error !== undefined)}
      >
        {children}
      </select>
    </Around>
  );
}
