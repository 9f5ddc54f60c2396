// Starts the web app.
import "./styles/app.css";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { FreshFactor } from "./app/fresh-factor";
import { report, reportErrors } from "./app/reporting";
import { router } from "./app/router";
import { SessionProvider } from "./app/session";
import { followSystemTheme } from "./app/theme";
import { connect } from "./http";
import { LanguageProvider } from "./i18n/provider";
import { isWorthRetrying, retryDelay } from "./retrying";
import { ToastProvider } from "./ui/toast";

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // The program may run on this very machine: only asking it tells whether it can be reached.
      networkMode: "always",
      refetchOnReconnect: true,
      retry: isWorthRetrying,
      retryDelay,
    },
    mutations: { retry: false, networkMode: "always" },
  },
});

followSystemTheme();
connect(window.location.origin);
reportErrors();

const element = document.getElementById("root");
if (element === null) throw new Error("index.html has no #root");
// What a screen's boundary caught is shown by it, and was a mistake all the same.
const onCaughtError = (error: unknown) => {
  console.error(error);
  report(error);
};
createRoot(element, { onCaughtError }).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <LanguageProvider>
        <SessionProvider>
          <ToastProvider>
            <RouterProvider router={router} />
            <FreshFactor />
          </ToastProvider>
        </SessionProvider>
      </LanguageProvider>
    </QueryClientProvider>
  </StrictMode>,
);
