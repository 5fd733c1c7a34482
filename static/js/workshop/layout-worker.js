// Places the steps, apart from the page: a large flow takes a moment, and nothing must stand still meanwhile.
// In: { id, nodes: [[key, width, height]], edges: [[from, to]] }, out: { id, at: { key: [x, y] } } of upper left corners.

import dagre from "../../vendor/dagre/dagre.esm.js";

const SMALL = 60; // up to so many steps the best placing is worth its time

onmessage = ({ data: { id, nodes, edges } }) => {
  const graph = new dagre.graphlib.Graph({ multigraph: true });
  graph.setGraph({ rankdir: "LR", nodesep: 26, ranksep: 84, marginx: 20, marginy: 20, ranker: nodes.length > SMALL ? "longest-path" : "network-simplex" });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const [key, width, height] of nodes) graph.setNode(key, { width, height });
  edges.forEach(([from, to], place) => graph.setEdge(from, to, {}, String(place)));
  dagre.layout(graph);
  const at = {};
  for (const [key, width, height] of nodes) {
    const { x, y } = graph.node(key);
    at[key] = [x - width / 2, y - height / 2];
  }
  postMessage({ id, at });
};
