// Tags or groups of a contact, typed one by one, with those that there are as suggestions.
import { X } from "lucide-react";
import { useId, useState } from "react";
import { useTranslations } from "use-intl";

import { Chip } from "@/ui/marks";
import { TextField } from "@/ui/field";

import { withLabel } from "./draft";
import { useLabels } from "./queries";

interface LabelsFieldProps {
  kind: "tag" | "group";
  labels: readonly string[];
  error: string | undefined;
  onChange: (labels: readonly string[]) => void;
}

export function LabelsField({ kind, labels, error, onChange }: LabelsFieldProps) {
  const t = useTranslations("crm");
  const list = useId();
  const [text, setText] = useState("");
  const known = useLabels().data?.items.filter((one) => one.kind === kind) ?? [];
  const add = () => {
    onChange(withLabel(labels, text));
    setText("");
  };
  return (
    <div className="grid content-start gap-2">
      <TextField
        label={t("field", { field: kind === "tag" ? "tags" : "groups" })}
        placeholder={t("labelHint")}
        error={error}
        list={list}
        maxLength={100}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onBlur={add}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || text.trim() === "") return;
          event.preventDefault();
          add();
        }}
      />
      <datalist id={list}>
        {known
          .filter((one) => !labels.includes(one.name))
          .map((one) => (
            <option key={one.id} value={one.name} />
          ))}
      </datalist>
      {labels.length > 0 && (
        <ul className="flex flex-wrap gap-1">
          {labels.map((name) => (
            <li key={name}>
              <Chip
                aria-pressed={undefined}
                aria-label={t("takeOff", { name })}
                onClick={() => onChange(labels.filter((one) => one !== name))}
              >
                {name}
                <X size={13} aria-hidden />
              </Chip>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
