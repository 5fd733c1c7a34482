// A flow as the page knows it: steps, exits, and which of them are folded away. From the JSON of `ivr/drafting/picture.py`.

const MANY = 60; // from so many steps on, a flow begins folded

export class Flow {
  constructor(data, folded = null) {
    this.data = data;
    this.steps = new Map(data.nodes.map((node) => [node.id, node]));
    this.exits = new Map(data.nodes.map((node) => [node.id, []]));
    this.entrances = new Map(data.nodes.map((node) => [node.id, []]));
    for (const edge of data.edges) {
      this.exits.get(edge.from)?.push(edge);
      if (edge.to) this.entrances.get(edge.to)?.push(edge);
    }
    this.folded = folded ?? (this.steps.size > MANY ? this.deep() : new Set());
  }

  // Exits that are shown: those that lead somewhere, and those that should.
  shownExits(id) {
    return this.exits.get(id).filter((edge) => edge.to || edge.required);
  }

  exit(id, name) {
    return this.exits.get(id)?.find((edge) => edge.exit === name);
  }

  followers(id) {
    return [...new Set(this.exits.get(id).map((edge) => edge.to))].filter((to) => this.steps.has(to));
  }

  // From where calls begin, and from each step to which nothing leads.
  roots() {
    const reached = new Set();
    const roots = [];
    const from = (id) => {
      if (!this.steps.has(id) || reached.has(id)) return;
      roots.push(id);
      for (const one of this.walk([id])) reached.add(one);
    };
    from(this.data.first);
    const rest = [...this.steps.keys()].filter((id) => !reached.has(id));
    for (const id of rest) if (!this.entrances.get(id).some((edge) => edge.from !== id)) from(id);
    for (const id of rest) from(id); // steps that only lead to each other
    return roots;
  }

  // Steps in the order in which callers meet them, each with the exit by which it is met first.
  *walk(roots, { folds = new Set() } = {}) {
    const seen = new Set(roots);
    const todo = [...roots];
    while (todo.length) {
      const id = todo.shift();
      yield id;
      if (folds.has(id)) continue;
      for (const to of this.followers(id)) {
        if (seen.has(to)) continue;
        seen.add(to);
        todo.push(to);
      }
    }
  }

  shown() {
    return new Set(this.walk(this.roots(), { folds: this.folded }));
  }

  // The exit by which each shown step is met first: these make the tree that is laid out.
  tree() {
    const met = new Map(this.roots().map((id) => [id, null]));
    const todo = [...met.keys()];
    while (todo.length) {
      const id = todo.shift();
      if (this.folded.has(id)) continue;
      for (const edge of this.exits.get(id)) {
        if (!this.steps.has(edge.to) || met.has(edge.to)) continue;
        met.set(edge.to, edge);
        todo.push(edge.to);
      }
    }
    return met;
  }

  // What is hidden by a fold: steps that no other way shows.
  hiddenBy(id) {
    if (!this.folded.has(id)) return 0;
    const without = new Set(this.folded);
    without.delete(id);
    return [...this.walk(this.roots(), { folds: without })].length - this.shown().size;
  }

  fold(id) {
    if (this.followers(id).length) this.folded.add(id);
  }

  toggle(id) {
    if (this.folded.has(id)) this.folded.delete(id);
    else this.fold(id);
  }

  deep(depth = 2) {
    const folds = new Set();
    const at = new Map(this.roots().map((id) => [id, 0]));
    for (const [id, level] of at) {
      if (level >= depth && this.followers(id).length) folds.add(id);
      for (const to of this.followers(id)) if (!at.has(to)) at.set(to, level + 1);
    }
    return folds;
  }

  // Unfolds what hides a step.
  reveal(id) {
    if (this.shown().has(id)) return false;
    const before = new Map();
    const todo = this.roots();
    const seen = new Set(todo);
    while (todo.length && !seen.has(id)) {
      const here = todo.shift();
      for (const to of this.followers(here)) {
        if (seen.has(to)) continue;
        seen.add(to);
        before.set(to, here);
        todo.push(to);
      }
    }
    for (let one = before.get(id); one !== undefined; one = before.get(one)) this.folded.delete(one);
    return true;
  }

  find(text) {
    const wanted = text.trim().toLowerCase();
    if (!wanted) return [];
    const hits = [...this.steps.values()].filter((step) => [step.name, step.label, step.refers, step.says].some((one) => one.toLowerCase().includes(wanted)));
    return hits.sort((one, other) => other.name.toLowerCase().includes(wanted) - one.name.toLowerCase().includes(wanted));
  }

  nameOf(id) {
    return this.steps.get(id)?.name ?? "";
  }

  // A step and an exit in words, as a screen reader says them.
  sayStep(step, shows = {}) {
    const parts = [`${step.name}, ${step.label}${step.refers ? `: ${step.refers}` : ""}`];
    if (step.first) parts.push("calls begin here");
    if (!step.reached) parts.push("nothing leads here");
    if (step.says) parts.push(`says “${step.says}”`);
    if (step.change) parts.push(step.change);
    if (shows.problems && step.problems.length) parts.push(`${step.problems.length === 1 ? "problem" : `${step.problems.length} problems`}: ${step.problems.map((one) => one.text).join(" ")}`);
    if (shows.inside && step.inside) parts.push(`${callers(step.inside)} here now`);
    if (shows.gaveUp && step.gaveUp) parts.push(`${callers(step.gaveUp)} hung up here in ${this.data.days ?? 7} days`);
    const ways = this.shownExits(step.id).length;
    parts.push(ways === 1 ? "1 exit" : `${ways || "no"} exits`);
    if (this.folded.has(step.id)) parts.push("what follows is folded");
    return parts.join(". ");
  }

  sayExit(edge, shows = {}) {
    const parts = [`Exit ${edge.label}${edge.detail ? `, ${edge.detail}` : ""}, ${edge.to ? `leads to ${this.nameOf(edge.to)}` : "leads nowhere yet"}`];
    if (shows.counts && edge.count) parts.push(`${callers(edge.count)} in ${this.data.days ?? 7} days`);
    if (shows.covered && edge.covered !== null) parts.push(edge.covered ? "a scenario tries it" : "no scenario tries it");
    if (edge.change) parts.push(edge.change);
    return parts.join(". ");
  }
}

export const callers = (count) => `${count.toLocaleString()} caller${count === 1 ? "" : "s"}`;
