// The English catalogue: one file per part of the app, by name.
import cards from "./en/cards.json";
import catalog from "./en/catalog.json";
import common from "./en/common.json";
import crm from "./en/crm.json";
import duplicates from "./en/duplicates.json";
import identity from "./en/identity.json";
import insight from "./en/insight.json";
import mail from "./en/mail.json";
import merge from "./en/merge.json";
import sales from "./en/sales.json";
import settings from "./en/settings.json";
import till from "./en/till.json";

export const messages = {
  cards,
  catalog,
  common,
  crm,
  duplicates,
  identity,
  insight,
  mail,
  merge,
  sales,
  settings,
  till,
};
