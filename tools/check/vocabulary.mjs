// Vocabulary: the words that code and documents do not use, and what they say instead. Both fail the gate.
// A live entry's `token` and a wider `Place` are not here: both words are also right.

/** @typedef {import("./words.mjs").Rule} Rule */

/** Where names of Pulumi's wire and of state are spelled: every stack holds them, so they stay. */
const stateNames = [
  "provider/lifecycle/state/connection-state.ts",
  "provider/lifecycle/arguments/sent.ts",
  "provider/lifecycle/state/stored-record.ts",
  "provider/resources/secret-sync.ts",
];

/** @type {readonly Rule[]} */
export const vocabulary = [
  { words: ["interloper"], instead: "lost update, or other writer" },
  { words: ["portrait", "portray"], instead: "display name" },
  { words: ["caption"], instead: "description" },
  { words: ["tally", "tallies"], instead: "write progress" },
  { words: ["brake"], instead: "deletion limit" },
  { words: ["sweep", "sweeping", "swept"], instead: "prune" },
  { words: ["foretold", "foretell"], instead: "previewed" },
  { words: ["knock", "knocking", "knocked"], instead: "request" },
  { words: ["presumption", "presume", "presumed", "presuming"], instead: "nothing: plan from the ledger" },
  { words: ["must be a text", "is not a text"], instead: "string" },
  { words: ["there is no field"], instead: "unknown field" },
  { paths: ["provider/engine/"], instead: "provider/reconciler/" },
  { words: ["unforeseen"], instead: "what was not previewed, in so many words" },
  {
    words: ["stocktaker", "take stock", "takes stock", "taking stock", "inventory", "inventories"],
    instead: "list variables",
  },
  { words: ["recognition"], instead: "masked values" },
  { words: ["sight", "sighting"], instead: "observed" },
  { words: ["authority", "authorities"], instead: "credentials", frozen: stateNames },
  { words: ["mark"], instead: "fingerprint for a value, revision for a live entry", frozen: stateNames },
  { words: ["fate"], instead: "outcome" },
  { words: ["doubled"], instead: "duplicate" },
  { words: ["surroundings", "circumstances"], instead: "XOptions, XInput, or the parameter itself" },
  {
    types:
      "Applying Asking Beginning Closing Collecting Creating Drafting Ending Failing Importing Keeping Looking Meaning Merging Patching Placing Presuming Probing Proving Replanning Restoring Running Sending Settling Stopping Telling Trying Undoing Waiting Writing".split(
        " ",
      ),
    instead: "XOptions, XInput, or the parameter itself",
  },
];
