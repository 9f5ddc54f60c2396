// What of the webhooks is looked at, as the URL keeps it.

export interface WebhooksSearch {
  view?: string;
  webhook?: string;
  delivery?: string;
}

export type View = "out" | "in";

/** Where events are sent comes first; who may send messages is the other list. */
export function viewOf(search: WebhooksSearch): View {
  return search.view === "in" ? "in" : "out";
}

/** Return the webhook that is open, with the delivery that is open in it; neither beside the other list. */
export function openOf(search: WebhooksSearch): { webhook?: string; delivery?: string } {
  if (viewOf(search) === "in" || !isId(search.webhook)) return {};
  return isId(search.delivery)
    ? { webhook: search.webhook, delivery: search.delivery }
    : { webhook: search.webhook };
}

function isId(text: string | undefined): text is string {
  return text !== undefined && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}
