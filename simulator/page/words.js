// How numbers, times and states are written.

export const HABITS = {
  asks: "Rings until I decide",
  answers: "Answers",
  machine: "A machine answers",
  fax: "A fax answers",
  silence: "Answers without a word",
  declines: "Declines",
  busy: "Is busy",
  ignores: "Nobody answers",
  unreachable: "Cannot be reached",
};

const ANSWERERS = new Set(["machine", "fax", "silence"]);

// A habit as it is chosen here, and as the simulator knows it.
export function chosenHabit(phone) {
  return phone.habit === "answers" && ANSWERERS.has(phone.by) ? phone.by : phone.habit;
}

export function knownHabit(chosen) {
  return ANSWERERS.has(chosen) ? { habit: "answers", by: chosen } : { habit: chosen, by: "human" };
}

// What becomes of a text to a phone.
export const TEXTS = {
  delivered: "Arrive",
  off: "Wait: it is off",
  undelivered: "Do not arrive",
  landline: "Never: a landline",
};

export const TEXT_STATES = {
  scheduled: "Comes later",
  accepted: "On its way",
  queued: "On its way",
  sending: "On its way",
  sent: "On its way",
  delivered: "Delivered",
  undelivered: "Not delivered",
  failed: "Failed",
  canceled: "Called back",
};

export function address(text) {
  const north = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(text ?? "");
  return north ? `+1 ${north[1]} ${north[2]} ${north[3]}` : (text ?? "");
}

// Who has which address: phones and numbers together.
export function names(snapshot) {
  return new Map([...snapshot.numbers.map((each) => [each.number, each.friendly_name]), ...snapshot.phones.map((each) => [each.address, each.name])]);
}

export function clock(moment) {
  return new Date(moment).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
}

export function span(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

export function initials(name) {
  const words = name.replace(/^(client|sip):/, "").match(/[\p{L}\p{N}]+/gu) ?? ["?"];
  return (words.length > 1 ? words[0][0] + words[1][0] : words[0].slice(0, 2)).toUpperCase();
}

export const ENDINGS = {
  completed: "Call ended",
  busy: "Busy",
  "no-answer": "No answer",
  failed: "Call failed",
  canceled: "Caller gave up",
};
