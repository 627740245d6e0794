// Lets readers explore the picture of a network: find a name, leave out kinds of relation, and
// draw in the network of a neighbour, which is read from that neighbour's own page. The picture
// stays the SVG of the page, with its links, its words and its style sheet.

import { layout } from "@dagrejs/dagre";
import { drawn, layers, type Point, size, way } from "./drawing";
import { make, type Messages, say } from "./page";

const BETWEEN_LAYERS = 96;

interface Box {
  element: SVGGraphicsElement;
  name: string;
  href: string | null;
  x: number;
  y: number;
  width: number;
  height: number;
}

interface Arrow {
  element: SVGPathElement;
  kind: string;
  source: string;
  target: string;
}

class Explorer {
  private readonly svg: SVGSVGElement;
  private readonly messages: Messages;
  private readonly legend: HTMLElement;
  private readonly centre: string;
  private readonly boxes = new Map<string, Box>();
  private readonly arrows: Arrow[] = [];
  private readonly hidden = new Set<string>();
  private readonly opened = new Set<string>();
  private readonly status = make("span", { role: "status" });
  private readonly search = make("input", { type: "search", dir: "auto" });
  private readonly rtl: boolean;

  constructor(private readonly figure: HTMLElement) {
    this.svg = figure.querySelector<SVGSVGElement>(".network-picture > svg")!;
    this.legend = figure.querySelector<HTMLElement>(".network-legend")!;
    this.messages = JSON.parse(figure.dataset.messages ?? "{}") as Messages;
    this.centre = figure.dataset.centre ?? "";
    this.rtl = getComputedStyle(figure).direction === "rtl";
    this.opened.add(this.centre);
    this.take(figure, document.baseURI);
    this.tools();
    for (const item of this.legend.querySelectorAll("li")) this.filter(item);
    this.offer();
    figure.dataset.ready = "";
  }

  /** Take over what a figure shows and this one does not show yet. */
  private take(figure: HTMLElement, address: string): number {
    let added = 0;
    const group = this.svg.querySelector(".arrows")!;
    for (const each of figure.querySelectorAll<SVGGraphicsElement>(".box")) {
      const iri = each.dataset.iri ?? "";
      const rect = each.querySelector("rect");
      if (this.boxes.has(iri) || rect === null) continue;
      const foreign = each.ownerDocument !== document;
      const element = foreign ? document.importNode(each, true) : each;
      const link = each.getAttribute("href");
      const href = link === null ? null : new URL(link, address).href;
      if (href !== null) element.setAttribute("href", href);
      const [x, y, width, height] = ["x", "y", "width", "height"].map((name) => Number(rect.getAttribute(name))) as [number, number, number, number];
      this.boxes.set(iri, { element, name: each.getAttribute("aria-label") ?? "", href, x: x + width / 2, y: y + height / 2, width, height });
      if (foreign) this.svg.append(element);
      added += 1;
    }
    const known = new Set(this.arrows.map((each) => this.key(each.element)));
    for (const each of figure.querySelectorAll<SVGPathElement>(".arrows > .arrow")) {
      if (known.has(this.key(each))) continue;
      const foreign = each.ownerDocument !== document;
      const element = foreign ? document.importNode(each, true) : each;
      const { source = "", target = "", kind = "" } = each.dataset;
      element.setAttribute("marker-end", `url(#${this.figure.id}-${kind})`);
      this.arrows.push({ element, kind, source, target });
      if (foreign) group.append(element);
    }
    if (figure !== this.figure) this.learn(figure);
    return added;
  }

  private key(arrow: SVGElement): string {
    const { source, target, kind, node } = arrow.dataset;
    return [source, target, kind, node].join(" ");
  }

  /** Take over the kinds of relation that the legend does not have yet. */
  private learn(figure: HTMLElement): void {
    for (const item of figure.querySelectorAll<HTMLElement>(".network-legend > li")) {
      const kind = item.dataset.kind ?? "";
      if (this.legend.querySelector(`[data-kind="${CSS.escape(kind)}"]`)) continue;
      const marker = figure.querySelector(`marker.${CSS.escape(kind)}`);
      if (marker !== null) {
        const own = document.importNode(marker, true);
        own.id = `${this.figure.id}-${kind}`;
        this.svg.querySelector("defs")!.append(own);
      }
      const own = document.importNode(item, true);
      own.querySelector("path")?.setAttribute("marker-end", `url(#${this.figure.id}-${kind})`);
      this.legend.append(own);
      this.filter(own);
    }
  }

  private tools(): void {
    const reset = make("button", { type: "button" }, say(this.messages, "reset"));
    reset.addEventListener("click", () => location.reload());
    const label = make("label", {}, say(this.messages, "find"), " ", this.search);
    this.search.addEventListener("input", () => this.mark());
    this.search.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      const first = this.svg.querySelector<SVGElement>(".box.found");
      first?.focus();
    });
    this.figure.querySelector(".network-tools")!.append(label, " ", reset, " ", this.status);
  }

  /** Make a line of the legend a switch for its kind of relation. */
  private filter(item: HTMLElement): void {
    const kind = item.dataset.kind ?? "";
    const box = make("input", { type: "checkbox", checked: "" });
    box.addEventListener("change", () => {
      if (box.checked) this.hidden.delete(kind);
      else this.hidden.add(kind);
      this.draw();
    });
    const label = make("label", {}, box);
    label.append(...item.childNodes);
    item.append(label);
  }

  private mark(): void {
    const wanted = this.search.value.trim().toLocaleLowerCase();
    let found = 0;
    for (const { element, name } of this.boxes.values()) {
      const hit = wanted !== "" && name.toLocaleLowerCase().includes(wanted) && element.isConnected;
      element.classList.toggle("found", hit);
      element.classList.toggle("other", wanted !== "" && !hit);
      if (hit) found += 1;
    }
    this.status.textContent = wanted === "" ? "" : say(this.messages, "found", { count: found });
  }

  /** Give every neighbour with a page a button that draws in its network. */
  private offer(): void {
    for (const [iri, box] of this.boxes) {
      box.element.parentNode?.querySelector(`.more[data-iri="${CSS.escape(iri)}"]`)?.remove();
      if (this.opened.has(iri) || box.href === null || !box.element.isConnected) continue;
      const words = say(this.messages, "expand", { name: box.name });
      const button = drawn("g", { class: "more", role: "button", tabindex: "0", "aria-label": words, "data-iri": iri });
      const x = box.x + (this.rtl ? -1 : 1) * (box.width / 2 - 1);
      const y = box.y - box.height / 2 + 1;
      const title = drawn("title", {});
      title.textContent = words;
      button.append(title, drawn("circle", { cx: `${x}`, cy: `${y}`, r: "11" }), drawn("path", { d: `M${x - 5},${y}h10M${x},${y - 5}v10` }));
      button.addEventListener("click", () => void this.open(iri));
      button.addEventListener("keydown", (event) => {
        const { key } = event as KeyboardEvent;
        if (key !== "Enter" && key !== " ") return;
        event.preventDefault();
        void this.open(iri);
      });
      box.element.after(button);
    }
  }

  private async open(iri: string): Promise<void> {
    const box = this.boxes.get(iri);
    if (box === undefined || box.href === null || this.opened.has(iri)) return;
    this.opened.add(iri);
    const response = await fetch(box.href);
    const parsed = response.ok ? new DOMParser().parseFromString(await response.text(), "text/html") : null;
    const figure = parsed?.querySelector<HTMLElement>("figure.network") ?? null;
    const added = figure === null ? 0 : this.take(figure, box.href);
    this.draw();
    this.status.textContent = say(this.messages, "added", { count: added, name: box.name });
    box.element.focus();
  }

  /** Lay out and draw what is not left out. */
  private draw(): void {
    const graph = layers(this.rtl, BETWEEN_LAYERS);
    const arrows = this.arrows.filter((each) => !this.hidden.has(each.kind));
    const near = this.reached(arrows);
    for (const [iri, box] of this.boxes) {
      box.element.toggleAttribute("hidden", !near.has(iri));
      if (near.has(iri)) {
        if (!box.element.isConnected) this.svg.append(box.element);
        graph.setNode(iri, { width: box.width, height: box.height });
      } else box.element.remove();
    }
    const visible = arrows.filter((each) => near.has(each.source) && near.has(each.target));
    for (const each of this.arrows) each.element.toggleAttribute("hidden", !visible.includes(each));
    visible.forEach((each, index) => graph.setEdge(each.source, each.target, {}, String(index)));
    layout(graph);
    const { width, height } = size(graph);
    for (const [name, value] of Object.entries({ viewBox: `0 0 ${width} ${height}`, width: `${width}`, height: `${height}` })) {
      this.svg.setAttribute(name, value);
    }
    const { whole, broad } = this.figure.dataset;
    this.figure.classList.toggle("whole", height <= Number(whole));
    this.figure.classList.toggle("broad", width > Number(broad));
    for (const iri of near) this.move(this.boxes.get(iri)!, graph.node(iri) as Point);
    visible.forEach((each, index) => {
      const edge = graph.edge({ v: each.source, w: each.target, name: String(index) }) as { points: Point[] };
      each.element.setAttribute("d", way(edge.points));
    });
    for (const button of this.svg.querySelectorAll(".more")) button.remove();
    this.offer();
    this.mark();
  }

  /** What the arrows lead to from the centre, whichever way they point. */
  private reached(arrows: Arrow[]): Set<string> {
    const found = new Set([this.centre]);
    for (let before = 0; before < found.size; ) {
      before = found.size;
      for (const { source, target } of arrows) {
        if (found.has(source) && this.boxes.has(target)) found.add(target);
        if (found.has(target) && this.boxes.has(source)) found.add(source);
      }
    }
    return found;
  }

  private move(box: Box, to: Point): void {
    const [dx, dy] = [to.x - box.x, to.y - box.y];
    box.x = to.x;
    box.y = to.y;
    for (const each of box.element.querySelectorAll("rect, text")) {
      each.setAttribute("x", String(Number(each.getAttribute("x")) + dx));
      each.setAttribute("y", String(Number(each.getAttribute("y")) + dy));
    }
  }
}

for (const figure of document.querySelectorAll<HTMLElement>("figure.network")) new Explorer(figure);
