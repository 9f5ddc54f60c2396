// The program's errors: each mistake once, with how often it was made, where, and whether somebody has dealt with it.
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslations } from "use-intl";

import { Chip } from "@/ui/marks";
import { Page } from "@/ui/page";

import { ErrorList } from "./error-list";
import { ErrorPanel } from "./error-panel";
import { errorOf, type ErrorsSearch, roleOf, ROLES, stateOf, STATES } from "./search";

export function ErrorsPage() {
  const t = useTranslations("errors");
  const search = useSearch({ from: "/guarded/shell/settings/errors" });
  const navigate = useNavigate({ from: "/settings/errors" });
  const [state, role, open] = [stateOf(search), roleOf(search), errorOf(search)];
  const view: ErrorsSearch = { state, ...(role === undefined ? {} : { role }) };
  const go = (next: ErrorsSearch) => void navigate({ search: next });
  return (
    <Page
      title={t("title")}
      panel={open !== undefined && <ErrorPanel key={open} id={open} onClose={() => go(view)} />}
    >
      <nav aria-label={t("views")} className="flex flex-wrap items-center gap-2 px-6 pt-3">
        {STATES.map((one) => (
          <Chip key={one} isOn={state === one} onClick={() => go({ ...view, state: one })}>
            {t("view", { state: one })}
          </Chip>
        ))}
      </nav>
      <nav aria-label={t("parts")} className="flex flex-wrap items-center gap-2 px-6 py-3">
        <Chip isOn={role === undefined} onClick={() => go({ state })}>
          {t("allParts")}
        </Chip>
        {ROLES.map((one) => (
          <Chip key={one} isOn={role === one} onClick={() => go({ state, role: one })}>
            {t("part", { role: one })}
          </Chip>
        ))}
      </nav>
      <ErrorList
        key={`${state} ${role ?? ""}`}
        state={state}
        role={role}
        selected={open}
        onOpen={(id) => go({ ...view, error: id })}
      />
    </Page>
  );
}
