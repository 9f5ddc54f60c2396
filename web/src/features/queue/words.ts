// What the jobs and schedules of the program are called.
import { useTranslations } from "use-intl";

/** Names stand in the catalogue with "_" for "."; an unknown one is shown as it is. */
export function useNames(): (name: string) => string {
  const t = useTranslations("queue");
  return (name) => {
    // Modules bring jobs of their own: the catalogue's type cannot know whether one is there.
    const key = `names.${name.replace(".", "_")}` as Parameters<typeof t>[0];
    return t.has(key) ? t(key) : name;
  };
}
