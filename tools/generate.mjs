// Generate: writes every file that is made from the source, one after the other. `npm run generate`
await import("./schema-json.mjs");
await import("./pulumi-schema/main.mjs");
await import("./errors.mjs");
await import("./reference.mjs");
