import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { renderToStaticMarkup } from "react-dom/server";
import { IntlProvider } from "use-intl";
import { describe, expect, it } from "vitest";

import { NoAnswer } from "@/http";
import { core } from "@/i18n/en";
import { office } from "@/i18n/en-office";

import { StoresField } from "./stores-field";

const messages = { ...core, ...office };

const PLACES = ["people", "places"];

const drawn = (client: QueryClient, value: string[] | null = []) =>
  renderToStaticMarkup(
    <QueryClientProvider client={client}>
      <IntlProvider locale="en" messages={messages} timeZone="UTC">
        <StoresField value={value} onStores={() => undefined} />
      </IntlProvider>
    </QueryClientProvider>,
  );
const fresh = () => new QueryClient({ defaultOptions: { queries: { retry: false, retryOnMount: false } } });

describe("the stores of a person", () => {
  it("are chosen between all and some, of which one holds", () => {
    const names = [...drawn(fresh(), null).matchAll(/type="radio"[^>]* name="([^"]+)"/g)].map(
      (found) => found[1],
    );
    expect(names).toHaveLength(2);
    expect(new Set(names).size).toBe(1);
  });

  it("are listed, and said to be missing when none is chosen", () => {
    const client = fresh();
    client.setQueryData(PLACES, { items: [{ id: "s1", name: "High Street" }] });
    expect(drawn(client)).toContain("High Street");
    expect(drawn(client)).toContain(messages.rights.noStoreChosen);
  });

  it("are not said to be none while they are being read", () => {
    expect(drawn(fresh())).not.toContain(messages.rights.noStoreChosen);
  });

  it("are said to be unknown, with another try, when they could not be read", async () => {
    const client = fresh();
    await expect(
      client.query({ queryKey: PLACES, queryFn: () => Promise.reject(new NoAnswer(undefined)) }),
    ).rejects.toBeInstanceOf(NoAnswer);
    expect(drawn(client)).toContain(messages.common.couldNotLoad);
    expect(drawn(client)).toContain(messages.common.tryAgain);
  });
});
