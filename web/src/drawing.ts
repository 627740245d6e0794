// What pictures are drawn with: SVG elements, and layers laid out by dagre.

import { Graph } from "@dagrejs/dagre";

const SVG = "http://www.w3.org/2000/svg";
const MARGIN = 12;
const BETWEEN_BOXES = 12;

export type Point = { x: number; y: number };

export function drawn(name: string, attributes: Record<string, string>, ...children: (Node | string)[]): SVGElement {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** A smooth way through points, straight at both ends. */
export function way(points: Point[]): string {
  const [first, ...rest] = points;
  const last = rest.pop();
  if (first === undefined || last === undefined) return "";
  let path = `M${first.x},${first.y}`;
  rest.forEach((point, index) => {
    const next = rest[index + 1] ?? last;
    const end = index + 1 < rest.length ? { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 } : last;
    path += `Q${point.x},${point.y} ${end.x},${end.y}`;
  });
  return rest.length === 0 ? `${path}L${last.x},${last.y}` : path;
}

/** An empty graph whose layers follow the direction of reading. */
export function layers(rtl: boolean, between: number): Graph {
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: rtl ? "RL" : "LR", nodesep: BETWEEN_BOXES, ranksep: between, marginx: MARGIN, marginy: MARGIN });
  graph.setDefaultEdgeLabel(() => ({}));
  return graph;
}

/** Width and height of a graph that was laid out. */
export function size(graph: Graph): { width: number; height: number } {
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  return { width, height };
}
