// The Russian catalogue: one file per part of the app, by name.
import type { messages as english } from "./en";
import account from "./ru/account.json";
import audit from "./ru/audit.json";
import backup from "./ru/backup.json";
import cards from "./ru/cards.json";
import catalog from "./ru/catalog.json";
import common from "./ru/common.json";
import crm from "./ru/crm.json";
import duplicates from "./ru/duplicates.json";
import factors from "./ru/factors.json";
import identity from "./ru/identity.json";
import insight from "./ru/insight.json";
import keys from "./ru/keys.json";
import mail from "./ru/mail.json";
import merge from "./ru/merge.json";
import people from "./ru/people.json";
import rights from "./ru/rights.json";
import pins from "./ru/pins.json";
import sales from "./ru/sales.json";
import security from "./ru/security.json";
import settings from "./ru/settings.json";
import till from "./ru/till.json";

export const messages: typeof english = {
  account,
  audit,
  backup,
  cards,
  catalog,
  common,
  crm,
  duplicates,
  factors,
  identity,
  insight,
  keys,
  mail,
  merge,
  people,
  rights,
  pins,
  sales,
  security,
  settings,
  till,
};
