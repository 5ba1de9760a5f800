// Leaf: every error code of the package, with its meaning and its remedy. `docs/errors.md` is generated from this table.
// oxlint-disable max-lines -- a table of data, one row per code: split up, a code would have to be searched for.

/** What a code means, for a user who has never seen it. */
interface ErrorCodeRow {
  /** One short sentence: what is wrong. */
  readonly meaning: string;
  /** One short sentence: what to do. */
  readonly remedy: string;
  /** Whether the same run may succeed later without any change or repair. */
  readonly retryable: boolean;
}

export const errorCodes = {
  "argument.invalid": {
    meaning: "An argument is missing, unknown or invalid.",
    remedy: "Correct the argument that the message names.",
    retryable: false,
  },

  "build.limit": {
    meaning: "Netlify accepts no more builds for now; its limits are 3 a minute and 100 a day.",
    remedy: "Run up again later, or deploy another way.",
    retryable: true,
  },
  "build.locked": {
    meaning: "The site is locked to a deploy, so a build of it does not go live.",
    remedy: "Start auto publishing, or set `build.wait: false` and publish by hand.",
    retryable: false,
  },
  "build.refused": {
    meaning: "Netlify refuses to build the site.",
    remedy: "Link a repository and activate builds, or set `build.trigger: false`.",
    retryable: false,
  },
  "build.stopped": {
    meaning: "Builds of the site are stopped.",
    remedy: "Activate builds, or set `build.trigger: false`.",
    retryable: false,
  },
  "build.unconfirmed": {
    meaning: "Netlify may or may not have started a build.",
    remedy: "Check the site's deploys, or run up again, which starts a build.",
    retryable: true,
  },
  "build.unlinked": {
    meaning: "The site has no repository, so Netlify cannot build it.",
    remedy: "Link a repository, or set `build.trigger: false` and deploy as usual.",
    retryable: false,
  },

  "cli.missing": {
    meaning: "The Pulumi CLI cannot be started.",
    remedy: "Install it, or extend the `PATH` of the runner.",
    retryable: false,
  },
  "cli.unreadable": {
    meaning: "The Pulumi CLI prints something that this version of the package does not understand.",
    remedy: "Use a version of the CLI that is known to work, or a newer version of this package.",
    retryable: false,
  },

  "conflict.claimed": {
    meaning: "Another sync of the program claims the same key.",
    remedy: "Leave the key to one of them with `include`, `exclude` or `keySchema`.",
    retryable: false,
  },
  "conflict.exists": {
    meaning: "The key exists at the destination, and this sync did not write it.",
    remedy: "Take it over with `adoptExisting`, or rename it with `keySchema`.",
    retryable: false,
  },
  "conflict.moved": {
    meaning: "A variable that this sync wrote is now on a component where the program does not want it.",
    remedy:
      "Name the component in the program as it is called now, or remove the variable there; if a digitalocean.App moved it, let its `ignoreChanges` match its components (`ignoreEnvChanges`).",
    retryable: false,
  },
  "conflict.value": {
    meaning: "`adoptExisting: true` would replace a value that can be read by another one.",
    remedy: "Name the keys in `adoptExisting`, or put the value of the destination into the source.",
    retryable: false,
  },

  "connection.forbidden": {
    meaning: "The token may not write to the destination.",
    remedy: "Give the token or its owner the scope or role that the message names.",
    retryable: false,
  },
  "connection.insecure_url": {
    meaning: "The base URL would send the token over plain http to another machine.",
    remedy: "Use https.",
    retryable: false,
  },
  "connection.invalid_url": {
    meaning: "The base URL is not an http or https address, or holds credentials, a query or a fragment.",
    remedy: "Give scheme and host, and a port or path only where the service has one.",
    retryable: false,
  },
  "connection.missing": {
    meaning: "No credentials were found.",
    remedy: "Give a connection, or set one of the variables or config keys that the message lists.",
    retryable: false,
  },
  "connection.missing_address": {
    meaning: "The address of the Vault server is unknown.",
    remedy: "Give `baseUrl` in the connection, or set `VAULT_ADDR`.",
    retryable: false,
  },
  "connection.read_only": {
    meaning: "The plan contains a write, and the token may only read the app.",
    remedy: "Give the token the scope `app:update`.",
    retryable: false,
  },
  "connection.wrong_app": {
    meaning: "The connection is for another service.",
    remedy: "Give a connection with the `app` that the message names.",
    retryable: false,
  },

  "context.all_exists": {
    meaning: "A value for one deploy context would replace a value for all contexts that this sync did not write.",
    remedy:
      'Take it over with `adoptExisting`, which leaves it in the other contexts, or keep it one plain value with `variables: { KEY: { isSecret: false, contexts: ["all"] } }` as well, or rename the key with `keySchema`.',
    retryable: false,
  },
  "context.others_exist": {
    meaning: "A value for all deploy contexts would replace values for single contexts that this sync does not set.",
    remedy: "Name contexts instead of `all`, or remove those values at Netlify.",
    retryable: false,
  },

  "deletion.limit": {
    meaning: "The run would remove more keys than the deletion limit allows.",
    remedy: "Check the source, or raise `syncOptions.deletionLimit`.",
    retryable: false,
  },

  "deployment.cancelled": {
    meaning: "The variables are written, but their deployment ended without going live.",
    remedy: "Run up again.",
    retryable: true,
  },
  "deployment.failed": {
    meaning: "The variables are written, but their deployment failed, and the earlier values still run.",
    remedy: "Read the deployment's log, then run up again.",
    retryable: true,
  },
  "deployment.stale": {
    meaning: "The variables are written but not live, and writing them again starts no deployment.",
    remedy: "Deploy the app once by other means, then run up again.",
    retryable: false,
  },
  "deployment.timeout": {
    meaning: "The variables are written, but their deployment did not end in time.",
    remedy: "Run up again to follow it, or raise `timeoutSeconds`.",
    retryable: true,
  },
  "deployment.unseen": {
    meaning: "The variables are written, but their deployment did not start or could not be followed.",
    remedy: "Check the app's deployments, then run up again.",
    retryable: true,
  },

  "destination.archived": {
    meaning: "The app is archived.",
    remedy: "Restore the app, or set `isEnabled: false` on the sync.",
    retryable: false,
  },
  "destination.busy": {
    meaning: "Another deployment was still in progress, and nothing was written.",
    remedy: "Run up again later.",
    retryable: true,
  },
  "destination.duplicate_key": {
    meaning: "The destination holds a key more than once.",
    remedy: "Remove all but one there.",
    retryable: false,
  },
  "destination.empty": {
    meaning: "Netlify shows no variables at all, although this sync wrote some, and no other call confirms it.",
    remedy: "Check that the token's owner may read them, or create any variable there.",
    retryable: false,
  },
  "destination.no_variables": {
    meaning: "The destination has no variable that a sync could take over.",
    remedy: "Write the program by hand.",
    retryable: false,
  },
  "destination.not_found": {
    meaning: "The token can see no such app, site or team.",
    remedy: "Check the id or name, and which team the token belongs to.",
    retryable: false,
  },
  "destination.pinned": {
    meaning: "A rollback pins the app, and it takes no new deployment.",
    remedy: "Commit or revert the rollback.",
    retryable: false,
  },
  "destination.rejected": {
    meaning: "The platform refused the change.",
    remedy: "Correct what the message names, then run up again.",
    retryable: false,
  },
  "destination.unknown_component": {
    meaning: "The app has no such component.",
    remedy: "Use one of the names that the message lists.",
    retryable: false,
  },
  "destination.unreadable": {
    meaning: "Netlify's two lists of variables contradict each other, and nothing was written.",
    remedy: "Check the token's rights, then run again.",
    retryable: true,
  },
  "destination.wrong_account": {
    meaning: "The site belongs to another team.",
    remedy: "Correct `accountId`, or leave it out.",
    retryable: false,
  },
  "destination.wrong_name": {
    meaning: "The app, site or team of the given id has another name than the one given beside it.",
    remedy: "Correct the name or the id, or leave the name out.",
    retryable: false,
  },

  "drift.contested": {
    meaning: "Somebody else changes the same key again after every repair.",
    remedy: "Find out who writes there, or exclude the key.",
    retryable: false,
  },

  "engine.gone": {
    meaning: "The run of Pulumi that asked for the write has ended, so nothing more is written.",
    remedy: "Run up again.",
    retryable: true,
  },

  "file.exists": {
    meaning: "The file already exists, and the command does not overwrite it.",
    remedy: "Give another place, or `--force` to `map`.",
    retryable: false,
  },
  "file.unwritable": {
    meaning: "A file, a folder or standard output cannot be written, for example because the disk is full.",
    remedy: "Correct the place or its permissions, or make room there.",
    retryable: false,
  },

  "functions.too_large": {
    meaning: "The functions of the site would get more than 4 KB of variables.",
    remedy: 'Change scopes, shorten values, or set `functionsLimit: "warn"`.',
    retryable: false,
  },

  "http.ambiguous": {
    meaning: "A write may or may not have taken effect.",
    remedy: "Run again; the next run looks before it writes.",
    retryable: true,
  },
  "http.conflict": {
    meaning: "The service reports a conflict.",
    remedy: "Find out what else changed or created it, then run again.",
    retryable: false,
  },
  "http.forbidden": {
    meaning: "The token may not make this call.",
    remedy: "Give the token the scope or role that the call needs.",
    retryable: false,
  },
  "http.malformed": {
    meaning: "The answer cannot be read.",
    remedy: "Check that the base URL is that of the API, then run again.",
    retryable: true,
  },
  "http.not_found": {
    meaning: "The service does not know what was asked for.",
    remedy: "Check the id, the base URL, and which team the token belongs to.",
    retryable: false,
  },
  "http.rate_limited": {
    meaning: "The service limits the rate of requests, and waiting did not help.",
    remedy: "Run again later, or use fewer parallel runs with this token.",
    retryable: true,
  },
  "http.rejected": {
    meaning: "The service rejects the request.",
    remedy: "Correct what the message names.",
    retryable: false,
  },
  "http.unauthorized": {
    meaning: "The service does not accept the token.",
    remedy: "Check that the token is complete, current and meant for this service.",
    retryable: false,
  },
  "http.unavailable": {
    meaning: "The service could not be reached or failed, also after several attempts.",
    remedy: "Check the network and the service's status page, then run again.",
    retryable: true,
  },

  "ignored.computed": {
    meaning:
      "The option `ignoreChanges` names an input that the resource computes, keeps a destination without its connection, or freezes a sync that would be replaced.",
    remedy:
      'Leave that name out, or freeze the whole sync with `ignoreChanges: ["*"]`, and do not replace it meanwhile.',
    retryable: false,
  },

  "import.address": {
    meaning:
      "The id that `pulumi import` was given does not say where the keys are, or names an app in several accounts.",
    remedy:
      "Give the type of the destination, a slash, and the id or name of the app or site, such as `digital-ocean-app-platform/shop/web`.",
    retryable: false,
  },
  "import.approval": {
    meaning: "Infisical holds the import back until somebody approves it.",
    remedy: "Approve it in Infisical, then run up again.",
    retryable: false,
  },
  "import.changed": {
    meaning: "The source or the destination changed after it was read.",
    remedy: "Run again.",
    retryable: true,
  },
  "import.conflict": {
    meaning: "A value at the destination cannot be imported, or two syncs would import different values for one key.",
    remedy: "Do what the message says about the key.",
    retryable: false,
  },
  "import.no_writable_source": {
    meaning: "No source can take the values that `initialSyncBehavior` imports.",
    remedy: "Add a `file`, `infisical` or `vault` source, and the right to write it.",
    retryable: false,
  },
  "import.unplaceable": {
    meaning: "A key or value cannot be written into the source.",
    remedy: "Add the key by hand, or exclude it.",
    retryable: false,
  },
  "import.unsupported": {
    meaning:
      "A dynamic provider cannot read a `SecretSync` by its id, and a `Connection` consists of its credentials only.",
    remedy:
      "Declare it, and take over existing keys with `adoptExisting`; `pulumi import` works with the provider plugin.",
    retryable: false,
  },
  "import.unverified": {
    meaning: "The source does not return the values that were imported into it.",
    remedy: "Compare the values there, then run again.",
    retryable: false,
  },

  "internal.unexpected": {
    meaning: "This package has a bug.",
    remedy: "Report it.",
    retryable: false,
  },

  "key.invalid": {
    meaning: "The platform does not accept the name of the key.",
    remedy: "Rename the key in the source or with `keySchema`, or exclude it.",
    retryable: false,
  },
  "key.reserved": {
    meaning: "Netlify reserves the name of the key.",
    remedy: "Rename the key with `keySchema`, or exclude it.",
    retryable: false,
  },

  "node.unsupported": {
    meaning: "This version of Node is too old.",
    remedy: "Use Node 22.19 or newer.",
    retryable: false,
  },
  "package.missing": {
    meaning: "The package is not installed in the program's directory.",
    remedy: "Install it there.",
    retryable: false,
  },

  "program.failed": {
    meaning: "The Pulumi program throws or does not compile.",
    remedy: "Correct the place that the message names.",
    retryable: false,
  },
  "program.missing": {
    meaning: "The folder does not exist, or holds no Pulumi program.",
    remedy: "Correct the argument, or check out what belongs there.",
    retryable: false,
  },

  "scopes.plan": {
    meaning: "The team's plan has no scopes.",
    remedy: "Leave `scopes` out.",
    retryable: false,
  },
  "scopes.secret": {
    meaning: "A secret cannot have the scope `post_processing`.",
    remedy: "Remove that scope, or set `isSecret: false` for the key.",
    retryable: false,
  },

  "source.binary_value": {
    meaning: "The secret is binary, and a variable holds text.",
    remedy: "Store the secret as text, for example in base64.",
    retryable: false,
  },
  "source.changed": {
    meaning: "A file changed after it was read for the plan.",
    remedy: "Run `up` again; replace files by a rename, so that nobody reads half of one.",
    retryable: true,
  },
  "source.command_failed": {
    meaning: "The command could not be started, or ended with an error.",
    remedy: "Run it by hand to see why.",
    retryable: false,
  },
  "source.command_not_found": {
    meaning: "The command was not found.",
    remedy: "Install it, put it on `PATH`, or give its full path.",
    retryable: false,
  },
  "source.deleted_version": {
    meaning: "The version is deleted or destroyed, or the secret is marked for deletion.",
    remedy: "Restore it, give another version, or remove it from the source.",
    retryable: false,
  },
  "source.duplicate_key": {
    meaning: "The source holds a key twice, or two nested keys become one.",
    remedy: "Remove or rename all but one.",
    retryable: false,
  },
  "source.empty": {
    meaning: "Infisical returned no secret, which is also what an identity without permission gets.",
    remedy: "Check role, environment and path, or set `allowEmpty: true`.",
    retryable: false,
  },
  "source.encrypted": {
    meaning: "A file, or a value, is still encrypted by another tool.",
    remedy: "Use an `exec` source with the command that the message names, or name the key in `allowReferences`.",
    retryable: false,
  },
  "source.forbidden": {
    meaning: "The credentials may not read or write this.",
    remedy: "Give them the permission that the message names.",
    retryable: false,
  },
  "source.hidden_value": {
    meaning: "The identity or token may see the secret but not its value.",
    remedy: 'Give an identity of Infisical the permission "read value"; read Doppler with a service token.',
    retryable: false,
  },
  "source.ignored": {
    meaning:
      "The option `ignoreChanges` keeps a source that the program no longer declares, or a transform has changed one, and its secrets or its connection are not there.",
    remedy: "Declare the source as it was, take `source` out of `ignoreChanges`, or change it in the program.",
    retryable: false,
  },
  "source.import_unreadable": {
    meaning: "An import gives no secret: the identity may not read its folder, or the folder is empty or gone.",
    remedy: "Give read access there, take the import out, or set `includeImports: false` or `allowEmpty: true`.",
    retryable: false,
  },
  "source.incomplete": {
    meaning: "AWS returned neither the secret nor an error for it.",
    remedy: "Run again.",
    retryable: true,
  },
  "source.malformed": {
    meaning: "The answer of the service cannot be read.",
    remedy: "Check that the base URL is that of the service itself, then run again.",
    retryable: true,
  },
  "source.missing_package": {
    meaning: "The AWS SDK is not installed in the program.",
    remedy: "Install the package that the message names.",
    retryable: false,
  },
  "source.missing_variable": {
    meaning: "An environment variable is not set.",
    remedy: "Set it where Pulumi runs, or remove it from `variables`.",
    retryable: false,
  },
  "source.no_syncs": {
    meaning: "The Infisical project has no secret sync that `init` could write a program for.",
    remedy: "Check project, environment and the role of the machine identity.",
    retryable: false,
  },
  "source.not_flat": {
    meaning: "A value is a list or an empty object, or the document is not an object.",
    remedy: "Give the value as one quoted string, or remove it.",
    retryable: false,
  },
  "source.not_found": {
    meaning: "There is no such project, folder, mount, path, config or secret.",
    remedy: "Check the names, and the account or region that the credentials belong to.",
    retryable: false,
  },
  "source.null_value": {
    meaning: "A value is null.",
    remedy: "Quote it if it is meant as text, or remove it.",
    retryable: false,
  },
  "source.output_too_large": {
    meaning: "The command printed more than 10 MiB.",
    remedy: "Let it print only secrets.",
    retryable: false,
  },
  "source.rate_limited": {
    meaning: "The service limits the rate of requests, and waiting did not help.",
    remedy: "Run again later.",
    retryable: true,
  },
  "source.rejected": {
    meaning: "The service rejects the request.",
    remedy: "Correct what the message names.",
    retryable: false,
  },
  "source.timeout": {
    meaning: "The command, or something that it started and that holds its output, did not end in time.",
    remedy:
      "Do what the message says: raise `timeoutSeconds`, check that nothing waits for input, or redirect the output.",
    retryable: true,
  },
  "source.too_large": {
    meaning: "The file, or the tree of a Vault source, is too large.",
    remedy: "Name a file or a path that holds only secrets.",
    retryable: false,
  },
  "source.unauthorized": {
    meaning: "The service does not accept the credentials.",
    remedy: "Check that they are complete, current and meant for this service.",
    retryable: false,
  },
  "source.unavailable": {
    meaning: "The service could not be reached, or failed.",
    remedy: "Check the network and the service's status page, then run again.",
    retryable: true,
  },
  "source.unknown_format": {
    meaning: "The name of the file does not show its format.",
    remedy: "Set `format`.",
    retryable: false,
  },
  "source.unparsable": {
    meaning: "The text does not have the expected format, or readers of dotenv disagree about it.",
    remedy: "Correct the place that the message names, or set `dialect` for a dotenv file.",
    retryable: false,
  },
  "source.unreadable": {
    meaning: "The file or directory cannot be read.",
    remedy: "Check its path and permissions.",
    retryable: false,
  },
  "source.unresolved_reference": {
    meaning:
      "A value refers to another secret, and its tool or Infisical has not resolved it, or it is not said whether a reference in a dotenv file is to be replaced.",
    remedy:
      "Resolve it as the message says, set `expand` for a dotenv file, or name the key in `allowReferences` (Infisical's own: `allowUnresolved`).",
    retryable: false,
  },

  "stack.disk_full": {
    meaning: "A disk that the Pulumi CLI writes to is full.",
    remedy: "Make room where the state and temporary files lie, then look for a stale lock.",
    retryable: false,
  },
  "stack.failed": {
    meaning: "A run of the Pulumi CLI failed.",
    remedy: "Run the same command by hand to see why.",
    retryable: false,
  },
  "stack.lock_stale": {
    meaning: "The stack is locked, and the holder of the lock is gone or has held it for more than an hour.",
    remedy: "Make sure that no update of it runs anywhere, then run `pulumi cancel`.",
    retryable: false,
  },
  "stack.locked": {
    meaning: "Another update of the stack is in progress.",
    remedy: "Wait; `watch` tries again by itself.",
    retryable: true,
  },
  "stack.missing": {
    meaning: "No stack is selected.",
    remedy: "Give `--stack`, or run `pulumi stack select`.",
    retryable: false,
  },
  "stack.unreadable": {
    meaning: "The state of the stack cannot be read.",
    remedy: "Correct what the Pulumi CLI reports.",
    retryable: false,
  },

  "state.newer": {
    meaning: "A newer version of the package wrote the state.",
    remedy: "Upgrade the package in this program.",
    retryable: false,
  },
  "state.other_host": {
    meaning:
      "The sync is replaced in the run that changes its host (dynamic provider or plugin), which would remove its keys.",
    remedy: "Change the host in one `up`, and replace the sync in another.",
    retryable: false,
  },

  "value.bindable": {
    meaning: "The value contains `${`, which App Platform would replace.",
    remedy: "Set `allowBindables` if that is meant.",
    retryable: false,
  },
  "value.empty": {
    meaning:
      "The value is empty, and the platform cannot hold an empty value for this key, or `emptyValues` refuses it.",
    remedy: "Give it a value, exclude the key, or set `syncOptions.emptyValues`.",
    retryable: false,
  },
  "value.encrypted": {
    meaning: "The value is the platform's own ciphertext.",
    remedy: "Put the plain value into the source.",
    retryable: false,
  },
  "value.masked": {
    meaning: "The value is a mask, as the platform shows it instead of a secret.",
    remedy: "Put the plain value into the source, or exclude the key.",
    retryable: false,
  },
  "value.not_text": {
    meaning: "The value is not a string.",
    remedy: "Convert it in the program.",
    retryable: false,
  },
  "value.unknown_bindable": {
    meaning: "The value refers to a component or database that the app does not have.",
    remedy: "Correct the name in the value.",
    retryable: false,
  },

  "values.lost": {
    meaning: "The provider process lost the values or credentials between check and write.",
    remedy: "Run up again.",
    retryable: true,
  },

  "variable.contested": {
    meaning:
      "Two syncs want different `isSecret` or `scopes` for one variable, or one value for all contexts and one for a single context.",
    remedy: "Give both syncs the same `isSecret` and `scopes`, and name contexts instead of `all`.",
    retryable: false,
  },
  "variable.incomplete": {
    meaning: "Netlify took over a variable in part, or deleted it to recreate it, and failed half-way.",
    remedy:
      "Run the same command again for the contexts of the sync, and set the other contexts that the message names at Netlify.",
    retryable: true,
  },
  "variable.shared": {
    meaning: "A change of `isSecret` or `scopes` would lose values that this sync does not set.",
    remedy: "Keep `isSecret` and `scopes` of the key in `variables`, or move those values first.",
    retryable: false,
  },

  "watch.held": {
    meaning: "Another runner on this machine watches the stack.",
    remedy: "Stop that runner, or watch other stacks.",
    retryable: true,
  },
  "watch.port": {
    meaning: "The port for webhooks or health checks is not available.",
    remedy: "Choose another port or host.",
    retryable: false,
  },
  "watch.temporary": {
    meaning: "The folder for temporary files is missing, full or not writable.",
    remedy: "Make it, make room in it, or set `TMPDIR` to another.",
    retryable: false,
  },
  "watch.timeout": {
    meaning: "A run of the Pulumi CLI did not end in time, and was stopped.",
    remedy: "Run the same command by hand to see what it waits for, or raise `--timeout`.",
    retryable: true,
  },

  "write.contested": {
    meaning: "Another writer keeps replacing the variables, perhaps an interrupted earlier run.",
    remedy: "Find out who else writes there, then run up again.",
    retryable: true,
  },
  "write.halted": {
    meaning: "The destination does not show what it has confirmed of a write, which then stops half-way.",
    remedy: "Run up again.",
    retryable: true,
  },
  "write.unconfirmed": {
    meaning: "A write may or may not have taken effect, and the destination could not be read afterwards.",
    remedy: "Run up again; it compares first and sends only what is missing.",
    retryable: true,
  },
  "write.unmerged": {
    meaning: "A write may have replaced somebody else's change, which could not be merged.",
    remedy: "Compare the latest deployments, restore what is missing, then run up again.",
    retryable: true,
  },
} as const satisfies Record<`${string}.${string}`, ErrorCodeRow>;

// `Extract` keeps the alias: with `keyof` alone the compiler and the reference spell out every code wherever the type is used.
/** A stable, dotted error code; `docs/errors.md` lists them all with meaning and remedy. */
export type ErrorCode = Extract<keyof typeof errorCodes, string>;

/** Whether a text is a code of this version: another version may know others. */
export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(errorCodes, text);
}
