// The nouns of the Netlify emulator. Scopes are kept as the API really spells them: `post_processing`.
import type { Plan } from "./variant.js";

export type JsonObject = Record<string, unknown>;

export const ALL_SCOPES = ["builds", "functions", "runtime", "post_processing"] as const;
export const CONTEXTS = [
  "all",
  "dev",
  "dev-server",
  "branch-deploy",
  "deploy-preview",
  "production",
  "branch",
] as const;

/** What a masked value looks like (Infisical/infisical#6829). */
export const MASK = "*".repeat(16);

export interface User {
  id: string;
  full_name: string;
  email: string;
}

export interface ValueRecord {
  id: string;
  context: string;
  context_parameter?: string;
  value: string;
}

export interface VariableRecord {
  key: string;
  scopes: string[];
  values: ValueRecord[];
  is_secret: boolean;
  updated_at: string;
  updated_by: User;
}

export interface AccountRecord {
  id: string;
  slug: string;
  name: string;
  /** Instead of the one that the variant gives to every account. */
  plan?: Plan;
  variables: Map<string, VariableRecord>;
}

export interface SiteRecord {
  id: string;
  name: string;
  account: AccountRecord;
  /** Linked to a repository: only then can Netlify build it. */
  linked: boolean;
  stopBuilds: boolean;
  /** Auto publishing is stopped: the site stays at this deploy until somebody publishes another one. */
  lockedTo?: string;
  hasFunctions: boolean;
  variables: Map<string, VariableRecord>;
  builds: BuildRecord[];
  nextFailures: string[];
}

export interface BuildRecord {
  id: string;
  deployId: string;
  branch: string | undefined;
  clearCache: boolean;
  title: string | undefined;
  createdAt: number;
  /** The environment as it was when the build began: nothing that is written later reaches it. */
  environment: Record<string, Record<string, string>>;
  failure: string | undefined;
}

export interface Token {
  user: User;
  /** Collaborators may not read the team's shared variables. */
  role?: "owner" | "collaborator";
  readOnly?: boolean;
}

export interface Complaint {
  kind: "undocumented" | "bad-answer" | "mask-stored" | "lost-value" | "unauthorized";
  detail: string;
}

export type { LoggedRequest } from "../faults.js";

export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

export const notFound = () => new ApiError(404, "Not Found");
export const unprocessable = (message: string) => new ApiError(422, message);

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `branch` values are distinguished by the branch's name. */
export function slotOf({ context, context_parameter }: Pick<ValueRecord, "context" | "context_parameter">): string {
  return context === "branch" ? `branch:${context_parameter ?? ""}` : context;
}
