// Every page and its address; pages load when they are first opened.
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
} from "@tanstack/react-router";

import { Guarded, Start } from "./guard";
import { NotFound } from "./not-found";
import { Shell } from "./shell";

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound });

const text = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : typeof value === "number" ? String(value) : undefined;

/** Keep the named texts of the query string; leave out what is not there. */
const texts =
  <Name extends string>(...names: Name[]) =>
  (search: Record<string, unknown>): Partial<Record<Name, string>> =>
    Object.fromEntries(
      names.map((name) => [name, text(search[name])]).filter(([, value]) => value !== undefined),
    ) as Partial<Record<Name, string>>;

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: texts("back"),
  component: lazyRouteComponent(() => import("@/features/identity/sign-in"), "SignInPage"),
});
const setup = createRoute({
  getParentRoute: () => root,
  path: "/setup",
  component: lazyRouteComponent(() => import("@/features/identity/pages"), "SetupPage"),
});
const join = createRoute({
  getParentRoute: () => root,
  path: "/join",
  component: lazyRouteComponent(() => import("@/features/identity/pages"), "JoinPage"),
});
const reset = createRoute({
  getParentRoute: () => root,
  path: "/reset",
  component: lazyRouteComponent(() => import("@/features/identity/reset"), "ResetPage"),
});
const forgot = createRoute({
  getParentRoute: () => root,
  path: "/forgot",
  component: lazyRouteComponent(() => import("@/features/identity/forgot"), "ForgotPage"),
});
const signUp = createRoute({
  getParentRoute: () => root,
  path: "/sign-up",
  component: lazyRouteComponent(() => import("@/features/identity/sign-up"), "SignUpPage"),
});
const confirm = createRoute({
  getParentRoute: () => root,
  path: "/confirm",
  component: lazyRouteComponent(() => import("@/features/identity/confirm"), "ConfirmPage"),
});

const unsubscribe = createRoute({
  getParentRoute: () => root,
  path: "/unsubscribe",
  component: lazyRouteComponent(() => import("@/features/notifications/leave"), "LeavePage"),
});

const guarded = createRoute({ getParentRoute: () => root, id: "guarded", component: Guarded });

const till = createRoute({
  getParentRoute: () => guarded,
  path: "/till",
  component: lazyRouteComponent(() => import("@/features/till/page"), "TillPage"),
});
const tillRegister = createRoute({
  getParentRoute: () => guarded,
  path: "/till/$registerId",
  component: lazyRouteComponent(() => import("@/features/till/page"), "RegisterPage"),
});
const receipt = createRoute({
  getParentRoute: () => guarded,
  path: "/receipt/$saleId",
  validateSearch: texts("print"),
  component: lazyRouteComponent(() => import("@/features/sales/receipt"), "ReceiptPage"),
});

const refundReceipt = createRoute({
  getParentRoute: () => guarded,
  path: "/refund-receipt/$refundId",
  validateSearch: texts("print"),
  component: lazyRouteComponent(() => import("@/features/refunds/receipt"), "RefundReceiptPage"),
});

const shell = createRoute({ getParentRoute: () => guarded, id: "shell", component: Shell });

const start = createRoute({ getParentRoute: () => shell, path: "/", component: Start });
const catalogue = createRoute({
  getParentRoute: () => shell,
  path: "/catalogue",
  validateSearch: texts("q", "sort", "tag", "only", "store", "product", "columns"),
  component: lazyRouteComponent(() => import("@/features/catalog/list"), "CataloguePage"),
});
const imports = createRoute({
  getParentRoute: () => shell,
  path: "/catalogue/imports",
  validateSearch: texts("columns"),
  component: lazyRouteComponent(() => import("@/features/catalog/imports"), "ImportsPage"),
});
const oneImport = createRoute({
  getParentRoute: () => shell,
  path: "/catalogue/imports/$importId",
  component: lazyRouteComponent(() => import("@/features/catalog/imports"), "ImportPage"),
});
const contacts = createRoute({
  getParentRoute: () => shell,
  path: "/contacts",
  validateSearch: texts(
    "q",
    "sort",
    "kind",
    "tag",
    "group",
    "missing",
    "owner",
    "only",
    "contact",
    "columns",
  ),
  component: lazyRouteComponent(() => import("@/features/crm/list"), "ContactsPage"),
});
const duplicates = createRoute({
  getParentRoute: () => shell,
  path: "/contacts/duplicates",
  component: lazyRouteComponent(() => import("@/features/crm/pairs"), "PairsPage"),
});
const merge = createRoute({
  getParentRoute: () => shell,
  path: "/contacts/merge",
  validateSearch: texts("ids"),
  component: lazyRouteComponent(() => import("@/features/crm/merge"), "MergePage"),
});
const cards = createRoute({
  getParentRoute: () => shell,
  path: "/contacts/cards",
  validateSearch: texts("batch"),
  component: lazyRouteComponent(() => import("@/features/cards/upload-page"), "CardsPage"),
});
const cardReview = createRoute({
  getParentRoute: () => shell,
  path: "/contacts/cards/review",
  validateSearch: texts("batch", "card", "photo"),
  component: lazyRouteComponent(() => import("@/features/cards/review-page"), "ReviewPage"),
});
const sales = createRoute({
  getParentRoute: () => shell,
  path: "/sales",
  validateSearch: texts(
    "q",
    "day",
    "from",
    "to",
    "store",
    "cashier",
    "shift",
    "variant",
    "hour",
    "sort",
    "sale",
    "columns",
  ),
  component: lazyRouteComponent(() => import("@/features/sales/list"), "SalesPage"),
});
const refunds = createRoute({
  getParentRoute: () => shell,
  path: "/refunds",
  validateSearch: texts("q", "day", "from", "to", "store", "cashier", "shift", "sort", "refund", "columns"),
  component: lazyRouteComponent(() => import("@/features/refunds/list"), "RefundsPage"),
});
const shifts = createRoute({
  getParentRoute: () => shell,
  path: "/shifts",
  validateSearch: texts("register", "columns"),
  component: lazyRouteComponent(() => import("@/features/sales/shifts"), "ShiftsPage"),
});
const numbers = createRoute({
  getParentRoute: () => shell,
  path: "/numbers",
  validateSearch: texts("store"),
  component: lazyRouteComponent(() => import("@/features/insight/today"), "TodayPage"),
});
const mailbox = createRoute({
  getParentRoute: () => shell,
  path: "/dev/mailbox",
  component: lazyRouteComponent(() => import("@/features/mail/mailbox"), "MailboxPage"),
});
const settings = createRoute({
  getParentRoute: () => shell,
  path: "/settings",
  component: lazyRouteComponent(() => import("@/features/settings/page"), "SettingsPage"),
});
const audit = createRoute({
  getParentRoute: () => shell,
  path: "/settings/audit",
  validateSearch: texts("act", "actor", "name", "type", "id", "since", "until", "entry"),
  component: lazyRouteComponent(() => import("@/features/audit/page"), "AuditPage"),
});
const security = createRoute({
  getParentRoute: () => shell,
  path: "/settings/security",
  component: lazyRouteComponent(() => import("@/features/security/page"), "SecurityPage"),
});
const queue = createRoute({
  getParentRoute: () => shell,
  path: "/settings/queue",
  validateSearch: texts("state", "job"),
  component: lazyRouteComponent(() => import("@/features/queue/page"), "QueuePage"),
});
const errors = createRoute({
  getParentRoute: () => shell,
  path: "/settings/errors",
  validateSearch: texts("state", "role", "error"),
  component: lazyRouteComponent(() => import("@/features/errors/page"), "ErrorsPage"),
});
const flags = createRoute({
  getParentRoute: () => shell,
  path: "/settings/flags",
  validateSearch: texts("view", "flag"),
  component: lazyRouteComponent(() => import("@/features/flags/page"), "FlagsPage"),
});
const status = createRoute({
  getParentRoute: () => shell,
  path: "/settings/status",
  component: lazyRouteComponent(() => import("@/features/status/page"), "StatusPage"),
});
const webhooks = createRoute({
  getParentRoute: () => shell,
  path: "/settings/webhooks",
  validateSearch: texts("view", "webhook", "delivery"),
  component: lazyRouteComponent(() => import("@/features/webhooks/page"), "WebhooksPage"),
});
const story = createRoute({
  getParentRoute: () => shell,
  path: "/settings/audit/story/$type/$id",
  component: lazyRouteComponent(() => import("@/features/audit/story"), "StoryPage"),
});
const notifications = createRoute({
  getParentRoute: () => shell,
  path: "/notifications",
  component: lazyRouteComponent(() => import("@/features/notifications/page"), "NotificationsPage"),
});
const account = createRoute({
  getParentRoute: () => shell,
  path: "/account",
  component: lazyRouteComponent(() => import("@/features/account/page"), "AccountPage"),
});
export const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    setup,
    join,
    reset,
    forgot,
    signUp,
    confirm,
    unsubscribe,
    guarded.addChildren([
      till,
      tillRegister,
      receipt,
      refundReceipt,
      shell.addChildren([
        start,
        catalogue,
        imports,
        oneImport,
        contacts,
        duplicates,
        merge,
        cards,
        cardReview,
        sales,
        refunds,
        shifts,
        numbers,
        mailbox,
        settings,
        audit,
        story,
        security,
        queue,
        errors,
        flags,
        status,
        webhooks,
        notifications,
        account,
      ]),
    ]),
  ]),
  defaultPreload: "intent",
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
