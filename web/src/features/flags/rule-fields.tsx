// One rule: what it gives, to whom, and when.
import { ArrowUp, Trash2 } from "lucide-react";
import { useTranslations } from "use-intl";

import type { FlagOut } from "@/api";
import { IconButton } from "@/ui/button";
import { SelectField, TextField } from "@/ui/field";
import { Chip } from "@/ui/marks";

import { useRoleName } from "../people/queries";
import { type RuleDraft, textOf, valueOf } from "./draft";
import { useChoices } from "./queries";

interface RuleFieldsProps {
  flag: FlagOut;
  rule: RuleDraft;
  number: number;
  onRule: (change: Partial<RuleDraft>) => void;
  onRemove: () => void;
  onUp?: () => void;
}

export function RuleFields({ flag, rule, number, onRule, onRemove, onUp }: RuleFieldsProps) {
  const t = useTranslations("flags");
  return (
    <fieldset className="grid gap-3 rounded-lg border border-line p-3">
      <legend className="px-1 text-sm font-medium text-ink-2">{t("rule", { number })}</legend>
      <div className="flex items-end gap-2">
        <div className="flex-1">
          <SelectField
            label={t("give")}
            value={textOf(rule.value)}
            onChange={(event) => onRule({ value: valueOf(flag, event.target.value) ?? rule.value })}
          >
            {flag.values.map((value) => (
              <option key={String(value)} value={String(value)}>
                {t("value", { value: String(value) })}
              </option>
            ))}
          </SelectField>
        </div>
        {onUp !== undefined && (
          <IconButton label={t("up", { number })} onClick={onUp}>
            <ArrowUp size={16} aria-hidden />
          </IconButton>
        )}
        <IconButton label={t("removeRule", { number })} onClick={onRemove}>
          <Trash2 size={16} aria-hidden />
        </IconButton>
      </div>
      {!flag.is_for_all && <Whom rule={rule} onRule={onRule} />}
      <div className="grid gap-3">
        <TextField
          label={t("since")}
          type="datetime-local"
          value={rule.since}
          onChange={(event) => onRule({ since: event.target.value })}
        />
        <TextField
          label={t("until")}
          type="datetime-local"
          value={rule.until}
          onChange={(event) => onRule({ until: event.target.value })}
        />
      </div>
    </fieldset>
  );
}

function Whom({ rule, onRule }: Pick<RuleFieldsProps, "rule" | "onRule">) {
  const t = useTranslations("flags");
  const roleName = useRoleName();
  const { roles, places, people } = useChoices();
  const nameOf = (id: string) => people.find((person) => person.id === id)?.name ?? id;
  return (
    <>
      <Choices
        label={t("roles")}
        all={roles.map((role) => ({ id: role, name: roleName(role) }))}
        picked={rule.roles}
        onPick={(picked) => onRule({ roles: picked })}
      />
      <Choices
        label={t("places")}
        all={places}
        picked={rule.places}
        onPick={(picked) => onRule({ places: picked })}
      />
      <SelectField
        label={t("people")}
        value=""
        onChange={(event) => onRule({ actors: [...new Set([...rule.actors, event.target.value])] })}
      >
        <option value="">{t("addPerson")}</option>
        {people.map((person) => (
          <option key={person.id} value={person.id}>
            {person.name}
          </option>
        ))}
      </SelectField>
      {rule.actors.length > 0 && (
        <p className="flex flex-wrap gap-1.5">
          {rule.actors.map((id) => (
            <Chip
              key={id}
              isOn
              aria-label={t("without", { name: nameOf(id) })}
              onClick={() => onRule({ actors: rule.actors.filter((one) => one !== id) })}
            >
              {nameOf(id)}
              <span aria-hidden>{"×"}</span>
            </Chip>
          ))}
        </p>
      )}
      <TextField
        label={t("percent")}
        hint={t("percentHint")}
        type="number"
        min={0}
        max={100}
        step={1}
        value={rule.percent}
        onChange={(event) => onRule({ percent: event.target.value })}
      />
    </>
  );
}

interface ChoicesProps {
  label: string;
  all: readonly { id: string; name: string }[];
  picked: readonly string[];
  onPick: (picked: string[]) => void;
}

function Choices({ label, all, picked, onPick }: ChoicesProps) {
  const toggle = (id: string) =>
    onPick(picked.includes(id) ? picked.filter((one) => one !== id) : [...picked, id]);
  // What is picked and not known here, such as a role of another time, can still be taken away.
  const unknown = picked.filter((id) => all.every((one) => one.id !== id)).map((id) => ({ id, name: id }));
  if (all.length + unknown.length === 0) return null;
  return (
    <div role="group" aria-label={label} className="grid gap-1.5">
      <span aria-hidden className="text-sm font-medium text-ink-2">
        {label}
      </span>
      <p className="flex flex-wrap gap-1.5">
        {[...all, ...unknown].map((one) => (
          <Chip key={one.id} isOn={picked.includes(one.id)} onClick={() => toggle(one.id)}>
            {one.name}
          </Chip>
        ))}
      </p>
    </div>
  );
}
