// The simulator's small API. Every refusal becomes a Refused with a sentence for people.

export class Refused extends Error {}

const HEADERS = { "X-Simulator-Page": "1" };

async function ask(path, options) {
  let answer;
  try {
    answer = await fetch(path, options);
  } catch {
    throw new Refused("The simulator does not answer.");
  }
  if (!answer.ok) {
    const told = await answer.json().catch(() => ({}));
    throw new Refused(told.error ?? `The simulator answered ${answer.status}.`);
  }
  return answer;
}

function post(path, data = {}) {
  return ask(path, { method: "POST", headers: { ...HEADERS, "Content-Type": "application/json" }, body: JSON.stringify(data) });
}

const call = (sid, act) => `/sim/calls/${encodeURIComponent(sid)}/${act}`;

export const api = {
  snapshot: async (since) => (await ask(`/sim/snapshot?since=${since}`)).json(),
  sentences: async () => (await ask("/sim/sentences")).json(),
  dial: (from, to) => post("/sim/dial", { from, to }),
  press: (sid, digits) => post(call(sid, "press"), { digits }),
  speak: (sid, text) => post(call(sid, "speak"), { text }),
  speakAudio: (sid, sound, { text = "", shown = "" }) =>
    ask(`${call(sid, "audio")}?${new URLSearchParams({ text, shown })}`, { method: "POST", headers: HEADERS, body: sound }),
  answer: (sid) => post(call(sid, "answer")),
  decline: (sid) => post(call(sid, "decline")),
  hangUp: (sid) => post(call(sid, "hang-up")),
  setPhone: (phone) => post("/sim/phones", phone),
  text: (from, to, body, media) => post("/sim/texts", { from, to, body, media }),
  setFaults: (chances) => post("/sim/faults", chances),
};
