// What can be switched and for whom, what somebody gets, and what is being tried.
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslations } from "use-intl";

import { Chip } from "@/ui/marks";
import { Page } from "@/ui/page";

import { Experiments } from "./experiments";
import { FlagList } from "./flag-list";
import { FlagPanel } from "./flag-panel";
import { useFlags } from "./queries";
import { ForSomebody } from "./somebody";

const VIEWS = ["switches", "somebody", "experiments"] as const;

export function FlagsPage() {
  const t = useTranslations("flags");
  const search = useSearch({ from: "/guarded/shell/settings/flags" });
  const navigate = useNavigate({ from: "/settings/flags" });
  const flags = useFlags();
  const view = VIEWS.find((one) => one === search.view) ?? "switches";
  const open = flags.data?.items.find((flag) => flag.key === search.flag);
  return (
    <Page
      title={t("title")}
      panel={
        open !== undefined &&
        view === "switches" && (
          <FlagPanel key={open.key} flag={open} onClose={() => void navigate({ search: {} })} />
        )
      }
    >
      <nav aria-label={t("views")} className="flex flex-wrap items-center gap-2 px-6 py-3">
        {VIEWS.map((one) => (
          <Chip key={one} isOn={view === one} onClick={() => void navigate({ search: { view: one } })}>
            {t("view", { view: one })}
          </Chip>
        ))}
      </nav>
      {view === "experiments" ? (
        <Experiments />
      ) : view === "somebody" ? (
        <ForSomebody />
      ) : (
        <FlagList
          flags={flags}
          selected={open?.key}
          onOpen={(key) => void navigate({ search: { flag: key } })}
        />
      )}
    </Page>
  );
}
