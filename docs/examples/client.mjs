// Calls somebody through the contact center, follows what happens, and hears of it. Nothing but Node 18 or newer.
//
//     export CONTACT_CENTER=http://127.0.0.1:8000 API_KEY=cc_...
//     node client.mjs call '{"to": "+14155550100", "flow": 1, "reference": "deal-7"}'
//     node client.mjs listen 9000 whsec_...

import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";

const API = `${process.env.CONTACT_CENTER ?? "http://127.0.0.1:8000"}/api/v1`;

// Ask the API, and give its answer; what is wrong with the question is said in the error.
async function ask(method, path, body, headers = {}) {
  const answer = await fetch(API + path, {
    method,
    headers: { Authorization: `Bearer ${process.env.API_KEY}`, "Content-Type": "application/json", ...headers },
    body: body && JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
}

// Have somebody called, and print what happens until it is over.
async function call(order) {
  // repeated with the same key, as after a lost answer, it would still ring once
  const made = await ask("POST", "/calls", order, { "Idempotency-Key": randomUUID() });
  console.log("ordered", made.id);
  for await (const event of follow(made.conversation)) {
    console.log(event.sequence, event.type, JSON.stringify(event.data));
    if (event.type === "call.completed") return;
  }
}

// Read the feed of events, for ever. Nothing is left out, and nothing comes in before what was read.
async function* follow(conversation, after = 0) {
  for (;;) {
    const page = await ask("GET", `/events?after=${after}&conversation=${conversation}`);
    yield* page.items;
    after = page.next;
    if (!page.more) await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

// Tell whether the contact center has sent this, and lately. `body` is what came, byte by byte.
export function verify(headers, body, secret) {
  const told = Buffer.concat([Buffer.from(`${headers["webhook-id"]}.${headers["webhook-timestamp"]}.`), body]);
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const ours = Buffer.from("v1," + createHmac("sha256", key).update(told).digest("base64"));
  const isFresh = Math.abs(Date.now() / 1000 - headers["webhook-timestamp"]) < 300;
  // while a secret is replaced there are two signatures
  const theirs = headers["webhook-signature"].split(" ").map((one) => Buffer.from(one));
  return isFresh && theirs.some((one) => one.length === ours.length && timingSafeEqual(one, ours));
}

// Print what is sent to us, and refuse what others send.
function listen(port, secret) {
  createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const ours = verify(request.headers, body, secret);
    response.writeHead(ours ? 204 : 401).end();
    // the same event may come twice: its webhook-id tells
    if (ours) console.log(request.headers["webhook-id"], JSON.parse(body).type);
  }).listen(port, "127.0.0.1");
}

const [what, first, second] = process.argv.slice(2);
if (what === "call") await call(JSON.parse(first));
if (what === "listen") listen(Number(first), second);
