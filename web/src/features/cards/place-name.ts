// What a place of the form is called.
import { useTranslations } from "use-intl";

import { type Place, rowOf } from "./places";

export function usePlaceName(): (place: Place) => string {
  const t = useTranslations("crm");
  return (place) => {
    const row = rowOf(place);
    return row === null
      ? t("field", { field: place })
      : t("numbered", { field: row.name, number: row.index + 1 });
  };
}
