// Every way in which a try can go is told in words, in each language.
import { createTranslator } from "use-intl";
import { describe, expect, it } from "vitest";

import en from "@/i18n/en/webhooks.json";
import ru from "@/i18n/ru/webhooks.json";

import { toldBy } from "./words";

// As mainstay/net/failures.py and the webhooks' delivering.py name them; `left_alone` is no try.
const CODES = [
  "refused_address",
  "bad_url",
  "unknown_host",
  "unreachable",
  "not_trusted",
  "timeout",
  "broken_off",
  "too_large",
  "mistake",
  "unsealed_secret",
];
const english = createTranslator({ locale: "en", messages: { webhooks: en }, namespace: "webhooks" });
const russian = createTranslator({ locale: "ru", messages: { webhooks: ru }, namespace: "webhooks" });

describe("toldBy", () => {
  it.each(CODES)("has words for %s", (outcome) => {
    expect(toldBy(english, { outcome, status: null })).not.toBe(outcome);
    expect(toldBy(russian, { outcome, status: null })).toMatch(/[а-я]/);
  });

  it("tells the number of an answer", () => {
    expect(toldBy(english, { outcome: "status_503", status: 503 })).toBe("answered 503");
    expect(toldBy(russian, { outcome: "status_503", status: 503 })).toBe("ответ 503");
  });

  it("tells what it does not know as it is, and that nothing was tried", () => {
    expect(toldBy(english, { outcome: "eaten_by_a_dog" })).toBe("eaten_by_a_dog");
    expect(toldBy(english, {})).toBe("not tried yet");
  });
});
