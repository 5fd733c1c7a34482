// Answers for reading: TwiML indented and coloured, JSON indented, anything else as it came.

import { el } from "./dom.js";

const piece = (kind, text) => el("span", { class: kind }, text);

// `sound` says that the body is well-formed XML: the browser's parser is loud about any other.
export function verbs(body, sound) {
  const root = sound && parse(body);
  if (!root) return "";
  const names = [...root.children].map((verb) => [verb.localName, ...[...verb.children].filter((noun) => /^[A-Z]/.test(noun.localName) && verb.localName !== "Say").map((noun) => noun.localName)]);
  return names.map(([verb, ...nouns]) => (nouns.length ? `${verb} (${nouns.join(", ")})` : verb)).join(" · ") || "Empty response";
}

export function pretty(body, sound) {
  const code = el("pre", { class: "code", tabindex: "0" });
  const root = sound && parse(body);
  if (root) element(root, 0, code);
  else code.append(indented(body));
  return code;
}

function parse(body) {
  if (!body.trimStart().startsWith("<")) return null;
  const document = new DOMParser().parseFromString(body, "application/xml");
  return document.querySelector("parsererror") ? null : document.documentElement;
}

function indented(body) {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

// A line of its own, whose wrapped part hangs below its first words.
function row(depth, into, fill) {
  const line = el("span", { class: "row" });
  line.style.paddingInlineStart = `${2 * depth + 2}ch`;
  line.style.textIndent = "-2ch";
  fill(line);
  into.append(line);
}

function element(node, depth, into) {
  const close = (line) => line.append(piece("tag", `</${node.nodeName}>`));
  const inline = [...node.childNodes].some((child) => child.nodeType === Node.TEXT_NODE && child.data.trim());
  if (inline || !node.childNodes.length) {
    row(depth, into, (line) => flowing(node, line));
    return;
  }
  row(depth, into, (line) => open(node, line));
  for (const child of node.childNodes) nested(child, depth + 1, into);
  row(depth, into, close);
}

function nested(child, depth, into) {
  if (child.nodeType === Node.ELEMENT_NODE) element(child, depth, into);
  else if (child.nodeType === Node.COMMENT_NODE) row(depth, into, (line) => line.append(piece("comment", `<!--${child.data}-->`)));
}

// Text with elements between its words (SSML) stays on its line: white space counts there.
function flowing(child, into) {
  if (child.nodeType !== Node.ELEMENT_NODE) {
    into.append(child.data);
    return;
  }
  open(child, into);
  for (const inner of child.childNodes) flowing(inner, into);
  if (child.childNodes.length) into.append(piece("tag", `</${child.nodeName}>`));
}

function open(node, into) {
  into.append(piece("tag", `<${node.nodeName}`));
  for (const { name, value } of node.attributes) into.append(" ", piece("attribute", name), "=", piece("value", `"${value}"`));
  into.append(piece("tag", node.childNodes.length ? ">" : "/>"));
}
