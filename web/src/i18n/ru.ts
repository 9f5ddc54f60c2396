// The Russian catalogue: one file per part of the app, by name.
import type { messages as english } from "./en";
import cards from "./ru/cards.json";
import catalog from "./ru/catalog.json";
import common from "./ru/common.json";
import crm from "./ru/crm.json";
import duplicates from "./ru/duplicates.json";
import identity from "./ru/identity.json";
import insight from "./ru/insight.json";
import mail from "./ru/mail.json";
import merge from "./ru/merge.json";
import sales from "./ru/sales.json";
import settings from "./ru/settings.json";
import till from "./ru/till.json";

export const messages: typeof english = {
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
