// The processes of this machine, and what each takes of it.
import { useFormatter, useTranslations } from "use-intl";

import type { ProcessOut } from "@/api";

import { Figures } from "./table";

const MEGABYTE = 1024 * 1024;

export function Processes({ processes }: { processes: readonly ProcessOut[] }) {
  const t = useTranslations("status");
  const format = useFormatter();
  const whole = (value: number) => format.number(value, { maximumFractionDigits: 0 });
  return (
    <Figures
      label={t("processes")}
      rows={processes}
      keyOf={(process) => process.name}
      fields={[
        { title: t("process"), cell: (process) => <span translate="no">{process.name}</span> },
        {
          title: t("cpu"),
          isNumber: true,
          cell: (process) => t("seconds", { seconds: whole(process.cpu_seconds) }),
        },
        {
          title: t("memory"),
          isNumber: true,
          cell: ({ memory_bytes: bytes }) =>
            bytes === null ? "—" : t("megabytes", { size: whole(bytes / MEGABYTE) }),
        },
        {
          title: t("files"),
          isNumber: true,
          cell: ({ open_files: files }) => (files === null ? "—" : whole(files)),
        },
      ]}
    />
  );
}
