// One switch beside the list: its rules in order, what holds where none fits, and saving all of it at once.
import { useState } from "react";
import { useTranslations } from "use-intl";

import { flagsChangeFlag, type FlagOut, type RuleIn } from "@/api";
import { useSession } from "@/app/session";
import { versionAfter } from "@/race";
import { Button } from "@/ui/button";
import { SelectField, TextField } from "@/ui/field";
import { SidePanel } from "@/ui/page";
import { RaceRefusal, takeTheirs } from "@/ui/race";
import { useToast } from "@/ui/toast";

import { draftOf, localOf, newRule, type RuleDraft, ruleOf, textOf, valueOf } from "./draft";
import { useAct } from "./queries";
import { RuleFields } from "./rule-fields";
import { useSaid } from "./said";

export function FlagPanel({ flag, onClose }: { flag: FlagOut; onClose: () => void }) {
  const t = useTranslations("flags");
  const said = useSaid();
  const { may } = useSession();
  return (
    <SidePanel label={said(flag.says)} kicker={<span translate="no">{flag.key}</span>} onClose={onClose}>
      {may("flags.write") ? <Editor flag={flag} /> : <p className="text-ink-2">{t("mayNotWrite")}</p>}
    </SidePanel>
  );
}

function Editor({ flag }: { flag: FlagOut }) {
  const t = useTranslations("flags");
  const toast = useToast();
  // What the form began with: a list that is read anew meanwhile takes nothing of what was typed away.
  const [read, setRead] = useState(flag.version);
  const [otherwise, setOtherwise] = useState(textOf(flag.otherwise));
  const [rules, setRules] = useState<RuleDraft[]>(() => flag.rules.map(draftOf));
  const [reason, setReason] = useState("");
  const save = useAct((version: number) =>
    flagsChangeFlag({
      path: { key: flag.key },
      body: {
        version,
        otherwise: valueOf(flag, otherwise),
        rules: rules.map(ruleOf),
        reason: reason.trim() === "" ? null : reason,
      },
    }),
  );
  const take = (field: string, value: unknown) =>
    field === "rules"
      ? setRules((value as RuleIn[]).map(draftOf))
      : setOtherwise(textOf(value as FlagOut["otherwise"]));
  const told = (field: string, value: unknown) =>
    field === "rules"
      ? (value as RuleIn[]).map(summary).join("\n")
      : value === null
        ? t("asDeclared", { value: String(flag.default) })
        : t("value", { value: String(value as string | boolean) });
  /** What a rule gives, and how many of whom it names. */
  const summary = (rule: RuleIn) =>
    [
      t("value", { value: String(rule.value) }),
      ...(rule.roles ?? []),
      ...(rule.percent === null || rule.percent === undefined ? [] : [`${String(rule.percent)} %`]),
      ...[rule.places ?? [], rule.actors ?? []].flatMap((ids, at) =>
        ids.length === 0 ? [] : [t("named", { kind: at === 0 ? "places" : "actors", count: ids.length })],
      ),
      ...[rule.since, rule.until].flatMap((moment, at) =>
        moment ? [`${at === 0 ? "≥" : "<"} ${localOf(moment).replace("T", " ")}`] : [],
      ),
    ].join(" · ");
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(versionAfter(save.error, read), {
          onSuccess: (changed) => {
            setRead(changed.version);
            toast(t("saved"));
          },
          onError: (failure) => takeTheirs(failure, take),
        });
      }}
    >
      <p className="text-sm text-ink-2">{t(flag.is_for_all ? "forAll" : "ruleHint")}</p>
      <Rules flag={flag} rules={rules} onRules={setRules} />
      <SelectField
        label={t("otherwise")}
        value={otherwise}
        onChange={(event) => setOtherwise(event.target.value)}
      >
        <option value="">{t("asDeclared", { value: String(flag.default) })}</option>
        {flag.values.map((value) => (
          <option key={String(value)} value={String(value)}>
            {t("value", { value: String(value) })}
          </option>
        ))}
      </SelectField>
      <TextField
        label={t("reason")}
        value={reason}
        maxLength={500}
        onChange={(event) => setReason(event.target.value)}
      />
      <RaceRefusal
        failure={save.error}
        label={(field) => ({ rules: t("rules"), otherwise: t("otherwise") })[field]}
        told={told}
        onTake={take}
      />
      <Button type="submit" kind="primary" size="lg" isBusy={save.isPending}>
        {t("save")}
      </Button>
    </form>
  );
}

interface RulesProps {
  flag: FlagOut;
  rules: RuleDraft[];
  onRules: (rules: RuleDraft[]) => void;
}

function Rules({ flag, rules, onRules }: RulesProps) {
  const t = useTranslations("flags");
  const up = (index: number) =>
    onRules(
      rules.map(
        (rule, at) => (at === index - 1 ? rules[index] : at === index ? rules[index - 1] : rule) ?? rule,
      ),
    );
  return (
    <>
      {rules.map((rule, index) => (
        <RuleFields
          key={index}
          flag={flag}
          rule={rule}
          number={index + 1}
          onRule={(change) => onRules(rules.map((one, at) => (at === index ? { ...one, ...change } : one)))}
          onRemove={() => onRules(rules.filter((_, at) => at !== index))}
          {...(index > 0 ? { onUp: () => up(index) } : {})}
        />
      ))}
      <Button onClick={() => onRules([...rules, newRule(flag)])}>{t("addRule")}</Button>
    </>
  );
}
