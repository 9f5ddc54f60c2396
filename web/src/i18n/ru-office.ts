// The Russian catalogue: what the back office says, which is loaded after the rest. One file per part of the app, by name.
import account from "./ru/account.json";
import audit from "./ru/audit.json";
import backup from "./ru/backup.json";
import bulk from "./ru/bulk.json";
import cards from "./ru/cards.json";
import catalog from "./ru/catalog.json";
import crm from "./ru/crm.json";
import duplicates from "./ru/duplicates.json";
import errors from "./ru/errors.json";
import files from "./ru/files.json";
import flags from "./ru/flags.json";
import insight from "./ru/insight.json";
import keys from "./ru/keys.json";
import mail from "./ru/mail.json";
import merge from "./ru/merge.json";
import notifications from "./ru/notifications.json";
import people from "./ru/people.json";
import queue from "./ru/queue.json";
import race from "./ru/race.json";
import refunds from "./ru/refunds.json";
import rights from "./ru/rights.json";
import security from "./ru/security.json";
import settings from "./ru/settings.json";
import status from "./ru/status.json";
import webhooks from "./ru/webhooks.json";
import type { Office } from "./language";

export const office: Office = {
  account,
  audit,
  backup,
  bulk,
  cards,
  catalog,
  crm,
  duplicates,
  errors,
  files,
  flags,
  insight,
  keys,
  mail,
  merge,
  notifications,
  people,
  queue,
  race,
  refunds,
  rights,
  security,
  settings,
  status,
  webhooks,
};
