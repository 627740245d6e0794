// Evaluates queries over the published dump, in a thread of its own that the page can end.

import init, { Store } from "oxigraph/web.js";
import wasm from "oxigraph/web_bg.wasm?url";
import type { Answer, Reply, Request, Term, Triple } from "./answers";

interface RdfQuad {
  subject: RdfTerm;
  predicate: RdfTerm;
  object: RdfTerm;
  toString(): string;
}

interface RdfTerm {
  termType: string;
  value: string;
  language?: string;
  datatype?: { value: string };
  toString(): string;
}

const XSD_STRING = "http://www.w3.org/2001/XMLSchema#string";
// The default graph of every query is the union of all graphs, each triple once, as it is for
// `mezan query`; an RDF merge made once is also what GROUP BY and COUNT need.
const MERGE = "INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }";

let store: Store | null = null;

function post(reply: Reply): void {
  self.postMessage(reply);
}

async function load(dump: string): Promise<void> {
  const [response] = await Promise.all([fetch(dump), init({ module_or_path: new URL(wasm, import.meta.url) })]);
  if (!response.ok) throw new Error(`${dump}: ${response.status} ${response.statusText}`);
  const loaded = new Store();
  loaded.load(await response.text(), { format: "application/n-quads", no_transaction: true });
  const quads = loaded.size;
  loaded.update(MERGE);
  store = loaded;
  post({ is: "loaded", quads });
}

function told(term: RdfTerm): Term {
  if (term.termType === "NamedNode") return { type: "iri", value: term.value };
  if (term.termType === "BlankNode") return { type: "blank", value: term.value };
  if (term.termType !== "Literal") return { type: "triple", value: term.toString() };
  const found: Term = { type: "literal", value: term.value };
  if (term.language) found.language = term.language;
  else if (term.datatype && term.datatype.value !== XSD_STRING) found.datatype = term.datatype.value;
  return found;
}

function ask(query: string): Answer {
  const answer: unknown = store!.query(query);
  if (typeof answer === "boolean") return { kind: "boolean", value: answer };
  const items = answer as (Map<string, RdfTerm> | RdfQuad)[];
  if (items.length > 0 && !(items[0] instanceof Map)) return graph(items as RdfQuad[]);
  // What an answer without rows is only its text says; and the order of the variables too.
  let head: { head: { vars?: string[] } };
  try {
    head = JSON.parse(store!.query(query, { results_format: "json" }) as string) as typeof head;
  } catch (error) {
    if (items.length > 0) throw error;
    return graph([]);
  }
  const variables = head.head.vars ?? [];
  const rows = (items as Map<string, RdfTerm>[]).map((row) => variables.map((name) => bound(row.get(name))));
  return { kind: "solutions", variables, rows };
}

function bound(term: RdfTerm | undefined): Term | null {
  return term === undefined ? null : told(term);
}

function graph(quads: RdfQuad[]): Answer {
  // Each solution gives its triples, whether or not another one has given them.
  const once = new Map(quads.map((quad) => [quad.toString(), quad]));
  const triples = [...once.values()].map(({ subject, predicate, object }): Triple => [told(subject), told(predicate), told(object)]);
  return { kind: "graph", triples };
}

self.onmessage = async (event: MessageEvent<Request>): Promise<void> => {
  const request = event.data;
  try {
    if (request.do === "load") {
      await load(request.dump);
    } else if (request.do === "ask") {
      const begin = performance.now();
      const answer = ask(request.query);
      post({ is: "answer", id: request.id, answer, milliseconds: performance.now() - begin });
    } else {
      const text = store!.query(request.query, { results_format: request.format }) as string;
      post({ is: "written", id: request.id, text });
    }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    post({ is: "error", id: request.do === "load" ? null : request.id, message });
  }
};
