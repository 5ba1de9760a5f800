// Pure, schema: everything `pulumi-secret-sync/schema` offers.

export * from "./connection.js";
export * from "./connection-reference.js";
export * from "./destinations.js";
export * from "./base-url.js";
export * from "./grammar.js";
export * from "./remote-sources.js";
export * from "./netlify.js";
export * from "./secret-sync.js";
export * from "./source-connections.js";
export * from "./sources.js";
export * from "./sync-options.js";
