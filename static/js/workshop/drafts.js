// What was typed and not saved is kept in this window of the browser, and offered again.

const key = (flow, name) => `workshop-${flow}-${name}`;

export function keep(flow, name, draft) {
  try {
    sessionStorage.setItem(key(flow, name), JSON.stringify({ ...draft, at: Date.now() }));
  } catch {
    // a full or forbidden storage only costs the offer
  }
}

export function kept(flow, name) {
  try {
    return JSON.parse(sessionStorage.getItem(key(flow, name)) ?? "null");
  } catch {
    return null;
  }
}

export function forget(flow, name) {
  try {
    sessionStorage.removeItem(key(flow, name));
  } catch {
    // nothing was kept then
  }
}
