// Search in the language of the page, over the index that Pagefind made when the site was built.

import { make, type Place, place, say } from "./page";
import { forms } from "./arabic";

interface Found {
  url: string;
  excerpt: string;
  meta: Record<string, string>;
}

interface Result {
  id: string;
  score: number;
  data(): Promise<Found>;
}

interface Pagefind {
  options(options: Record<string, unknown>): Promise<void>;
  init(): Promise<void>;
  search(term: string): Promise<{ results: Result[] }>;
}

const SHOWN = 20;
const WORDS = 8;

/** Every page that holds each of the words in any of its forms, best first. */
async function find(pagefind: Pagefind, text: string): Promise<Result[]> {
  const words = text.trim().split(/\s+/).filter(Boolean).slice(0, WORDS);
  let found: Map<string, Result> | null = null;
  for (const word of words) {
    const pages = new Map<string, Result>();
    for (const form of forms(word)) {
      for (const result of (await pagefind.search(form)).results) {
        const known = pages.get(result.id);
        if (known === undefined || known.score < result.score) pages.set(result.id, result);
      }
    }
    const before: Map<string, Result> | null = found;
    if (before === null) found = pages;
    else {
      for (const [id, result] of before) {
        const also = pages.get(id);
        if (also === undefined) before.delete(id);
        else before.set(id, { ...result, score: result.score + also.score, data: () => result.data() });
      }
    }
  }
  return [...(found?.values() ?? [])].sort((one, other) => other.score - one.score);
}

/** An excerpt with its marked words; every other tag is text. */
function excerpt(html: string): HTMLElement {
  const paragraph = make("p", { dir: "auto" });
  const parsed = new DOMParser().parseFromString(html, "text/html");
  for (const node of parsed.body.childNodes) {
    const text = node.textContent ?? "";
    paragraph.append(node.nodeName === "MARK" ? make("mark", {}, text) : text);
  }
  return paragraph;
}

async function start(here: Place): Promise<void> {
  const { element, messages } = here;
  const input = make("input", { type: "search", id: "search-text", autocomplete: "off", dir: "auto" });
  const status = make("p", { role: "status" });
  const list = make("ol", { class: "search-results" });
  const form = make("form", { role: "search" }, make("label", { for: "search-text" }, say(messages, "label")), " ", input);
  element.replaceChildren(form, status, list);
  const bundle = new URL(`${here.root}pagefind/`, document.baseURI).href;
  const pagefind = (await import(/* @vite-ignore */ `${bundle}pagefind.js`)) as Pagefind;
  await pagefind.options({ bundlePath: bundle, baseUrl: new URL(here.root, document.baseURI).pathname });
  await pagefind.init();

  let last = 0;
  const search = async (): Promise<void> => {
    const text = input.value;
    const mine = ++last;
    if (text.trim() === "") {
      list.replaceChildren();
      status.textContent = "";
      return;
    }
    const results = await find(pagefind, text);
    const pages = await Promise.all(results.slice(0, SHOWN).map((each) => each.data()));
    if (mine !== last) return;
    list.replaceChildren(
      ...pages.map((page) => {
        const link = make("a", { href: page.url, dir: "auto" }, page.meta.title ?? page.url);
        return make("li", {}, link, excerpt(page.excerpt));
      }),
    );
    status.textContent = results.length === 0 ? say(messages, "nothing", { text }) : say(messages, "found", { pages: results.length });
  };
  let timer = 0;
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(search, 200);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void search();
  });
  input.value = new URLSearchParams(location.search).get("q") ?? "";
  element.dataset.ready = "";
  if (input.value !== "") await search();
}

const here = place("search");
if (here !== null) {
  const lists = here.element.querySelectorAll("ul");
  start(here).catch((error: unknown) => {
    console.warn(error);
    here.element.replaceChildren(make("p", { role: "alert" }, say(here.messages, "missing")), ...lists);
  });
}
