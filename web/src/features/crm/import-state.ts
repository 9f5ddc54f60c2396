// What a file of contacts is read as: the fields that a column may hold, and the countries of phones.
import type { SheetColumnOut } from "@/api";

/** A column that is left out. */
export const LEAVE_OUT = "-";

/** The fields to choose from, in groups; a kind stands behind a colon. */
export const FIELDS: readonly (readonly [group: string, fields: readonly string[]])[] = [
  ["name", ["name", "given", "middle", "family", "prefix", "suffix"]],
  ["work", ["company", "title", "department"]],
  [
    "reach",
    [
      "phone",
      "phone:work",
      "phone:mobile",
      "phone:home",
      "phone:fax",
      "email",
      "email:work",
      "email:home",
      "website",
    ],
  ],
  ["place", ["address", "street", "postcode", "city", "region", "country"]],
  ["placeHome", ["address:home", "street:home", "postcode:home", "city:home", "region:home", "country:home"]],
  ["more", ["language", "tags", "notes", "uid"]],
];

const KNOWN = new Set(FIELDS.flatMap(([, fields]) => fields));

export interface Field {
  field: string;
  kind: string;
  slot: string;
}

/** Return the parts of a field: its name, its kind, and which of several. */
export function partsOf(code: string): Field {
  const [field = "", kind = "", slot = ""] = code.split(":");
  return { field, kind, slot };
}

/** Whether a field is one that a person chooses; others come from the headings alone. */
export function isChoice(code: string): boolean {
  return code === LEAVE_OUT || KNOWN.has(code);
}

/** Return the columns with the fields that were chosen for them. */
export function asChosen(
  columns: readonly SheetColumnOut[],
  fields: readonly string[] | null,
): SheetColumnOut[] {
  return columns.map((column, place) => ({ ...column, field: fields?.[place] ?? column.field }));
}

/** Return the fields of all columns, one of them changed. */
export function chosen(columns: readonly SheetColumnOut[], place: number, field: string): string[] {
  return columns.map((column, index) => (index === place ? field : column.field));
}

// The countries that have phone numbers (ISO 3166-1).
const CODES =
  "AD AE AF AG AI AL AM AO AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BW " +
  "BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES " +
  "ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GT GU GW GY HK HN HR HT HU ID IE IL " +
  "IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY " +
  "MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR " +
  "NU NZ OM PA PE PF PG PH PK PL PM PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL " +
  "SM SN SO SR SS ST SV SX SY SZ TC TD TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE " +
  "VG VI VN VU WF WS XK YE YT ZA ZM ZW ";

/** Return the countries by name in a language. */
export function countriesIn(language: string): { code: string; name: string }[] {
  const names = new Intl.DisplayNames([language], { type: "region" });
  return CODES.trim()
    .split(" ")
    .map((code) => ({ code, name: names.of(code) ?? code }))
    .sort((one, other) => one.name.localeCompare(other.name, language));
}
