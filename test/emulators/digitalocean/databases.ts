// Managed database clusters: what the emulator keeps of one, and how answers show it.
import { randomBytes, randomUUID } from "node:crypto";
import type { JsonObject } from "./model.js";
import { showTime } from "./time.js";
import type { Variant } from "./variant.js";

/** Dev databases of an app are none: they live in the app's spec and in no list of clusters. */
export interface DatabaseRecord {
  id: string;
  name: string;
  engine: string;
  version: string;
  region: string;
  size: string;
  nodes: number;
  tags: readonly string[];
  user: string;
  password: string;
  createdAt: number;
}

/** What a test says of a new cluster. */
export type DatabaseSeed = Pick<DatabaseRecord, "name"> & Partial<Omit<DatabaseRecord, "createdAt">>;

export function newDatabase(seed: DatabaseSeed, createdAt: number): DatabaseRecord {
  return {
    id: randomUUID(),
    engine: "pg",
    version: "16",
    region: "fra1",
    size: "db-s-1vcpu-1gb",
    nodes: 1,
    tags: [],
    user: "doadmin",
    password: `AVNS_${randomBytes(12).toString("base64url")}`,
    ...seed,
    createdAt,
  };
}

/**
 * The documentation makes user and password depend on `database:view_credentials`; without it the password is
 * an empty string (https://github.com/digitalocean/terraform-provider-digitalocean/issues/1165).
 */
export function databaseAnswer(
  database: DatabaseRecord,
  { variant, withCredentials }: { variant: Variant; withCredentials: boolean },
): JsonObject {
  const hidden = variant.hiddenCredentials === "empty" ? { user: "", password: "" } : {};
  const credentials = withCredentials ? { user: database.user, password: database.password } : hidden;
  const host = `${database.name}-do-user-1-0.db.ondigitalocean.com`;
  return {
    id: database.id,
    name: database.name,
    engine: database.engine,
    version: database.version,
    connection: connection(host, credentials),
    private_connection: connection(`private-${host}`, credentials),
    users: [
      {
        name: database.user,
        role: "primary",
        ...("password" in credentials ? { password: credentials.password } : {}),
      },
    ],
    db_names: ["defaultdb"],
    num_nodes: database.nodes,
    region: database.region,
    status: "online",
    created_at: showTime(database.createdAt, variant),
    size: database.size,
    tags: [...database.tags],
  };
}

function connection(host: string, credentials: { user?: string; password?: string }): JsonObject {
  const { user = "", password = "" } = credentials;
  const login = user === "" ? "" : `${user}:${password}@`;
  return {
    uri: `postgres://${login}${host}:25060/defaultdb?sslmode=require`,
    database: "defaultdb",
    host,
    port: 25060,
    ...credentials,
    ssl: true,
  };
}
