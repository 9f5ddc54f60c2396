// What was sent, for people to read.

/** Return JSON with its lines and steps; what is none, as it is. */
export function readable(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
