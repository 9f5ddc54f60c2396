// The English catalogue: what the back office says, which is loaded after the rest. One file per part of the app, by name.
import account from "./en/account.json";
import audit from "./en/audit.json";
import backup from "./en/backup.json";
import bulk from "./en/bulk.json";
import cards from "./en/cards.json";
import catalog from "./en/catalog.json";
import crm from "./en/crm.json";
import duplicates from "./en/duplicates.json";
import errors from "./en/errors.json";
import files from "./en/files.json";
import flags from "./en/flags.json";
import insight from "./en/insight.json";
import keys from "./en/keys.json";
import mail from "./en/mail.json";
import merge from "./en/merge.json";
import notifications from "./en/notifications.json";
import people from "./en/people.json";
import queue from "./en/queue.json";
import race from "./en/race.json";
import refunds from "./en/refunds.json";
import rights from "./en/rights.json";
import security from "./en/security.json";
import settings from "./en/settings.json";
import status from "./en/status.json";
import webhooks from "./en/webhooks.json";

export const office = {
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
