// What acts, things and actors are called.
import { useTranslations } from "use-intl";

import type { ActorOut } from "@/api";

/** Names of acts and things stand in the catalogue with "_" for "."; an unknown one is shown as it is. */
export function useWords() {
  const t = useTranslations("audit");
  const said = (list: "acts" | "things", name: string) => {
    // Modules bring acts of their own: the catalogue's type cannot know whether one is there.
    const key = `${list}.${name.replace(".", "_")}` as Parameters<typeof t>[0];
    return t.has(key) ? t(key) : name;
  };
  return {
    act: (name: string) => said("acts", name),
    thing: (type: string) => said("things", type),
    actor: (actor: ActorOut) =>
      actor.name ??
      (actor.kind === "system" ? t("system") : actor.kind === "anonymous" ? t("anonymous") : t("nameErased")),
  };
}
