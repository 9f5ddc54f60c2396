// The English catalogue: one file per part of the app, by name.
import account from "./en/account.json";
import audit from "./en/audit.json";
import backup from "./en/backup.json";
import cards from "./en/cards.json";
import catalog from "./en/catalog.json";
import common from "./en/common.json";
import crm from "./en/crm.json";
import duplicates from "./en/duplicates.json";
import factors from "./en/factors.json";
import identity from "./en/identity.json";
import insight from "./en/insight.json";
import keys from "./en/keys.json";
import mail from "./en/mail.json";
import merge from "./en/merge.json";
import people from "./en/people.json";
import rights from "./en/rights.json";
import pins from "./en/pins.json";
import sales from "./en/sales.json";
import security from "./en/security.json";
import settings from "./en/settings.json";
import till from "./en/till.json";

export const messages = {
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
