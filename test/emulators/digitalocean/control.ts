// Network: the emulator's handles over HTTP (/_emulator/...), for callers in another process.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Fault, RequestMatch } from "../faults.js";
import type { DigitalOceanEmulator } from "./index.js";
import { components, isObject } from "./model.js";
import type { DeploymentRecord, Failure, JsonObject, Phase, Spec } from "./model.js";
import { readPositions } from "./variant.js";

interface Order {
  emulator: DigitalOceanEmulator;
  appId: string;
  body: JsonObject;
}

const PHASES: readonly Phase[] = ["PENDING_BUILD", "BUILDING", "PENDING_DEPLOY", "DEPLOYING"];
const ok = { ok: true };

/** "METHOD /path" with {id} for the app; each row answers JSON. */
const CONTROLS: Record<string, (order: Order) => unknown> = {
  "GET /apps": ({ emulator }) => emulator.apps().map((app) => ({ id: app.id, name: app.spec.name })),
  "POST /apps": ({ emulator, body }) => ({
    id: emulator.createApp(body["spec"], typeof body["id"] === "string" ? { id: body["id"] } : {}).id,
  }),
  "GET /apps/{id}": ({ emulator, appId }) => ({ id: appId, spec: emulator.app(appId).spec }),
  "GET /apps/{id}/running": ({ emulator, appId }) => emulator.running(appId),
  "GET /apps/{id}/deployments": ({ emulator, appId }) => emulator.deployments(appId).map(brief),
  "POST /apps/{id}/envs": ({ emulator, appId, body }) => editEnv(emulator, appId, body),
  "PUT /apps/{id}/spec": ({ emulator, appId, body }) =>
    brief(emulator.editConsole(appId, (spec) => replace(spec, body))),
  "POST /apps/{id}/fail-next-deployment": ({ emulator, appId, body }) => {
    emulator.failNextDeployment(appId, failureOf(body));
    return ok;
  },
  "POST /apps/{id}/deploy": ({ emulator, appId }) => brief(emulator.deploy(appId)),
  "POST /apps/{id}/cancel": ({ emulator, appId }) => brief(emulator.cancelDeployment(appId)),
  "POST /apps/{id}/settle": ({ emulator, appId }) => (emulator.settle(appId), ok),
  "POST /apps/{id}/push": ({ emulator, appId }) => ({ commit: emulator.pushCommit(appId) }),
  "POST /apps/{id}/pin": ({ emulator, appId }) => brief(emulator.pin(appId)),
  "POST /apps/{id}/archive": ({ emulator, appId, body }) => brief(emulator.archive(appId, body["archived"] !== false)),
  "GET /requests": ({ emulator }) => emulator.requests,
  "GET /complaints": ({ emulator }) => emulator.complaints,
  "GET /counts": ({ emulator }) => emulator.counts(),
  "POST /reset-counts": ({ emulator }) => (emulator.resetCounts(), ok),
  "POST /faults": ({ emulator, body }) => (emulator.faults.add(faultOf(body)), ok),
  "DELETE /faults": ({ emulator }) => (emulator.faults.clear(), ok),
  "POST /hold": ({ emulator, body }) => (emulator.holdDeployments(PHASES.find((phase) => phase === body["phase"])), ok),
  "POST /release": ({ emulator }) => (emulator.release(), ok),
  "GET /variant": ({ emulator }) => emulator.variant,
  "PATCH /variant": ({ emulator, body }) => Object.assign(emulator.variant, readPositions(body)),
  "POST /databases": ({ emulator, body }) => ({ id: emulator.addDatabase({ name: String(body["name"]) }).id }),
  "POST /tokens": ({ emulator, body }) => {
    const scopes = Array.isArray(body["scopes"]) ? body["scopes"].map(String) : [];
    emulator.tokens.set(String(body["token"]), {
      scopes,
      ...(typeof body["email"] === "string" ? { email: body["email"] } : {}),
    });
    return ok;
  },
};

export async function controlRequest(
  emulator: DigitalOceanEmulator,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const answer = (status: number, body: unknown) => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(`${JSON.stringify(body)}\n`);
  };
  try {
    const text = Buffer.concat(chunks).toString("utf8");
    const body: unknown = text === "" ? {} : JSON.parse(text);
    const path = (request.url ?? "").split("?")[0]?.replace("/_emulator", "") ?? "";
    const appId = /^\/apps\/([^/]+)/.exec(path)?.[1] ?? "";
    const control = CONTROLS[`${request.method} ${path.replace(/^\/apps\/[^/]+/, "/apps/{id}")}`];
    if (!control) return answer(404, { error: "no such control", controls: Object.keys(CONTROLS) });
    answer(200, control({ emulator, appId, body: isObject(body) ? body : {} }) ?? null);
  } catch (error) {
    answer(400, { error: error instanceof Error ? error.message : String(error) });
  }
}

/** A person sets or removes one variable in the console: `{component?, key, value, type?, scope?}`, `value: null` removes. */
function editEnv(emulator: DigitalOceanEmulator, appId: string, body: JsonObject): unknown {
  const { component, key, value, ...rest } = body;
  if (typeof key !== "string" || (typeof value !== "string" && value !== null))
    throw new Error("key and value are required");
  const deployment = emulator.editConsole(appId, (spec) => {
    const holder =
      component === undefined ? spec : components(spec).find((each) => each.component.name === component)?.component;
    if (!holder) throw new Error(`no component ${JSON.stringify(component)}`);
    const envs = (holder.envs ??= []);
    const at = envs.findIndex((env) => env.key === key);
    if (value !== null) envs.splice(at < 0 ? envs.length : at, 1, { ...envs[at], key, value, ...rest });
    else if (at >= 0) envs.splice(at, 1);
  });
  return brief(deployment);
}

function failureOf(body: JsonObject): Failure {
  const text = (field: string) => (typeof body[field] === "string" ? { [field]: body[field] } : {});
  const step = body["step"] === "build" ? "build" : "deploy";
  return {
    step,
    ...(typeof body["autoRollback"] === "boolean" ? { autoRollback: body["autoRollback"] } : {}),
    ...text("reasonCode"),
    ...text("message"),
    ...text("component"),
  };
}

function replace(spec: Spec, body: JsonObject): void {
  for (const field of Object.keys(spec)) delete spec[field];
  Object.assign(spec, body["spec"]);
}

function brief(deployment: DeploymentRecord | undefined): unknown {
  return deployment === undefined
    ? { deployment: null }
    : { deployment: { id: deployment.id, phase: deployment.phase, cause: deployment.cause } };
}

/** As in `faults.add`, with `match.path` as the text of a regular expression and `match.times: "always"`. */
function faultOf(body: JsonObject): Fault {
  const { match: given, ...kind } = body;
  const match: RequestMatch = {};
  if (isObject(given)) {
    if (typeof given["method"] === "string") match.method = given["method"];
    if (typeof given["path"] === "string") match.path = new RegExp(given["path"]);
    if (typeof given["nth"] === "number") match.nth = given["nth"];
    if (typeof given["times"] === "number") match.times = given["times"];
    if (given["times"] === "always") match.times = Infinity;
  }
  return { ...kind, match };
}
