// Layers: who may import whom. schema ← core ← reconciler ← lifecycle ← composition ← entry; adapters beside them, known to their registry alone.
"use strict";

const leaves =
  "^provider/(?:(?:argument-names|errors|error-codes|redacted|printable|clock|node-version|withheld-variables|file-states|type-tokens|spelling|vendor-calls)\\.ts$|masking/)";
const schema = "^schema/";
/** The one function of schema/ that runs without zod, for whoever opens connections. */
const loopback = "^schema/loopback\\.ts$";
const core = "^provider/core/";
const http = "^provider/http/";
/** The interface and what is shared between adapters lie flat in the folder; an adapter has a folder of its own. */
const sharedOfDestinations = "^provider/destinations/[^/]+\\.ts$";
const sharedOfSources = "^provider/sources/[^/]+\\.ts$";
/** What a source is built on: the interfaces and its refusals, and neither the registry nor a reader. */
const interfaceOfSources = "^provider/sources/(?:source|sync-lister|refusal)\\.ts$";
const documents = "^provider/sources/documents/";
/** Resolved credentials, where they are found, who proves them, and the one client that is opened for them. */
const credentials = "^provider/credentials/";
const registries = "/registry\\.ts$";
/** The folders of `lifecycle/`, from the ground up; the operations lie flat above them all. */
const lifecycleFolders = ["engine", "arguments", "state", "deployments", "replacement", "preview"];
/** The folders of `reconciler/`. Of what lies flat there, they share the world and the plan. */
const reconcilerFolders = ["imports", "batch", "deployments"];

/** A rule about what one layer may reach, by everything else being forbidden. Builtins and packages are other rules' business. */
function layer(name, comment, { from, allowed }) {
  return {
    name,
    comment,
    severity: "error",
    from: { path: from },
    to: { path: "^(?:provider|schema|test|tools|examples|dist)/", pathNot: allowed },
  };
}

/** One rule for each folder: it knows itself and those below it. */
function ascend(name, folders, { flat }) {
  return folders.map((folder, index) => {
    const known = [...folders.slice(0, index + 1).map((one) => `${one}/`), ...flat.map((file) => `${file}\\.ts$`)];
    return forbid(`${name}-${folder}-reach`, folders.join(" ← "), {
      from: { path: `^provider/${name}/${folder}/` },
      to: { path: `^provider/${name}/`, pathNot: `^provider/${name}/(?:${known.join("|")})` },
    });
  });
}

function forbid(name, comment, { from = {}, to = {} }) {
  return { name, comment, severity: "error", from, to };
}

/** Erased at build time: `import type`. */
const typeOnly = ["type-only"];

module.exports = {
  forbidden: [
    forbid("no-cycles", "A cycle has no order to be read in, not even one of types.", { to: { circular: true } }),
    forbid("no-orphans", "Nobody imports it: remove it.", { from: { orphan: true, path: "^(?:provider|schema)/" } }),
    forbid("nothing-unresolvable", "An import has to lead somewhere.", { to: { couldNotResolve: true } }),
    forbid("no-undeclared-packages", "A package has to stand in package.json.", {
      from: { path: "^(?:provider|schema)/" },
      to: {
        dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown", "npm-optional"],
        dependencyTypesNot: ["npm-peer", ...typeOnly],
      },
    }),

    layer("schema-knows-nobody", "Shapes only.", { from: schema, allowed: [schema] }),
    layer("leaves-know-nobody", "Everything may import them, so they import nothing.", {
      from: leaves,
      allowed: [leaves],
    }),
    layer("core-is-inner", "core knows schema and leaves.", { from: core, allowed: [core, schema, leaves] }),
    layer("http-knows-no-plan", "The HTTP client serves every adapter and knows none.", {
      from: http,
      allowed: [http, leaves, loopback],
    }),
    layer("credentials-know-no-vendor", "Sources and destinations take credentials; these know neither.", {
      from: credentials,
      allowed: [credentials, schema, leaves],
    }),
    layer("documents-know-no-source", "Text and what it holds: neither a machine nor a network.", {
      from: documents,
      allowed: [documents, schema, leaves],
    }),
    layer("local-sources-reach", "A local source reads this machine and knows no network.", {
      from: "^provider/sources/local/",
      allowed: ["^provider/sources/local/", interfaceOfSources, documents, schema, leaves],
    }),
    layer("remote-sources-reach", "A remote source reads a service and knows nothing of this machine.", {
      from: "^provider/sources/remote/",
      allowed: ["^provider/sources/remote/", interfaceOfSources, documents, http, schema, leaves, credentials],
    }),
    layer("sources-reach", "The interface, the registry and the readers know core, schema, http and leaves.", {
      from: sharedOfSources,
      allowed: ["^provider/sources/", core, schema, http, leaves, credentials],
    }),
    forbid("a-source-is-described-without-its-reader", "The interface names the shape of an edit, and loads nothing.", {
      from: { path: "^provider/sources/source\\.ts$" },
      to: { path: "^provider/sources/", dependencyTypesNot: typeOnly },
    }),
    layer("destinations-reach", "destinations know core, schema, http and leaves.", {
      from: "^provider/destinations/",
      allowed: ["^provider/destinations/", core, schema, http, leaves, credentials],
    }),
    layer("reconciler-reach", "reconciler knows core and the two interfaces.", {
      from: "^provider/reconciler/",
      allowed: ["^provider/reconciler/", core, schema, leaves, sharedOfDestinations, sharedOfSources],
    }),
    ...ascend("reconciler", reconcilerFolders, { flat: ["world", "planning", "origins"] }),
    layer("lifecycle-reach", "lifecycle knows reconciler, core and the two interfaces.", {
      from: "^provider/lifecycle/",
      allowed: [
        "^provider/lifecycle/",
        "^provider/reconciler/",
        core,
        schema,
        leaves,
        sharedOfDestinations,
        sharedOfSources,
        credentials,
      ],
    }),
    ...ascend("lifecycle", lifecycleFolders, { flat: [] }),
    layer("plugin-reach", "The plugin is a second host of the lifecycle; only its process composes one.", {
      from: "^provider/plugin/",
      allowed: [
        "^provider/plugin/",
        "^provider/lifecycle/",
        "^provider/reconciler/",
        "^provider/composition\\.ts$",
        "^provider/http/version\\.ts$",
        core,
        schema,
        leaves,
        credentials,
      ],
    }),
    layer("resources-reach", "The program side knows nothing of the provider side.", {
      from: "^provider/resources/",
      allowed: ["^provider/resources/", "^provider/(?:argument-names|node-version|type-tokens|http/version)\\.ts$"],
    }),
    layer("index-reach", "The public API is the program side.", {
      from: "^provider/index\\.ts$",
      allowed: ["^provider/resources/", "^provider/errors\\.ts$"],
    }),
    layer("commands-reach", "A command reads state and runs Pulumi; it drives no reconciler and builds no plan.", {
      from: "^provider/commands/",
      allowed: [
        "^provider/commands/",
        documents,
        core,
        schema,
        http,
        leaves,
        sharedOfDestinations,
        sharedOfSources,
        credentials,
      ],
    }),
    forbid(
      "commands-alone",
      "What commands share stands beside them: plan knows nothing of watch, and neither is known to the CLI's answers.",
      {
        from: { path: "^provider/commands/(map|plan|pulumi|status)/" },
        to: { path: "^provider/commands/(?:init|map|plan|status|watch)/", pathNot: "^provider/commands/$1/" },
      },
    ),
    layer("examples-use-the-package", "An example imports the package by its name.", {
      from: "^examples/",
      allowed: ["^examples/", "^dist/"],
    }),
    layer("provider-ships-alone", "What is shipped imports nothing that is not.", {
      from: "^(?:provider|schema)/",
      allowed: ["^(?:provider|schema)/"],
    }),

    forbid("sources-are-types", "reconciler and lifecycle see sources as types; only composition.ts builds readers.", {
      from: { path: "^provider/(?:reconciler|lifecycle)/" },
      to: {
        path: "^provider/sources/",
        dependencyTypesNot: typeOnly,
      },
    }),
    forbid("core-runs-without-zod", "core takes types from schema; zod is loaded with the lifecycle.", {
      from: { path: core },
      to: {
        path: schema,
        dependencyTypesNot: typeOnly,
      },
    }),
    forbid("program-side-runs-on-pulumi", "resources/ and index.ts load no other package.", {
      from: { path: "^provider/(?:resources/|index\\.ts$)" },
      to: {
        path: "node_modules/(?!@pulumi/|@types/)",
        dependencyTypesNot: typeOnly,
      },
    }),
    forbid(
      "only-composition-composes",
      "Registries are handed out by composition.ts; a reader beside one may use it.",
      {
        from: { path: "^provider/", pathNot: ["^provider/composition\\.ts$", "/reader\\.ts$", "^provider/commands/"] },
        to: {
          path: registries,
          dependencyTypesNot: typeOnly,
        },
      },
    ),
    forbid("only-the-registry-knows-destinations", "Nothing imports an adapter's folder but its registry.", {
      from: {
        path: "^provider/",
        pathNot: ["^provider/destinations/[^/]+/", "^provider/destinations/registry\\.ts$"],
      },
      to: {
        path: "^provider/destinations/[^/]+/",
      },
    }),
    forbid("only-the-registry-knows-sources", "Nothing imports a local or a remote source but the registry.", {
      from: {
        path: "^provider/",
        pathNot: ["^provider/sources/(?:local|remote)/", "^provider/sources/registry\\.ts$"],
      },
      to: { path: "^provider/sources/(?:local|remote)/" },
    }),
    forbid("adapters-know-no-registry", "The registry loads them; the interface that they share stands beside it.", {
      from: { path: "^provider/destinations/[^/]+/" },
      to: { path: registries },
    }),
    forbid("adapters-are-strangers", "An adapter does not know its sibling.", {
      from: { path: "^provider/(destinations|sources/remote)/([^/]+)/" },
      to: {
        path: "^provider/$1/[^/]+/",
        pathNot: "^provider/$1/$2/",
      },
    }),

    forbid("core-is-pure", "No file system, no network, no process in core.", {
      from: { path: core },
      to: { dependencyTypes: ["core"], pathNot: "^(?:node:)?crypto$" },
    }),
    forbid("core-takes-one-pure-package", "core takes types, and the glob matcher.", {
      from: { path: core },
      to: {
        path: "node_modules/",
        pathNot: "node_modules/(?:@types/)?picomatch/",
      },
    }),
    forbid("only-fingerprint-hashes", "In core, node:crypto is for fingerprint.ts.", {
      from: { path: core, pathNot: "fingerprint\\.ts$" },
      to: { path: "^(?:node:)?crypto$" },
    }),
    forbid("only-http-imports-undici", "One HTTP client.", {
      from: { path: "^provider/", pathNot: http },
      to: { path: "node_modules/undici/" },
    }),
    forbid(
      "no-second-http-client",
      "Not even Node's own; the unattended runner listens, the engine's end is one, and an SDK takes its proxy from Node.",
      {
        from: {
          path: "^provider/",
          pathNot: "^provider/(?:commands/watch/|lifecycle/engine/engine-watch\\.ts$|http/sdk-proxy\\.ts$)",
        },
        to: { path: "^(?:node:)?(?:http|https|http2|net|tls)$" },
      },
    ),
    forbid(
      "only-local-sources-touch-the-machine",
      "Files and commands are local sources; commands write what they were asked for; state is the CLI's; a schema is a file; a runner asks for a log of calls.",
      {
        from: {
          path: "^provider/",
          pathNot:
            "^provider/(?:sources/local/|commands/|lifecycle/engine/(?:stack-export|call-log)\\.ts$|plugin/schema\\.ts$)",
        },
        to: {
          path: "^(?:node:)?(?:fs|fs/promises|child_process|os)$",
        },
      },
    ),
    forbid(
      "only-resources-import-pulumi",
      "The provider side takes what the engine hands it; commands run the CLI; the plugin loads the protocol in sdk.ts.",
      {
        from: { path: "^provider/", pathNot: "^provider/resources/" },
        to: {
          path: "node_modules/@pulumi/",
          dependencyTypesNot: typeOnly,
        },
      },
    ),
  ],
  options: {
    doNotFollow: { path: ["node_modules", "^dist/"] },
    exclude: { path: "^dist/.*\\.d\\.ts$" },
    tsConfig: { fileName: "tsconfig.all.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
    },
  },
};
