// Where a contact's phone, address and website lead; what would run a script leads nowhere.

/** Return the address that calls a number. */
export function callOf(phone: { written: string; e164: string | null }): string {
  return `tel:${phone.e164 ?? phone.written.replace(/[^\d+*#]/g, "")}`;
}

/** Return the address that writes to somebody. */
export function letterOf(address: string): string {
  return `mailto:${encodeURIComponent(address).replace("%40", "@")}`;
}

/** Return the address of a website, or null where it is none of the web. */
export function siteOf(url: string): string | null {
  const written = /^[a-z][a-z\d+.-]*:/i.test(url) && !/^[^/:]+\.[^/:]+:\d/.test(url) ? url : `https://${url}`;
  if (!URL.canParse(written)) return null;
  const { protocol, href } = new URL(written);
  return protocol === "http:" || protocol === "https:" ? href : null;
}
