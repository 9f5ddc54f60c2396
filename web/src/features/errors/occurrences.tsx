// The last times that an error came: whose request, in which route, job or page, and the way through the code.
import { useTranslations } from "use-intl";

import type { OccurrenceOut } from "@/api";
import { Button } from "@/ui/button";
import { useMoment } from "@/ui/money";
import { useToast } from "@/ui/toast";

import { Facts } from "./facts";

export function Occurrences({ occurrences }: { occurrences: readonly OccurrenceOut[] }) {
  const t = useTranslations("errors");
  if (occurrences.length === 0) return null;
  return (
    <section aria-label={t("occurrences")} className="grid gap-3">
      <h3 className="text-sm font-medium text-ink-2">{t("occurrences")}</h3>
      {occurrences.map((one, place) => (
        <Occurrence key={one.number} one={one} isOpen={place === 0} />
      ))}
    </section>
  );
}

function Occurrence({ one, isOpen }: { one: OccurrenceOut; isOpen: boolean }) {
  const t = useTranslations("errors");
  const moment = useMoment();
  const { route, job, page, method, ...rest } = one.facts;
  const where = job ?? page ?? [method, route].filter((part) => part !== undefined).join(" ");
  const facts = [
    ...(where === "" ? [] : ([[t("where"), where]] as const)),
    [t("release"), one.release],
    [t("machine"), one.machine],
    ...(one.trace_id === null ? [] : ([[t("trace"), one.trace_id]] as const)),
    ...Object.entries(rest),
  ] as const;
  return (
    <details open={isOpen} className="rounded-lg border border-line px-3 py-2">
      <summary className="cursor-pointer">
        <span className="text-ink-2">{t("time", { number: one.number, at: moment(one.at) })}</span>
        {where !== "" && (
          <span className="block text-sm break-words" translate="no">
            {where}
          </span>
        )}
      </summary>
      <div className="mt-2 grid gap-3">
        {one.request_id !== null && <Request id={one.request_id} />}
        <Facts facts={facts} />
        {one.sentence !== "" && (
          <p className="break-words" translate="no">
            {one.sentence}
          </p>
        )}
        {one.frames.length > 0 && <Frames one={one} />}
      </div>
    </details>
  );
}

/** The id that finds the lines in the log, and the command that looks for them. */
function Request({ id }: { id: string }) {
  const t = useTranslations("errors");
  const common = useTranslations("common");
  const toast = useToast();
  return (
    <div className="flex flex-wrap items-center gap-2">
      <span className="text-ink-2">{t("request")}</span>
      <code className="break-all" translate="no">
        {id}
      </code>
      <Button onClick={() => void navigator.clipboard.writeText(id).then(() => toast(common("copied")))}>
        {t("copyRequest")}
      </Button>
    </div>
  );
}

function Frames({ one }: { one: OccurrenceOut }) {
  const t = useTranslations("errors");
  return (
    <pre
      translate="no"
      tabIndex={0}
      aria-label={t("frames")}
      className="overflow-x-auto rounded bg-line-2 p-2 text-xs leading-5"
    >
      {one.frames.map((frame, place) => (
        <span key={place} className={`block ${frame.is_ours ? "font-medium text-ink" : "text-ink-2"}`}>
          {`${frame.file}:${String(frame.line)}${frame.column > 0 ? `:${String(frame.column)}` : ""} ${frame.function}`}
        </span>
      ))}
    </pre>
  );
}
