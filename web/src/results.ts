// Answers as HTML: a table with links to the pages of what it names, or a word.

import type { Answer, Term } from "./answers";
import { make, type Messages, say } from "./page";

const SHOWN = 1000;
const SLUG = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const RESERVED = /^(?:con|prn|aux|nul|index|(?:com|lpt)[0-9])$/;
const LINKED = /^(?:https?:\/\/|mailto:)\S+$/i;

export interface Site {
  /** Base IRI of the project. */
  base: string;
  /** Path from the page to the root of the site. */
  root: string;
  language: string;
  /** The languages of the site, in the order in which they stand in for one another. */
  languages: string[];
}

/** The page of an entity or a concept; `null` for any other IRI. */
export function pageOf(iri: string, site: Site): string | null {
  for (const [space, folder] of [["id/", "doc"], ["concept/", "concept"]] as const) {
    const local = iri.startsWith(site.base + space) ? iri.slice(site.base.length + space.length) : "";
    if (local.length <= 100 && SLUG.test(local) && !RESERVED.test(local)) {
      return `${site.root}${site.language}/${folder}/${local}.html`;
    }
  }
  return null;
}

function cell(term: Term | null, site: Site): Node {
  if (term === null) return document.createTextNode("");
  if (term.type === "iri") {
    const page = pageOf(term.value, site);
    const short = term.value.startsWith(site.base) ? term.value.slice(site.base.length) : term.value;
    const name = make("code", { dir: "ltr" }, short);
    if (page !== null) return make("a", { href: page }, name);
    return LINKED.test(term.value) ? make("a", { href: term.value, rel: "external" }, name) : name;
  }
  if (term.type !== "literal") return make("code", { dir: "ltr" }, term.type === "blank" ? `_:${term.value}` : term.value);
  return term.language ? make("bdi", { lang: term.language }, term.value) : make("bdi", {}, term.value);
}

export function shown(answer: Answer, site: Site, messages: Messages): HTMLElement {
  if (answer.kind === "boolean") return make("p", { class: "answer" }, say(messages, answer.value ? "yes" : "no"));
  const rows = answer.kind === "graph" ? answer.triples : answer.rows;
  const names = answer.kind === "graph" ? ["subject", "predicate", "object"].map((name) => say(messages, name)) : answer.variables;
  const body = make("tbody");
  for (const row of rows.slice(0, SHOWN)) {
    body.append(make("tr", {}, ...row.map((term) => make("td", {}, cell(term, site)))));
  }
  const head = make("tr", {}, ...names.map((name) => make("th", answer.kind === "graph" ? { scope: "col" } : { scope: "col", dir: "ltr" }, name)));
  const count = rows.length;
  const caption = count > SHOWN ? say(messages, "first", { shown: SHOWN, rows: count }) : say(messages, "rows", { rows: count });
  const table = make("table", {}, make("caption", {}, caption), make("thead", {}, head), body);
  return make("div", { class: "answer-table", tabindex: "0", role: "region", "aria-label": say(messages, "answer") }, table);
}
