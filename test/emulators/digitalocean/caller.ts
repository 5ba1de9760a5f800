// A plain caller for the emulator's own tests. Every exchange is checked against the documentation on the way.
import { expect } from "vitest";
import { validateAnswer, validateRequest } from "./index.js";
import type { DigitalOceanEmulator, EnvEntry, Phase, Spec } from "./index.js";

interface ShownStep {
  name: string;
  status: string;
  reason?: { code: string; message: string };
  steps?: ShownStep[];
}

export interface ShownDeployment {
  id: string;
  phase: Phase;
  created_at: string;
  cause: string;
  cause_details?: { type: string };
  spec: Spec;
  cloned_from?: string;
  previous_deployment_id?: string;
  services?: { name: string; source_commit_hash: string }[];
  progress: {
    total_steps: number;
    success_steps?: number;
    error_steps?: number;
    pending_steps?: number;
    steps: ShownStep[];
  };
}

export interface ShownApp {
  id: string;
  spec: Spec;
  created_at: string;
  updated_at: string;
  last_deployment_created_at?: string;
  active_deployment?: ShownDeployment;
  in_progress_deployment?: ShownDeployment;
  /** As documented: what it will deploy, and nothing about how far it is. */
  pending_deployment?: Pick<ShownDeployment, "id" | "spec"> & Partial<ShownDeployment>;
  pinned_deployment?: ShownDeployment;
  project_id?: string;
}

export interface ShownDatabase {
  id: string;
  name: string;
  connection: { uri: string; user?: string; password?: string };
  users: { name: string; password?: string }[];
}

/** Every field that some answer has; a test reads the ones it asked for. */
export interface ShownBody {
  app: ShownApp;
  apps: ShownApp[];
  deployment: ShownDeployment;
  deployments: ShownDeployment[];
  database: ShownDatabase;
  databases: ShownDatabase[];
  spec: Spec;
  app_name_available: boolean;
  links: { pages: Record<string, string> };
  meta: { total: number };
  valid: boolean;
  error: { code: string };
  warnings: { code: string; components: string[] }[];
  account: { email: string };
  id: string;
  message: string;
  request_id: string;
}

export interface Reply {
  status: number;
  headers: Headers;
  body: ShownBody;
}

export interface Call {
  body?: unknown;
  token?: string;
  /** The request is meant to be wrong: do not hold it against the documentation. */
  wrong?: boolean;
  /** How the answer is meant to deviate from the documentation, in a position of a switch that goes against it. */
  deviations?: readonly string[];
  /** The documented route whose answer comes, when it is not that of the request. */
  answersAs?: string;
}

export function callerOf(ocean: DigitalOceanEmulator) {
  const call = async (
    method: string,
    path: string,
    { body, token = ocean.token, wrong = false, deviations = [], answersAs = `${method} ${path}` }: Call = {},
  ): Promise<Reply> => {
    if (!wrong) expect(validateRequest(`${method} ${path}`, body)).toEqual([]);
    const response = await fetch(ocean.url + path, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const json: ShownBody = text === "" ? undefined : JSON.parse(text);
    expect(validateAnswer(answersAs, response.status, json)).toEqual(deviations);
    return { status: response.status, headers: response.headers, body: json };
  };
  return {
    call,
    get: async (id: string, options: Omit<Call, "body"> = {}) =>
      (await call("GET", `/v2/apps/${id}`, options)).body.app,
    put: (id: string, spec: unknown, options: Omit<Call, "body"> = {}) =>
      call("PUT", `/v2/apps/${id}`, { body: { spec }, ...options }),
  };
}

/** An app with one service and whatever variables a test needs. */
export function webSpec(envs: EnvEntry[] = [], appEnvs?: EnvEntry[]): Spec {
  const service = {
    name: "web",
    git: { repo_clone_url: "https://example.com/web.git", branch: "main" },
    instance_count: 1,
    envs,
  };
  return { name: "shop", region: "fra", services: [service], ...(appEnvs ? { envs: appEnvs } : {}) };
}

export const secret = (key: string, value: string, scope = "RUN_TIME") => ({ key, value, scope, type: "SECRET" });
