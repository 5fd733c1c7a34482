// How numbers, times and states are written.

export const HABITS = {
  asks: "Rings until I decide",
  answers: "Answers",
  declines: "Declines",
  busy: "Is busy",
  ignores: "Nobody answers",
  unreachable: "Cannot be reached",
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
