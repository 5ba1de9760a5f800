// How an answer is written, where the service may write it in another way than its description says.
import { isObject } from "./model.js";
import type { Variant } from "./variant.js";

/** The text of an answer. What it says was checked against the description before. */
export function spellAnswer(body: unknown, variant: Variant): string {
  const text = JSON.stringify(spell(body, variant));
  // Ids are digits only when numbers are asked for; a quotation mark within a text is escaped, so this finds fields alone.
  return variant.ids === "text" ? text : text.replaceAll(/"((?:[a-z]+_)?id)":"(\d+)"/g, '"$1":$2');
}

function spell(body: unknown, variant: Variant): unknown {
  if (Array.isArray(body)) return body.map((one) => spell(one, variant));
  if (!isObject(body) || !Array.isArray(body["scopes"]) || !Array.isArray(body["values"])) return body;
  const { updated_at, updated_by, scopes, ...variable } = body;
  return {
    ...variable,
    scopes: scopes.map((one) => (one === "post_processing" ? variant.scopeSpelling : one)),
    ...(variant.updatedAt === "shown" ? { updated_at } : {}),
    ...(variant.updatedBy === "shown" ? { updated_by } : {}),
  };
}
