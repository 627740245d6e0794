// An answer as a picture: what it names in boxes, and an arrow for what joins two of them.

import { layout } from "@dagrejs/dagre";
import type { Answer, Engine, Term } from "./answers";
import { drawn, layers, type Point, size, way } from "./drawing";
import { make, type Messages, say } from "./page";
import { pageOf, type Site } from "./results";

const MOST_BOXES = 50;
const MOST_ARROWS = 100;
const LONGEST = 28;
const MOST_LINES = 3;
const BETWEEN_LAYERS = 48;
const LINE = 22;
const AROUND_LINES = 12;
const BESIDE_TEXT = 22;
const JOINING = /^(?:p|predicate|property|relation|relationship)$/i;
const PLAIN = /^[^\x00-\x20<>"{}|^`\\]+$/;
const NAMES = ["https://schema.org/name", "http://www.w3.org/2004/02/skos/core#prefLabel", "http://www.w3.org/2000/01/rdf-schema#label"];

/** How one thing is joined to another: by a property, or by the variable that names it. */
interface Arrow {
  source: string;
  target: string;
  by: Set<Term | string>;
}

export interface Drawing {
  boxes: Map<string, Term>;
  arrows: Map<string, Arrow>;
  /** How many joins the picture has no room for. */
  left: number;
}

interface Name {
  text: string;
  language: string;
}

function thing(term: Term | null): term is Term {
  return term !== null && (term.type === "iri" || term.type === "blank");
}

/** What joins two things: in a graph its triples, in a row its first thing and each other one. */
function* joins(answer: Answer): Generator<[Term, Term | string, Term]> {
  if (answer.kind === "graph") {
    for (const [subject, predicate, object] of answer.triples) if (thing(object)) yield [subject, predicate, object];
  } else if (answer.kind === "solutions") {
    for (const row of answer.rows) {
      let first: Term | null = null;
      let by: Term | null = null;
      for (const [index, term] of row.entries()) {
        const name = answer.variables[index] ?? "";
        if (!thing(term)) continue;
        if (first === null) first = term;
        else if (JOINING.test(name) && by === null && row.slice(index + 1).some(thing)) by = term;
        else {
          yield [first, by ?? `?${name}`, term];
          by = null;
        }
      }
    }
  }
}

/** What there is to draw of an answer; `null` where nothing in it is joined. */
export function drawing(answer: Answer): Drawing | null {
  const found: Drawing = { boxes: new Map(), arrows: new Map(), left: 0 };
  for (const [source, by, target] of joins(answer)) {
    const [from, to] = [source, target].map((term) => `${term.type} ${term.value}`) as [string, string];
    const key = `${from} ${to}`;
    const known = found.arrows.get(key);
    if (known !== undefined) {
      if (![...known.by].some((each) => short(each) === short(by))) known.by.add(by);
      continue;
    }
    const added = new Set([from, to].filter((each) => !found.boxes.has(each))).size;
    if (found.arrows.size === MOST_ARROWS || found.boxes.size + added > MOST_BOXES) {
      found.left += 1;
      continue;
    }
    found.boxes.set(from, source);
    found.boxes.set(to, target);
    found.arrows.set(key, { source: from, target: to, by: new Set([by]) });
  }
  return found.arrows.size === 0 ? null : found;
}

function short(named: Term | string): string {
  if (typeof named === "string") return named;
  if (named.type !== "iri") return `_:${named.value}`;
  return named.value.replace(/[#/]+$/, "").replace(/^.*[#/]/, "") || named.value;
}

/** The names of IRIs in the first of some languages that they have one in. */
async function names(engine: Engine, iris: string[], languages: string[]): Promise<Map<string, Name>> {
  const found = new Map<string, Name>();
  const asked = [...new Set(iris)].filter((iri) => PLAIN.test(iri)).map((iri) => `<${iri}>`);
  const query = `SELECT ?x ?name { VALUES ?x { ${asked.join(" ")} } VALUES ?p { ${NAMES.map((iri) => `<${iri}>`).join(" ")} } ?x ?p ?name }`;
  const { answer } = await engine.ask(query);
  const rank = (language: string): number => (languages.indexOf(language) + languages.length + 1) % (languages.length + 1);
  for (const [node, name] of answer.kind === "solutions" ? answer.rows : []) {
    if (node?.type !== "iri" || name?.type !== "literal") continue;
    const language = name.language ?? "";
    const known = found.get(node.value);
    if (known === undefined || rank(language) < rank(known.language)) found.set(node.value, { text: name.value, language });
  }
  return found;
}

function cut(text: string): string {
  const letters = [...text];
  return letters.length > LONGEST ? `${letters.slice(0, LONGEST - 1).join("")}…` : text;
}

/** A name in lines, broken between words; what there is no room for is left out. */
function lines(text: string): string[] {
  const found: string[] = [];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const before = found.at(-1);
    if (before !== undefined && [...before, ...word].length < LONGEST) found.push(`${found.pop()} ${word}`);
    else if (found.length < MOST_LINES) found.push(cut(word));
    else {
      found.push(cut(`${found.pop()} ${word}`).replace(/…?$/, "…"));
      break;
    }
  }
  return found;
}

/** The width of a text in pixels, as the style sheet of pictures shows it. */
function measure(): (text: string, pixels: number) => number {
  const canvas = document.createElement("canvas").getContext("2d")!;
  const family = getComputedStyle(document.body).fontFamily;
  return (text, pixels) => {
    canvas.font = `${pixels}px ${family}`;
    return canvas.measureText(text).width;
  };
}

function text(content: string, at: Point, language: string, className: string): SVGElement {
  const direction = /^(?:ar|fa|he|ur)\b/.test(language) ? "rtl" : "ltr";
  const place = { x: `${at.x}`, y: `${at.y}`, "text-anchor": "middle", "dominant-baseline": "central" };
  return drawn("text", { ...place, direction, lang: language, class: className }, content);
}

/** The picture of an answer, its things under the names that they have in the data. */
export async function picture(
  found: Drawing,
  engine: Engine,
  site: Site,
  messages: Messages,
): Promise<HTMLElement> {
  const { boxes, arrows } = found;
  const by = [...arrows.values()].flatMap((each) => [...each.by]).filter((each) => typeof each !== "string");
  const iris = [...boxes.values(), ...by].filter((term) => term.type === "iri").map((term) => term.value);
  const known = await names(engine, iris, [site.language, ...site.languages.filter((each) => each !== site.language)]);
  const named = (each: Term | string): Name => (typeof each === "string" ? undefined : known.get(each.value)) ?? { text: short(each), language: "" };
  const width = measure();
  const rtl = getComputedStyle(document.body).direction === "rtl";
  const graph = layers(rtl, BETWEEN_LAYERS);
  for (const [key, term] of boxes) {
    const shown = lines(named(term).text);
    const widest = Math.max(...shown.map((each) => width(each, 17)));
    graph.setNode(key, { width: widest + BESIDE_TEXT, height: shown.length * LINE + AROUND_LINES });
  }
  const words = new Map([...arrows].map(([key, each]) => [key, [...each.by].map(named)]));
  for (const [key, { source, target }] of arrows) {
    const label = words.get(key)!.map((each) => each.text).join(" · ");
    graph.setEdge(source, target, { width: width(cut(label), 14) + 10, height: 20, labelpos: "c" }, key);
  }
  layout(graph);
  const whole = size(graph);
  const title = say(messages, "drawn", { boxes: boxes.size, arrows: arrows.size });
  const tip = drawn("marker", { id: "answer-tip", class: "tip", viewBox: "0 0 10 10", refX: "9", refY: "5", markerWidth: "9", markerHeight: "9", markerUnits: "userSpaceOnUse", orient: "auto" }, drawn("path", { d: "M0,0L10,5L0,10L3,5z" }));
  const svg = drawn("svg", { viewBox: `0 0 ${whole.width} ${whole.height}`, width: `${whole.width}`, height: `${whole.height}`, role: "group", "aria-label": title }, drawn("defs", {}, tip));
  for (const [key, { source, target }] of arrows) {
    const edge = graph.edge({ v: source, w: target, name: key }) as Point & { points: Point[] };
    const label = words.get(key)!;
    const said = label.map((each) => each.text).join(" · ");
    const told = drawn("title", {}, `${named(boxes.get(source)!).text} – ${said} – ${named(boxes.get(target)!).text}`);
    svg.append(drawn("path", { class: "arrow", d: way(edge.points), "marker-end": "url(#answer-tip)" }, told));
    svg.append(text(cut(said), edge, label[0]?.language ?? "", "by"));
  }
  for (const [key, term] of boxes) {
    const { x, y, width: wide, height } = graph.node(key) as Point & { width: number; height: number };
    const name = named(term);
    const shown = lines(name.text);
    const href = term.type === "iri" ? pageOf(term.value, site) : null;
    const attributes = { class: "box", "aria-label": shown.join(" "), ...(name.language === "" ? {} : { lang: name.language }) };
    const box = href === null ? drawn("g", { ...attributes, role: "img" }) : drawn("a", { ...attributes, href });
    box.append(drawn("rect", { x: `${x - wide / 2}`, y: `${y - height / 2}`, width: `${wide}`, height: `${height}`, rx: "3" }));
    shown.forEach((each, line) => box.append(" ", text(each, { x, y: y + (line - (shown.length - 1) / 2) * LINE }, name.language, "")));
    if (href === null) box.append(drawn("title", {}, term.type === "iri" ? term.value : `_:${term.value}`));
    svg.append(box);
  }
  const region = make("div", { class: "network-picture", tabindex: "0", role: "region", "aria-label": say(messages, "answer") });
  region.append(svg);
  const caption = make("figcaption", {}, title);
  if (found.left > 0) caption.append(" ", say(messages, "undrawn", { arrows: found.left }));
  return make("figure", { class: "network drawn-answer" }, region, caption);
}
