// One stack's own door to the emulator. Every request waits there until it is let through, one at a time.

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Door {
  readonly url: string;
  /** Resolves when a request stands at the door. */
  arrival(): Promise<void>;
  /** Lets the first one through. @returns what it was, once the other side has carried it out. */
  letThrough(): Promise<string>;
  /** From now on nobody waits. */
  open(): void;
  close(): Promise<void>;
}

export async function buildDoor(target: string): Promise<Door> {
  const waiting: Array<() => Promise<string>> = [];
  let isOpen = false;
  let ring: () => void = () => undefined;
  const server = createServer((request, response) => {
    void receive(request).then((body) => {
      const pass = () => forward({ target, request, body, response });
      if (isOpen) return pass();
      waiting.push(pass);
      ring();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arrival: () =>
      new Promise((resolve) => {
        ring = resolve;
        if (waiting.length > 0) resolve();
      }),
    letThrough: async () => (await waiting.shift()?.()) ?? "",
    open: () => {
      isOpen = true;
      for (const pass of waiting.splice(0)) void pass();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function receive(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

interface Passing {
  readonly target: string;
  readonly request: IncomingMessage;
  readonly body: string;
  readonly response: ServerResponse;
}

async function forward({ target, request, body, response }: Passing): Promise<string> {
  const { method = "GET", url = "/", headers } = request;
  const answer = await fetch(target + url, {
    method,
    headers: { authorization: headers.authorization ?? "", "content-type": "application/json" },
    ...(body === "" ? {} : { body }),
  });
  const text = await answer.text();
  response.writeHead(answer.status, { "content-type": "application/json" }).end(text);
  return `${method} ${url.split("?")[0]?.split("/").at(-1) === "deployments" ? "deployments" : url.includes("/deployments/") ? "deployment" : "app"}`;
}
