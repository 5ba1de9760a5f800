// Pure, schema: everything `pulumi-secret-sync/schema` offers.

export * from "./connection.js";
export * from "./destinations.js";
export * from "./grammar.js";
export * from "./netlify.js";
export * from "./secret-sync.js";
export * from "./sources.js";
export * from "./sync-options.js";
