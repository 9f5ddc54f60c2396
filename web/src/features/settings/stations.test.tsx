import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { renderToStaticMarkup } from "react-dom/server";
import { IntlProvider } from "use-intl";
import { describe, expect, it } from "vitest";

import { NoAnswer } from "@/http";
import { core } from "@/i18n/en";
import { office } from "@/i18n/en-office";
import { ToastProvider } from "@/ui/toast";

import { Enrol } from "./stations";

const messages = { ...core, ...office };

const REGISTERS = ["till", "registers"];

const drawn = (client: QueryClient) =>
  renderToStaticMarkup(
    <QueryClientProvider client={client}>
      <IntlProvider locale="en" messages={messages} timeZone="UTC">
        <ToastProvider>
          <Enrol onDone={() => undefined} />
        </ToastProvider>
      </IntlProvider>
    </QueryClientProvider>,
  );
const fresh = () => new QueryClient({ defaultOptions: { queries: { retry: false, retryOnMount: false } } });

describe("making this browser a till", () => {
  it("lets choose among the tills that there are", () => {
    const client = fresh();
    client.setQueryData(REGISTERS, [{ id: "r1", name: "Till 1", store_name: "High Street" }]);
    expect(drawn(client)).toContain("Till 1, High Street");
    expect(drawn(client)).toContain(messages.pins.enrolIt);
  });

  it("says what to do first when there is none", () => {
    const client = fresh();
    client.setQueryData(REGISTERS, []);
    expect(drawn(client)).toContain(messages.till.noRegistersHint);
    expect(drawn(client)).not.toContain(messages.pins.enrolIt);
  });

  it("says nothing of the kind while they are being read", () => {
    expect(drawn(fresh())).not.toContain(messages.till.noRegisters);
    expect(drawn(fresh())).not.toContain(messages.pins.enrolIt);
  });

  it("says that they could not be read, with another try", async () => {
    const client = fresh();
    await expect(
      client.query({
        queryKey: REGISTERS,
        queryFn: () => Promise.reject(new NoAnswer(undefined)),
      }),
    ).rejects.toBeInstanceOf(NoAnswer);
    expect(drawn(client)).toContain(messages.common.tryAgain);
  });
});
