// Pure: what is written of a project: its syncs as observed, and the connections that they share.

import { nameOnce } from "../names.js";
import type { Looked } from "./look.js";
import type { LeftSync, MovedSync } from "./move.js";

export interface SyncToWrite extends MovedSync {
  /** Undefined if the destination or the folder could not be read. */
  readonly looked: Looked | undefined;
  /** Why not. */
  readonly unread: readonly string[];
}

export interface InfisicalProgram {
  /** The Pulumi project's. */
  readonly name: string;
  /** The name of the project in Infisical, for people. */
  readonly project: string;
  readonly version: string;
  readonly syncs: readonly SyncToWrite[];
  readonly left: readonly LeftSync[];
}

export interface ConnectionToWrite {
  /** In Infisical. */
  readonly id: string;
  /** Of the resource. */
  readonly name: string;
  readonly description: string | undefined;
  readonly app: MovedSync["connectionApp"];
  readonly variable: string;
  /** Key of the stack's configuration that holds its token. */
  readonly config: string;
}

/** Each once, however many syncs use it. A project and its organization may each have one of the same name. */
export function listConnections(syncs: readonly SyncToWrite[]): ConnectionToWrite[] {
  const connections = new Map<string, ConnectionToWrite>();
  const names = new Set<string>();
  const variables = new Set(["config", "pulumi"]);
  for (const { connection, connectionApp: app } of syncs) {
    const { id, description } = connection;
    if (connections.has(id)) continue;
    const variable = nameVariable(connection.name, variables);
    const name = nameOnce(connection.name, names);
    connections.set(id, { id, name, description, app, variable, config: `${variable}Token` });
  }
  return [...connections.values()];
}

/** A slug in camel case is never a reserved word: it ends in a word that no reserved word contains. */
function nameVariable(slug: string, taken: Set<string>): string {
  const words = slug.replaceAll(/[^a-z0-9]+(.)?/gi, (_, next: string = "") => next.toUpperCase()).replace(/^\d/, "n$&");
  const base = /connection$/i.test(words) ? words : `${words}Connection`;
  let name = base;
  for (let at = 2; taken.has(name); at += 1) name = `${base}${at}`;
  taken.add(name);
  return name;
}
