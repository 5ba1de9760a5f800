// Test side: how Infisical writes several secrets of one folder: all of them or none, trimmed, or held back for an approval.
// https://infisical.com/docs/api-reference/endpoints/secrets/create-many and update-many

import { z } from "zod";
import { type Instance, Refusal } from "./model.js";
import type { Call } from "./routes.js";

const secret = z.object({
  secretKey: z
    .string()
    .trim()
    .min(1)
    .regex(/^[^:/]+$/, "Secret name cannot contain colon or slash"),
  // As the server does: white space goes, but for one line break at the end.
  secretValue: z.string().transform((text) => (text.endsWith("\n") ? `${text.trim()}\n` : text.trim())),
});

const batch = z
  .object({
    projectId: z.string().min(1).optional(),
    workspaceId: z.string().min(1).optional(),
    environment: z.string().trim().min(1),
    secretPath: z.string().default("/"),
    secrets: z.array(secret).min(1),
  })
  .strict();

export function writeBatch(instance: Instance, { method, body }: Call, project: "projectId" | "workspaceId"): unknown {
  const parsed = batch.safeParse(body);
  if (!parsed.success) throw new Refusal(422, "ValidationFailure", parsed.error.issues[0]?.message ?? "invalid");
  const { environment, secretPath, secrets } = parsed.data;
  const projectId = parsed.data[project];
  if (projectId === undefined) throw new Refusal(422, "ValidationFailure", `${project}: Required`);
  const folders = instance.projects.get(projectId);
  const folder = folders?.[environment]?.[secretPath];
  if (folders === undefined || folder === undefined)
    throw new Refusal(
      404,
      "NotFound",
      `Folder with path '${secretPath}' in environment '${environment}' was not found`,
    );
  const names = secrets.map(({ secretKey }) => secretKey);
  const known = names.filter((name) => Object.hasOwn(folder.secrets, name));
  if (method === "POST" && known.length > 0)
    throw new Refusal(400, "BadRequest", `Secret already exists: ${known.join(",")}`);
  if (method === "PATCH" && known.length < names.length)
    throw new Refusal(
      404,
      "NotFound",
      `Secret does not exist: ${names.filter((name) => !known.includes(name)).join(",")}`,
    );
  if (instance.approval) return { approval: { id: "approval-1", status: "open" } };
  const written = Object.fromEntries(secrets.map(({ secretKey, secretValue }) => [secretKey, secretValue]));
  const next = { ...folder, secrets: { ...folder.secrets, ...written } };
  instance.projects.set(projectId, {
    ...folders,
    [environment]: { ...folders[environment], [secretPath]: next },
  });
  return { secrets: names.map((secretKey) => ({ id: secretKey, secretKey, environment, secretPath, type: "shared" })) };
}
