// Writes the picture as SVG: a card for each step with a row for each exit, and lines from the exits to what follows.

export const WIDTH = 236;
const HEAD = 50;
const ROW = 26;
const LINE = 19;
const PAD = 8;
const LETTER = 6.7;

const escape = (text) => String(text).replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign]);
const fit = (text, width, letter = LETTER) => {
  const most = Math.max(1, Math.floor(width / letter));
  return text.length > most ? `${text.slice(0, most - 1).trimEnd()}…` : text;
};

const spoken = (step) => step.refers || (step.says ? `“${step.says}”` : "");

// What is told of a step in words beneath its name.
function marks(step, shows, lit) {
  const found = [];
  if (step.first) found.push(["first", "begins here"]);
  if (!step.reached) found.push(["warning", "nothing leads here"]);
  if (step.change) found.push([step.change, step.change]);
  if (shows.problems) {
    const errors = step.problems.filter((one) => one.severity === "error").length;
    const warnings = step.problems.length - errors;
    if (errors) found.push(["error", `✖ ${errors} error${errors === 1 ? "" : "s"}`]);
    if (warnings) found.push(["warning", `⚠ ${warnings} warning${warnings === 1 ? "" : "s"}`]);
  }
  if (shows.inside && step.inside) found.push(["inside", `☎ ${step.inside} now`]);
  if (shows.gaveUp && step.gaveUp) found.push(["gone", `${step.gaveUp.toLocaleString()} hung up`]);
  if (lit.marks?.[step.id]) found.push(["lit", lit.marks[step.id]]);
  return found;
}

// Marks in lines: as many as fit stand beside each other.
function lines(found) {
  const rows = [];
  let left = 0;
  for (const [tone, text] of found) {
    const shown = fit(text, WIDTH - 44);
    const width = shown.length * LETTER + 14;
    if (!rows.length || left + width > WIDTH - 2 * PAD) {
      rows.push([]);
      left = 0;
    }
    rows.at(-1).push({ tone, text: shown, at: left, width });
    left += width + 5;
  }
  return rows;
}

export function measure(flow, shows, lit) {
  const sizes = new Map();
  for (const step of flow.steps.values()) {
    const rows = flow.shownExits(step.id).length;
    const told = lines(marks(step, shows, lit)).length;
    sizes.set(step.id, HEAD + (spoken(step) ? LINE : 0) + told * (LINE + 4) + rows * ROW + PAD);
  }
  return sizes;
}

export function card(flow, step, height, { shows, lit, chosen, editable }) {
  const ways = flow.shownExits(step.id);
  const told = lines(marks(step, shows, lit));
  const classes = ["node", chosen === step.id ? "is-chosen" : "", lit.steps?.has(step.id) ? "is-lit" : "", step.reached ? "" : "is-apart", step.change ? `is-${step.change}` : ""];
  let y = HEAD;
  let inside = "";
  if (spoken(step)) {
    inside += `<text class="says" x="${PAD + 4}" y="${y + 10}">${escape(fit(spoken(step), WIDTH - 24, 6.1))}</text>`;
    y += LINE;
  }
  for (const row of told) {
    for (const one of row) inside += `<g class="mark mark-${one.tone}"><rect x="${PAD + one.at}" y="${y}" width="${one.width}" height="18" rx="9"/><text x="${PAD + one.at + 7}" y="${y + 13}">${escape(one.text)}</text></g>`;
    y += LINE + 4;
  }
  const folds = flow.followers(step.id).length;
  const folded = flow.folded.has(step.id);
  const hidden = folded ? flow.hiddenBy(step.id) : 0;
  const top = height - PAD / 2 - ways.length * ROW;
  return `<g class="${classes.join(" ")}" data-node="${escape(step.id)}">
    <g class="card" data-key="n:${escape(step.id)}" role="button" tabindex="-1" aria-label="${escape(flow.sayStep(step, shows))}"${chosen === step.id ? ' aria-current="true"' : ""}>
      <title>${escape(step.problems.length && shows.problems ? step.problems.map((one) => one.text).join("\n") : step.name)}</title>
      <rect class="box" width="${WIDTH}" height="${height}" rx="9"/>
      <text class="kind" x="${PAD + 4}" y="20">${escape(fit(step.label, WIDTH - 60))}</text>
      <text class="name" x="${PAD + 4}" y="40">${escape(fit(step.name, WIDTH - 26, 7.6))}</text>${inside}
    </g>
    ${folds ? `<g class="fold" data-fold="${escape(step.id)}"><title>${folded ? `Unfold: ${hidden} more steps` : "Fold what follows"}</title><rect x="${WIDTH - 52}" y="5" width="47" height="20" rx="10"/><text x="${WIDTH - 28}" y="19">${folded ? `+${hidden}` : "−"}</text></g>` : ""}
    ${ways.map((edge, place) => exit(flow, edge, top + place * ROW, { shows, lit, editable })).join("")}
  </g>`;
}

function exit(flow, edge, y, { shows, lit, editable }) {
  const count = shows.counts && edge.count ? edge.count.toLocaleString() : "";
  const untried = shows.covered && edge.covered === false ? "untried" : "";
  const right = [untried, count, edge.to ? "" : "not decided"].filter(Boolean).join(" · ");
  const label = edge.detail.startsWith("key ") && !edge.detail.includes(" or ") ? `${edge.detail.slice(4)}: ${edge.label}` : edge.label;
  const key = `e:${edge.from}/${edge.exit}`;
  const classes = ["exit", edge.to ? "" : "is-open", lit.exits?.has(`${edge.from}/${edge.exit}`) ? "is-lit" : "", edge.change ? `is-${edge.change}` : "", untried ? "is-untried" : "", editable ? "is-editable" : ""];
  return `<g class="${classes.join(" ")}" data-key="${escape(key)}" data-step="${escape(edge.from)}" data-exit="${escape(edge.exit)}" role="button" tabindex="-1" aria-label="${escape(flow.sayExit(edge, shows))}">
    <title>${escape(`${edge.label}${edge.detail ? ` (${edge.detail})` : ""} → ${flow.nameOf(edge.to) || "not decided"}`)}</title>
    <rect class="row" x="1" y="${y}" width="${WIDTH - 2}" height="${ROW}"/>
    <text class="label" x="${PAD + 4}" y="${y + 17}">${escape(fit(label, WIDTH - 34 - right.length * 6.4))}</text>
    <text class="count" x="${WIDTH - 14}" y="${y + 17}">${escape(right)}</text>
    <circle class="port" cx="${WIDTH}" cy="${y + ROW / 2}" r="${editable ? 6 : 4}"/>
  </g>`;
}

export function port(flow, edge, at, heights) {
  const ways = flow.shownExits(edge.from);
  const [x, y] = at[edge.from];
  const top = heights.get(edge.from) - PAD / 2 - ways.length * ROW;
  return [x + WIDTH, y + top + ways.indexOf(edge) * ROW + ROW / 2];
}

export function curve([x1, y1], [x2, y2]) {
  const bend = x2 > x1 ? Math.max(30, (x2 - x1) / 2) : Math.min(260, 70 + (x1 - x2) / 6);
  return `M${x1},${y1}C${x1 + bend},${y1} ${x2 - bend},${y2} ${x2 - 7},${y2}`;
}

export function line(flow, edge, at, heights, { tree, lit, chosen, most }) {
  const [x, y] = at[edge.to];
  const classes = ["edge", tree ? "" : "is-cross", lit.exits?.has(`${edge.from}/${edge.exit}`) ? "is-lit" : "", edge.from === chosen || edge.to === chosen ? "is-near" : "", edge.change ? `is-${edge.change}` : ""];
  const thick = most && edge.count ? 1.5 + 4 * (edge.count / most) : 1.5;
  return `<path class="${classes.join(" ")}" data-from="${escape(edge.from)}" data-to="${escape(edge.to)}" d="${curve(port(flow, edge, at, heights), [x, y + 25])}" style="stroke-width:${thick.toFixed(1)}" marker-end="url(#ws-arrow)"/>`;
}
