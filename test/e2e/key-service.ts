// What the CLI asks of Vault's transit engine, https://developer.hashicorp.com/vault/api-docs/secret/transit: it keeps the keys of stacks.

import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import type { AddressInfo } from "node:net";

/** How a stack's secrets are encrypted: the argument of `stack init`, and what the CLI needs from then on. */
export interface Encryption {
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** What a stack on a backend of files has by default. Every call stretches it anew, which takes 0.15 s of processor. */
export const byPassphrase: Encryption = { arguments: [], environment: { PULUMI_CONFIG_PASSPHRASE: "passphrase" } };

let service: Promise<Encryption> | undefined;

/** By a key that this process keeps: nothing in the world's folder opens its state. */
export function byKeyService(): Promise<Encryption> {
  return (service ??= startKeyService());
}

async function startKeyService(): Promise<Encryption> {
  const kept = new Map<string, string>();
  const token = randomUUID();
  const serve = async (request: IncomingMessage, answer: ServerResponse): Promise<void> => {
    if (request.headers["x-vault-token"] !== token) return send(answer, 403);
    const asked = (await json(request)) as { plaintext?: string; ciphertext?: string };
    switch (`${request.method} ${request.url}`) {
      case "PUT /v1/transit/encrypt/stack": {
        const ciphertext = `vault:v1:${randomUUID()}`;
        kept.set(ciphertext, asked.plaintext ?? "");
        return send(answer, 200, { ciphertext });
      }
      case "PUT /v1/transit/decrypt/stack": {
        const plaintext = kept.get(asked.ciphertext ?? "");
        return plaintext === undefined ? send(answer, 400) : send(answer, 200, { plaintext });
      }
      default:
        return send(answer, 404);
    }
  };
  const server = createServer((request, answer) => void serve(request, answer));
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  server.unref();
  const { port } = server.address() as AddressInfo;
  return {
    arguments: ["--secrets-provider", "hashivault://stack"],
    environment: { VAULT_SERVER_URL: `http://127.0.0.1:${port}`, VAULT_SERVER_TOKEN: token },
  };
}

function send(answer: ServerResponse, status: number, data: object = {}): void {
  answer.writeHead(status, { "content-type": "application/json" });
  answer.end(JSON.stringify(status === 200 ? { data } : { errors: ["refused"] }));
}
