// A made-up language for tests: each message in brackets and accents, written from right to left. What stands outside
// the brackets came from no catalogue; what breaks the layout breaks it for Arabic and Hebrew too. Nobody is offered it.

const PLAIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const ACCENTED = Array.from("ÅƁÇÐÉƑĜĤÎĴĶĻṀÑÖÞǪŔŠŢÛṼŴẊÝŽåƀçðéƒĝĥîĵķļɱñöþǫŕšţûṽŵẋýž");

/** Return a message, or a tree of messages, in the made-up language; placeholders and plural forms stay. */
export function pseudo<Tree>(tree: Tree): Tree {
  if (typeof tree === "string") return `⟦${accented(tree)}⟧` as Tree;
  return Object.fromEntries(
    Object.entries(tree as object).map(([key, value]) => [key, pseudo(value)]),
  ) as Tree;
}

/** In ICU messages, text and arguments take turns with each pair of braces. */
function accented(message: string): string {
  let depth = 0;
  return Array.from(message, (sign) => {
    if (sign === "{") depth += 1;
    else if (sign === "}") depth -= 1;
    return depth % 2 === 0 ? (ACCENTED[PLAIN.indexOf(sign)] ?? sign) : sign;
  }).join("");
}
