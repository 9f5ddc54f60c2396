import { createTranslator } from "use-intl";
import { describe, expect, it } from "vitest";

import { core as messages } from "./en";
import { pseudo } from "./pseudo";

describe("the made-up language", () => {
  it("accents what is read, and leaves arguments and forms to the catalogue's syntax", () => {
    const made = pseudo({
      lines: "{count, plural, one {# line} other {# lines}}",
      at: "{till}, the {store}",
    });
    expect(made).toEqual({
      lines: "⟦{count, plural, one {# ļîñé} other {# ļîñéš}}⟧",
      at: "⟦{till}, ţĥé {store}⟧",
    });
  });

  it("keeps every message of the app readable for the formatter", () => {
    const t = createTranslator({ locale: "ar-u-nu-latn", messages: pseudo(messages) });
    expect(t("till.lines", { count: 3 })).toBe("⟦3 ļîñéš⟧");
    expect(t("common.role", { role: "owner" })).toBe("⟦Öŵñéŕ⟧");
  });
});
